package fulfil_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/web/storefront/purchase"
)

// dear opens a wish under the policy that asks for deposits, with the gateway's way back.
func dear(t *testing.T, kind bid.Kind) (*world, market.WishID) {
	t.Helper()
	w := open(t)
	w.Clock.Set(time.Date(2027, time.March, 3, 10, 0, 0, 0, bizday.Seoul()))
	purchase.Routes(w.mux, purchase.Deps{Frame: w.f, DB: w.DB, Checkout: w.Checkout, Fund: w.Fund, Deposits: w.Deposits,
		PayOrigins: []string{"http://sandbox"}})
	return w, w.wish(kind)
}

// large is an offer of 228,000 won at least, which asks for a deposit of 11,400.
func (w *world) large(act string) []string {
	x := w.offer("19,000")
	x[1], x[5] = act, "12"
	return x
}

// newest is the last attempt to pay a deposit.
func (w *world) newest() payment.Payment {
	w.T.Helper()
	id, err := db.One(w.Ctx, w.DB, db.Scalar[market.PaymentID],
		`SELECT id FROM payment WHERE purpose = 'deposit' ORDER BY id DESC LIMIT 1`)
	w.Must(err)
	p, err := payment.Find(w.Ctx, w.DB, id)
	w.Must(err)
	return p
}

// approved is the address at which the gateway sends a payer back who said yes.
func (w *world) approved(p payment.Payment) string {
	w.T.Helper()
	key, err := w.Client.Authorize(w.Ctx, gateway.AuthorizeRequest{CheckoutKey: p.CheckoutKey,
		Instrument: gateway.InstrumentOK})
	w.Must(err)
	return "/pay/" + string(p.ID) + "/return?" + url.Values{"paymentKey": {key}, "orderId": {string(p.ID)},
		"amount": {strconv.FormatInt(p.Amount, 10)}}.Encode()
}

// TestAnOfferLeadsToItsDepositAndBack: refused with the sum, led to the gateway, back to all that was typed, and made.
func TestAnOfferLeadsToItsDepositAndBack(t *testing.T) {
	w, id := dear(t, bid.InTheOpen)
	at, b := "/office/wanted/"+string(id), w.owner(potter)
	want(t, "the rule", b.Get(at), 200, "200,000원 이상이면 그 금액의 5%", "5,000원", "300,000원")
	want(t, "tried", b.Post(at+"/preview", w.large("place")...), 200, "보증금 11,400원을 넣으면", `value="deposit"`)
	want(t, "refused", b.Post(at, w.large("place")...), 409, "11,400원", `value="deposit"`, `value="19,000"`)
	want(t, "a small one", w.owner(other).Post(at, w.offer("20,000")...), 303)
	want(t, "a stranger's", w.as(apptest.Staff(potter, "").AccountID).Post(at, w.large("deposit")...), 403)
	for range 2 { // the second press is the first
		if got := b.Post(at, w.large("deposit")...); got.Status != 303 || got.Location != w.newest().CheckoutURL {
			t.Fatalf("led to %d %q: %s", got.Status, got.Location, got.Body)
		}
	}
	p := w.newest()
	back := w.approved(p)
	want(t, "another's return", w.owner(other).Get(back), 404)
	for range 2 {
		if got := b.Get(back); got.Location != at+"?paid="+string(p.ID) {
			t.Fatalf("back: %d %q %s", got.Status, got.Location, got.Body)
		}
	}
	want(t, "back", b.Get(at+"?paid="+string(p.ID)), 200, "보증금 11,400원을 받았어요", `value="19,000"`, `value="12"`,
		"맡아 둔 보증금")
	if got := w.owner(other).Get(at + "?paid=" + string(p.ID)); got.Status != 200 || got.Has("11,400원을 받았어요") {
		t.Error("another shop reads of it")
	}
	if got := b.Post(at, w.large("place")...); got.Location != at {
		t.Fatalf("offered: %d %s", got.Status, got.Body)
	}
	if got := b.Get(at); strings.Contains(got.Body, `value="deposit"`) {
		t.Error("asked for again")
	}
}

// TestADepositThatIsNotPaid leaves everything as it was typed.
func TestADepositThatIsNotPaid(t *testing.T) {
	w, id := dear(t, bid.Sealed)
	at, b := "/office/wanted/"+string(id), w.owner(potter)
	b.Post(at, w.large("deposit")...)
	p := w.newest()
	got := b.Get("/pay/" + string(p.ID) + "/fail?code=PAY_PROCESS_CANCELED&orderId=" + string(p.ID))
	if got.Location != at+"?paid="+string(p.ID) {
		t.Fatalf("back: %d %q %s", got.Status, got.Location, got.Body)
	}
	want(t, "back", b.Get(got.Location), 200, "보증금을 내지 않았어요", `value="19,000"`)
	want(t, "still refused", b.Post(at, w.large("place")...), 409, `value="deposit"`)
	// A larger sum makes the first page good for nothing.
	x := w.large("deposit")
	x[5] = "20"
	b.Post(at, x...)
	if q := w.newest(); q.ID == p.ID || q.Amount != 19_000 {
		t.Errorf("%+v", q)
	}
	if got := b.Get(w.approved(p)); got.Status != 303 {
		t.Errorf("the first page: %d %s", got.Status, got.Body)
	}
	want(t, "unpaid", b.Get(at+"?paid="+string(p.ID)), 200, "보증금을 내지 않았어요")
	a, err := bid.Find(w.Ctx, w.DB, id)
	w.Must(err)
	back := w.approved(w.newest())
	w.Clock.Set(a.DueAt())
	w.Must(w.Auction.Close(w.Ctx, id))
	got = b.Get(back)
	want(t, "after the close", b.Get(got.Location), 200, "보증금을 내지 않았어요")
}
