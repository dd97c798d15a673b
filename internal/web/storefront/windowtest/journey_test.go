package windowtest

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

var hidden = regexp.MustCompile(`name="(key|terms|option)" value="([^"]*)"`)

// fields reads the hidden values of a form.
func fields(a requesttest.Answer) map[string]string {
	out := map[string]string{}
	for _, m := range hidden.FindAllStringSubmatch(a.Body, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// place walks from the order form to the hold and gives the order's address.
func (w town) place(b *requesttest.Browser, d deal.Deal, quantity string) string {
	w.t.Helper()
	form := b.Get("/d/" + string(d.ID) + "/order")
	if form.Status != 200 || !form.Has("10분 동안 자리 잡기", "안 모이면 전액 돌려드려요.", "따로 보관") {
		w.t.Fatalf("order form: %d %s", form.Status, form.Body)
	}
	f := fields(form)
	a := b.Post("/d/"+string(d.ID)+"/order", "key", f["key"], "terms", f["terms"], "option", f["option"], "quantity",
		quantity, "agree", "on")
	if a.Status != 303 || !strings.HasSuffix(a.Location, "/pay") {
		w.t.Fatalf("hold: %d %s %s", a.Status, a.Location, a.Body)
	}
	again := b.Post("/d/"+string(d.ID)+"/order", "key", f["key"], "terms", f["terms"], "option", f["option"], "quantity",
		quantity, "agree", "on")
	if again.Location != a.Location {
		w.t.Errorf("pressed twice: %s, then %s", a.Location, again.Location)
	}
	return strings.TrimSuffix(a.Location, "/pay")
}

// leave goes to the gateway with an instrument and gives the address of the way back.
func (w town) leave(b *requesttest.Browser, href, instrument string) string {
	w.t.Helper()
	a := b.Post(href + "/pay")
	if a.Status != 303 || !strings.HasPrefix(a.Location, "http://sandbox/") {
		w.t.Fatalf("payment page: %d %s", a.Status, a.Location)
	}
	p := w.last(href)
	key, err := w.Client.Authorize(w.Ctx, gateway.AuthorizeRequest{CheckoutKey: p.CheckoutKey, Instrument: instrument})
	w.Must(err)
	return "/pay/" + string(p.ID) + "/return?paymentKey=" + url.QueryEscape(key) + "&orderId=" + string(p.ID) +
		"&amount=" + strconv.FormatInt(p.Amount, 10)
}

func (w town) last(href string) payment.Payment {
	w.t.Helper()
	list, err := payment.OfOrder(w.Ctx, w.DB, orderID(href))
	w.Must(err)
	return list[len(list)-1]
}

func orderID(href string) market.OrderID { return market.OrderID(strings.TrimPrefix(href, "/o/")) }

func TestFromTheDealToAPaidOrder(t *testing.T) {
	w := open(t)
	d, _ := w.sale(nil)
	w.signIn(w.b, 1)
	href := w.place(w.b, d, "2")
	page := w.b.Get(href + "/pay")
	if page.Status != 200 || !page.Has("39,800원 결제하기", "자리를 잡아 두었어요", "10분 남음") {
		t.Errorf("pay page: %d %s", page.Status, page.Body)
	}
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' http://sandbox") {
		t.Errorf("the form may not lead to the gateway: %s", csp)
	}
	back := w.leave(w.b, href, gateway.InstrumentOK)
	for range 2 { // the way back, taken twice
		if a := w.b.Get(back); a.Status != 303 || a.Location != href+"/done" {
			t.Fatalf("return: %d %s %s", a.Status, a.Location, a.Body)
		}
	}
	done := w.b.Get(href + "/done")
	if done.Status != 200 || !done.Has("함께하고 있어요", "값을 냈어요. 고마워요!", "2명 더 모이면 열려요", `class="bead on mine last"`) {
		t.Fatalf("done: %d %s", done.Status, done.Body)
	}
	if again := w.b.Get(href + "/done"); again.Has("고마워요!") {
		t.Error("joy comes twice")
	}
	if now := w.Deal(d.ID); now.People != 1 || now.PaidUnits != 2 || now.HeldUnits != 0 {
		t.Errorf("counters %+v", now)
	}
	if a := w.b.Get(href + "/pay"); a.Status != 303 || a.Location != href+"/done" {
		t.Errorf("the pay page of a paid order: %d %s", a.Status, a.Location)
	}
	if a := w.b.Post(href + "/pay"); a.Status != 303 || a.Location != href+"/done" {
		t.Errorf("paying again: %d %s", a.Status, a.Location)
	}
}

func TestDeclinedPaymentsMayTryAgainWhileTheHoldLasts(t *testing.T) {
	w := open(t)
	d, _ := w.sale(nil)
	w.signIn(w.b, 1)
	href := w.place(w.b, d, "1")
	w.b.Get(w.leave(w.b, href, gateway.InstrumentDecline))
	done := w.b.Get(href + "/done")
	if !done.Has("결제가 되지 않았어요", "돈은 나가지 않았어요", "다시 결제하기") {
		t.Fatalf("declined: %s", done.Body)
	}
	w.b.Get(w.leave(w.b, href, gateway.InstrumentOK))
	if done := w.b.Get(href + "/done"); !done.Has("함께하고 있어요") {
		t.Fatalf("second try: %s", done.Body)
	}
}

func TestLeavingTheGatewayKeepsTheHold(t *testing.T) {
	w := open(t)
	d, _ := w.sale(nil)
	w.signIn(w.b, 1)
	href := w.place(w.b, d, "1")
	if a := w.b.Post(href + "/pay"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	first := w.last(href)
	for range 2 {
		a := w.b.Get("/pay/" + string(first.ID) + "/fail?code=%3Cscript%3E&message=x")
		if a.Status != 303 || !strings.HasPrefix(a.Location, href+"/pay") {
			t.Fatalf("fail: %d %s", a.Status, a.Location)
		}
	}
	if page := w.b.Get(href + "/pay?stopped=1"); !page.Has("돈은 나가지 않았") || page.Has("<script>") {
		t.Errorf("%s", page.Body)
	}
	if a := w.b.Post(href + "/cancel"); a.Status != 303 || a.Location != "/d/"+string(d.ID) {
		t.Errorf("give up: %d %s", a.Status, a.Location)
	}
	if a := w.b.Get(href + "/done"); !a.Has("자리를 놓았어요") {
		t.Errorf("given up: %s", a.Body)
	}
	if now := w.Deal(d.ID); now.HeldUnits != 0 {
		t.Errorf("held %d", now.HeldUnits)
	}
}

func TestLateMoneyAndLapsedHoldsAreToldApart(t *testing.T) {
	w := open(t)
	d, _ := w.sale(func(o *deal.Offer) { o.Capacity, o.Threshold, o.PerPerson = 1, 1, 1 })
	w.signIn(w.b, 1)
	href := w.place(w.b, d, "1")
	back := w.leave(w.b, href, gateway.InstrumentOK)
	w.Pass(30 * time.Minute)
	if a := w.b.Get(href + "/done"); !a.Has("자리를 잡아 둔 시간이 지났어요", "돈은 나가지 않았어요") {
		t.Errorf("lapsed: %s", a.Body)
	}
	o, _ := deal.Options(w.Ctx, w.DB, d.ID)
	w.Buy(apptest.Buyer(2), d, o[0], 1)
	w.b.Get(back)
	if a := w.b.Get(href + "/done"); !a.Has("결제하지 않았어요", "돈은 나가지 않았어요") {
		t.Errorf("late: %s", a.Body)
	}
}

func TestOtherPeoplesOrdersDoNotExist(t *testing.T) {
	w := open(t)
	d, _ := w.sale(nil)
	w.signIn(w.b, 1)
	href := w.place(w.b, d, "1")
	w.b.Post(href + "/pay")
	attempt := "/pay/" + string(w.last(href).ID)
	other := w.b.Another()
	w.signIn(other, 2)
	for _, address := range []string{href + "/pay", href + "/done", href + "/part", attempt + "/fail",
		attempt + "/return?paymentKey=x&orderId=y&amount=1", "/o/ord_none/pay", "/pay/pay_none/return"} {
		if a := other.Get(address); a.Status != 404 || a.Has("할매손칼국수") {
			t.Errorf("%s: %d", address, a.Status)
		}
	}
	for _, address := range []string{href + "/pay", href + "/cancel"} {
		if a := other.Post(address); a.Status != 404 {
			t.Errorf("POST %s: %d", address, a.Status)
		}
	}
	guest := w.b.Another()
	if a := guest.Get(href + "/pay"); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin?next=") {
		t.Errorf("guest: %d %s", a.Status, a.Location)
	}
	mine := w.last(href)
	forged := attempt + "/return?paymentKey=stolen&orderId=" + string(mine.ID) + "&amount=1"
	if a := w.b.Get(forged); a.Status != 409 || !a.Has("결제하지 않았어요") {
		t.Errorf("another amount: %d", a.Status)
	}
	if p := w.last(href); p.State != payment.Intent {
		t.Errorf("a forged return moved the attempt to %s", p.State)
	}
}

func TestBadInputIsAnsweredBesideItsField(t *testing.T) {
	w := open(t)
	d, o := w.sale(nil)
	w.signIn(w.b, 1)
	f := fields(w.b.Get("/d/" + string(d.ID) + "/order"))
	for name, c := range map[string]struct {
		change map[string]string
		shows  string
		status int
	}{
		"a million":       {map[string]string{"quantity": "1000000"}, "f-quantity-error", 422},
		"beyond int64":    {map[string]string{"quantity": "99999999999999999999"}, "f-quantity-error", 422},
		"none":            {map[string]string{"quantity": "0"}, "f-quantity-error", 422},
		"fewer than none": {map[string]string{"quantity": "-3"}, "f-quantity-error", 422},
		"half":            {map[string]string{"quantity": "1.5"}, "f-quantity-error", 422},
		"words":           {map[string]string{"quantity": "두 장🍜"}, "f-quantity-error", 422},
		"over the limit":  {map[string]string{"quantity": "3"}, "한 사람이 2장까지", 409},
		"foreign option":  {map[string]string{"option": "opt_other"}, "다시 골라 주세요", 422},
		"RTL option":      {map[string]string{"option": "opt_\u202eevil"}, "class=\"errors\"", 422},
		"not agreed":      {map[string]string{"agree": ""}, "f-agree-error", 422},
		"no key":          {map[string]string{"key": ""}, "class=\"errors\"", 422},
		"older terms":     {map[string]string{"terms": "7"}, "내용이 바뀌었어요", 409},
	} {
		values := map[string]string{"key": f["key"], "terms": f["terms"], "option": string(o.ID), "quantity": "1",
			"agree": "on"}
		for k, v := range c.change {
			values[k] = v
		}
		var pairs []string
		for k, v := range values {
			if v != "" {
				pairs = append(pairs, k, v)
			}
		}
		if a := w.b.Post("/d/"+string(d.ID)+"/order", pairs...); a.Status != c.status || !a.Has(c.shows) {
			t.Errorf("%s: %d, without %q", name, a.Status, c.shows)
		}
	}
	if a := w.b.Post("/d/"+string(d.ID)+"/order", "quantity", "1\x00"); a.Status != 422 && a.Status != 400 {
		t.Errorf("NUL: %d", a.Status)
	}
	if now := w.Deal(d.ID); now.HeldUnits != 0 {
		t.Errorf("bad input held %d units", now.HeldUnits)
	}
	list, err := order.ListByAccount(w.Ctx, w.DB, apptest.Buyer(1).AccountID, "", 10)
	if err != nil || len(list) != 0 {
		t.Errorf("%d orders: %v", len(list), err)
	}
}
