package fundtest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/web/fund"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/storefront/purchase"
)

// browse gives a browser of somebody on the pages of paying.
func (p *purse) browse(n int) *requesttest.Browser {
	p.T.Helper()
	f := requesttest.Frame(p.T, p.DB)
	f.Base = "http://dure.test"
	mux := http.NewServeMux()
	fund.Routes(mux, fund.Deps{Frame: f, DB: p.DB, Fund: p.Fund})
	purchase.Routes(mux, purchase.Deps{Frame: f, DB: p.DB, Checkout: p.Checkout, Fund: p.Fund})
	b := requesttest.Open(p.T, f, mux)
	b.SignIn(p.DB, apptest.Buyer(n).AccountID)
	return b
}

// last is the newest attempt of the wish.
func (p *purse) last() payment.Payment {
	p.T.Helper()
	id, err := db.One(p.Ctx, p.DB, db.Scalar[market.PaymentID],
		`SELECT id FROM payment WHERE wish_id = $1 ORDER BY id DESC LIMIT 1`, string(p.wish))
	p.Must(err)
	one, err := payment.Find(p.Ctx, p.DB, id)
	p.Must(err)
	return one
}

// approve is the payer's yes on the gateway's page: the address that leads back, and the key in it.
func (p *purse) approve(instrument string) (back, key string) {
	p.T.Helper()
	one := p.last()
	key, err := p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: one.CheckoutKey, Instrument: instrument})
	p.Must(err)
	return "/pay/" + string(one.ID) + "/return?" + url.Values{"paymentKey": {key}, "orderId": {string(one.ID)},
		"amount": {"30000"}}.Encode(), key
}

func led(t *testing.T, a requesttest.Answer) string {
	t.Helper()
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", a.Status, a.Body)
	}
	return a.Header.Get("Location")
}

// TestAMemberPaysByThePages goes the whole way without script: a wrong input, a decline, the payment, the way back
// twice, and the share.
func TestAMemberPaysByThePages(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 1)}, func(p *purse) {
		b, address := p.browse(1), "/w/"+string(p.wish)+"/pay"
		if a := b.Get(address); a.Status != http.StatusOK || !a.Has("주말 도예 수업", "30,000원", "공방 1", "청약철회") {
			t.Errorf("%d: %s", a.Status, a.Body)
		}
		form := func(change ...string) requesttest.Answer {
			return b.Post(address, append([]string{"key", "k", "price", "30000", "quantity", "1", "agree", "on",
				"phone", "01012345678", "postcode", "04790", "line", "서울 성동구 성수이로 18길 7"}, change...)...)
		}
		if a := form(); a.Status != http.StatusUnprocessableEntity || !a.Has("60자까지") {
			t.Errorf("no name: %d", a.Status)
		}
		if to := led(t, form("name", "김손님")); !strings.HasPrefix(to, "http") {
			t.Errorf("led to %s", to)
		}
		back, _ := p.approve(gateway.InstrumentDecline)
		if to := led(t, b.Get(back)); to != "/w/"+string(p.wish)+"/paid" {
			t.Errorf("led to %s", to)
		}
		if a := b.Get("/w/" + string(p.wish) + "/paid"); !a.Has("결제되지 않았어요", "다시 결제하기") {
			t.Errorf("declined: %s", a.Body)
		}
		led(t, form("name", "김손님"))
		back, _ = p.approve(gateway.InstrumentOK)
		if wrong := strings.Replace(back, "30000", "29000", 1); b.Get(wrong).Status == http.StatusSeeOther {
			t.Error("another sum was captured")
		}
		for range 2 {
			led(t, b.Get(back))
			share := "/shares/" + string(p.last().OrderID)
			if to := led(t, b.Get("/w/"+string(p.wish)+"/paid")); to != share {
				t.Errorf("led to %s", to)
			}
			if to := led(t, b.Get(address)); to != share {
				t.Errorf("may pay again: %s", to)
			}
		}
		p.wantWon(1, "30000 0 30000")
		p.Account(apptest.Buyer(99), "지나가는 이")
		if to := led(t, p.browse(99).Get(address)); to != "/w/"+string(p.wish) {
			t.Errorf("a stranger is led to %s", to)
		}
	})
}

// TestAPayerWhoNeverCameBackIsCaptured: the gateway's notice alone brings the money home, once.
func TestAPayerWhoNeverCameBackIsCaptured(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 1)}, func(p *purse) {
		id, key := p.authorize(1, 1, gateway.InstrumentOK)
		for range 2 {
			p.Must(p.ResolvePayment(p.Ctx, event.PaymentJob{PaymentID: id, Key: key}))
		}
		p.wantWon(1, "30000 0 30000")
		p.round()
		p.wantOutcome("fulfilling over 1 enough")
	})
}

// TestEverybodyIsToldOnce: letters to members and the seller, at the beginning, before the end and when the seller
// begins, and none twice.
func TestEverybodyIsToldOnce(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 1)}, func(p *purse) {
		p.all(1, 2)
		p.Clock.Set(p.collect().Until.Add(-2 * fundHours / 48))
		p.Work()
		p.round()
		for _, one := range []struct {
			like string
			want int64
		}{{"%이제 결제할 수 있어요%", crowd}, {"%결제 마감이 가까워요%", 2 * (crowd - 2)}, {"%판매자가 시작했어요%", 2},
			{"%제안이 정해졌어요%", 1}, {"%이제 시작해 주세요%", 1}} {
			n, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT count(*) FROM kit_mail WHERE subject LIKE $1`, one.like)
			p.Must(err)
			if n != one.want {
				t.Errorf("%s: %d letters, not %d", one.like, n, one.want)
			}
		}
		strange, err := db.One(p.Ctx, p.DB, db.Scalar[int64],
			`SELECT count(*) FROM kit_mail WHERE plain LIKE '%.letter.%' OR subject LIKE '%.letter.%'
 OR plain LIKE '%{{%' OR plain LIKE '%<no value>%'`)
		p.Must(err)
		if strange != 0 {
			t.Errorf("%d letters have no words", strange)
		}
	})
}
