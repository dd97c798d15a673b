package money_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
	hooks "github.com/dure-commerce/dure/internal/web/hook"
)

const shop = market.MerchantID("mch_noodle")

// attempt is a payment that a payer has authorised at the gateway's page.
type attempt struct {
	*apptest.World
	order   order.Order
	payment payment.Payment
	key     string
	notices int
}

// opened holds units for a buyer and opens the gateway's page.
func opened(w *apptest.World, n int, d deal.Deal, o deal.Option) *attempt {
	w.T.Helper()
	placed, err := w.Place(apptest.Buyer(n), d, o, 1)
	w.Must(err)
	started, err := w.Checkout.StartPayment(w.Ctx, apptest.Buyer(n), checkout.StartCmd{OrderID: placed.Order.ID,
		Title: "시험"})
	w.Must(err)
	return &attempt{World: w, order: placed.Order, payment: started.Payment}
}

// authorised goes on to the payer's consent; the browser never comes back.
func authorised(w *apptest.World, n int, d deal.Deal, o deal.Option, instrument string) *attempt {
	w.T.Helper()
	a := opened(w, n, d, o)
	a.authorise(instrument)
	return a
}

func (a *attempt) authorise(instrument string) {
	a.T.Helper()
	key, err := a.Client.Authorize(a.Ctx, gateway.AuthorizeRequest{CheckoutKey: a.payment.CheckoutKey,
		Instrument: instrument})
	a.Must(err)
	a.key = key
}

// pay is the payer coming back.
func (a *attempt) pay() error {
	_, err := a.Checkout.Pay(a.Ctx, checkout.PayCmd{PaymentID: a.payment.ID, PaymentKey: a.key})
	return err
}

// captured takes the money by a call whose caller died: nobody of ours knows.
func (a *attempt) captured() {
	a.T.Helper()
	a.Must(a.confirm())
}

func (a *attempt) confirm() error {
	_, err := a.Client.Confirm(a.Ctx, gateway.ConfirmRequest{PaymentKey: a.key, OrderID: string(a.payment.ID),
		Amount: a.payment.Amount, IdempotencyKey: "confirm-" + string(a.payment.ID) + "-" + a.key})
	return err
}

// notice tells of the payment; what it says is one thing, what the gateway answers when asked another.
func (a *attempt) notice(says gateway.Status) {
	a.T.Helper()
	a.notices++
	a.Must(a.Checkout.Notice(a.Ctx, gateway.WebhookEvent{ID: fmt.Sprintf("whk_%s_%d", a.payment.ID, a.notices),
		Kind: gateway.EventPaymentStatusChanged, CreatedAt: a.Clock.Now(), Payment: gateway.Payment{PaymentKey: a.key,
			OrderID: string(a.payment.ID), Status: says}}, []byte("{}")))
}

func (a *attempt) state() order.State {
	a.T.Helper()
	o, err := order.Find(a.Ctx, a.DB, a.order.ID)
	a.Must(err)
	return o.State
}

// theirs is the payment as the gateway has it.
func (a *attempt) theirs() gateway.Payment {
	a.T.Helper()
	p, err := a.Client.LookupByOrder(a.Ctx, string(a.payment.ID))
	a.Must(err)
	return p
}

// sound asks doctor, the gateway's book too; without names, everything.
func sound(w *apptest.World, only ...string) {
	w.T.Helper()
	report, err := doctor.Check(w.Ctx, w.DB, doctor.Options{Gateway: w.Client, Only: only})
	w.Must(err)
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			w.T.Errorf("doctor: %d %s %s %v", f.Invariant, f.Code, f.Row, f.Args)
		}
	}
}

func number(w *apptest.World, text string, args ...any) int64 {
	w.T.Helper()
	n, err := db.One(w.Ctx, w.DB, db.Scalar[int64], text, args...)
	w.Must(err)
	return n
}

// TestNoticesOutOfOrder is F11: the gateway tells of a refund before it tells of the payment, and of the payment again
// long after the refund. What we hold in the end is what the gateway holds, each time.
func TestNoticesOutOfOrder(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		first := authorised(w, 1, d, o, gateway.InstrumentOK) // captured; the first notice that arrives speaks of a refund
		first.captured()
		first.notice(gateway.StatusCanceled)
		w.Work()
		if first.state() != order.Paid || first.theirs().Status != gateway.StatusDone {
			t.Errorf("a refund that never was: %s, at the gateway %s", first.state(), first.theirs().Status)
		}
		first.notice(gateway.StatusDone)
		w.Work()
		_, err := w.Refunds.Cancel(w.Ctx, apptest.Buyer(1), first.order.ID)
		w.Must(err)
		w.Work()
		for _, says := range []gateway.Status{gateway.StatusDone, gateway.StatusCanceled, gateway.StatusDone} {
			first.notice(says)
			w.Pass(time.Minute)
		}
		if first.state() != order.Refunded || first.theirs().Balance != 0 {
			t.Errorf("paid after its refund: %s, %d won left at the gateway", first.state(), first.theirs().Balance)
		}
		if n := number(w, `SELECT count(*) FROM refund WHERE order_id = $1`, string(first.order.ID)); n != 1 {
			t.Errorf("%d refunds", n)
		}
		sound(w)
	})
}

// TestMoneyAfterTheHold is F12: the payer comes when the hold is over. Where units are left the order takes them again;
// where none is, nothing is charged and the payer is told so. Money that was taken, and finds its deal over, is back
// within a minute.
func TestMoneyAfterTheHold(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, func(x *deal.Offer) { x.Capacity, x.Options[0].Quantity, x.Threshold = 2, 2, 1 })
		again, none := opened(w, 1, d, o), opened(w, 2, d, o)
		for range 30 {
			if none.state() != order.Held {
				break
			}
			w.Pass(30 * time.Second)
		}
		if again.state() != order.Lapsed || none.state() != order.Lapsed {
			t.Fatalf("%s, %s", again.state(), none.state())
		}
		again.authorise(gateway.InstrumentOK)
		none.authorise(gateway.InstrumentOK)
		w.Must(again.pay())
		w.Buy(apptest.Buyer(3), d, o, 1) // the last unit
		err := none.pay()
		if again.state() != order.Paid || again.theirs().Balance != again.order.Amount {
			t.Errorf("units were left: %s", again.state())
		}
		if !errors.Is(err, payment.ErrLate) || none.state() == order.Paid || none.theirs().Status.Captured() {
			t.Errorf("no unit was left: %v, %s, %s", err, none.state(), none.theirs().Status)
		}

		d, o = w.OnSale(shop, nil)
		late := authorised(w, 4, d, o, gateway.InstrumentOK)
		_, err = w.Checkout.Begin(w.Ctx, checkout.BeginCmd{PaymentID: late.payment.ID, PaymentKey: late.key})
		w.Must(err)
		late.captured()
		_, err = w.Tipping.Cancel(w.Ctx, apptest.Operator(), d.ID, "재료를 구하지 못했습니다")
		w.Must(err)
		for range 6 {
			w.Pass(10 * time.Second)
		}
		if late.state() == order.Paid || late.theirs().Balance != 0 {
			t.Errorf("the deal was over: %s, %d won are still at the gateway a minute later", late.state(),
				late.theirs().Balance)
		}
		if n := number(w, `SELECT count(*) FROM refund WHERE payment_id = $1 AND cause = $2`, string(late.payment.ID),
			string(payment.CauseLateMoney)); n != 1 {
			t.Errorf("%d refunds of late money", n)
		}
		sound(w, "deals", "limits", "orders", "payments", "refunds", "late_money", "ledger_entries", "ledger_balances",
			"ledger_orders", "deal_money", "events", "jobs", "outside_payments") // two weeks pass without a top-up
	})
}

// TestNoticesAreVerified is F13: a notice that is forged, older than five minutes or altered is refused and logged, and
// leaves nothing; the same notice as it was sent is kept.
func TestNoticesAreVerified(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		a := authorised(w, 1, d, o, gateway.InstrumentOK)
		a.captured()
		var log bytes.Buffer
		mux := http.NewServeMux()
		hooks.Routes(mux, hooks.Deps{Gateway: w.Client, Now: w.Clock.Now, Notice: w.Checkout.Notice,
			Log: slog.New(slog.NewTextHandler(&log, nil))})
		body := func(amount int64) []byte {
			text, err := json.Marshal(map[string]any{"eventType": gateway.EventPaymentStatusChanged,
				"createdAt": w.Clock.Now().Format("2006-01-02T15:04:05.000000"), "data": map[string]any{"paymentKey": a.key,
					"orderId": a.payment.ID, "status": "DONE", "totalAmount": amount, "balanceAmount": amount, "currency": "KRW"}})
			w.Must(err)
			return text
		}
		true1 := body(a.order.Amount)
		send := func(secret string, sent []byte, at time.Time) int {
			r := httptest.NewRequestWithContext(w.Ctx, http.MethodPost, "/hooks/gateway", bytes.NewReader(sent))
			hook.Sign(r.Header, secret, true1, hook.Sent{ID: "whk_f13", At: at, Attempt: 1})
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, r)
			return rec.Code
		}
		now := w.Clock.Now()
		for name, status := range map[string]int{
			"forged":  send("another secret", true1, now),
			"stale":   send(sandbox.DefaultWebhookSecret, true1, now.Add(-5*time.Minute-time.Second)),
			"altered": send(sandbox.DefaultWebhookSecret, body(1), now),
		} {
			if status != http.StatusUnauthorized {
				t.Errorf("%s: %d", name, status)
			}
		}
		w.Work()
		if kept := number(w, `SELECT count(*) FROM payment_webhook`); kept != 0 || a.state() != order.Held {
			t.Errorf("%d notices were kept, the order is %s", kept, a.state())
		}
		if n := strings.Count(log.String(), "notice refused"); n != 3 {
			t.Errorf("%d refusals were logged:\n%s", n, log.String())
		}
		if status := send(sandbox.DefaultWebhookSecret, true1, now); status != http.StatusOK {
			t.Errorf("the true one: %d", status)
		}
		w.Work()
		if a.state() != order.Paid {
			t.Errorf("the order is %s", a.state())
		}
		sound(w)
	})
}

// TestChargedWithoutAnAnswer is F14: the gateway charges, its answer never comes or is an error, and no notice comes
// either. Looking up finds it within ten minutes, without the payer; asking again meanwhile charges nothing twice.
func TestChargedWithoutAnAnswer(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		for n, instrument := range []string{gateway.InstrumentTimeoutCharged, gateway.InstrumentErrorAfterCharge} {
			a := authorised(w, n+1, d, o, instrument)
			_, err := w.Checkout.Begin(w.Ctx, checkout.BeginCmd{PaymentID: a.payment.ID, PaymentKey: a.key})
			w.Must(err)
			if a.confirm() == nil { // and then we died
				t.Fatalf("%s: the answer came", instrument)
			}
			found := time.Duration(0)
			for ; found < 10*time.Minute && a.state() != order.Paid; found += 5 * time.Second {
				w.Pass(5 * time.Second)
			}
			t.Logf("%s: found within %v", instrument, found)
			if a.state() != order.Paid {
				t.Errorf("%s: %s after ten minutes", instrument, a.state())
			}
			if err := a.pay(); err != nil || a.state() != order.Paid {
				t.Errorf("%s: asked again: %v", instrument, err)
			}
			if theirs := a.theirs(); theirs.Amount != a.order.Amount || theirs.Balance != a.order.Amount {
				t.Errorf("%s: at the gateway %d of %d won", instrument, theirs.Balance, theirs.Amount)
			}
		}
		if got := w.Deal(d.ID); got.PaidUnits != 2 || got.HeldUnits != 0 {
			t.Errorf("paid %d, held %d", got.PaidUnits, got.HeldUnits)
		}
		sound(w)
	})
}

// TestHoldsEndBehindPaymentsInDoubt: the gateway does not answer while a crowd pays. Holds of payments that are in
// doubt stay; everybody else's end all the same, and whoever ends them comes to rest.
func TestHoldsEndBehindPaymentsInDoubt(t *testing.T) {
	const inDoubt = 256 // as many as are looked at together
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, func(x *deal.Offer) { x.Capacity, x.Options[0].Quantity = 2*inDoubt, 2*inDoubt })
		var cmds []checkout.PlaceCmd
		for n := range inDoubt + 1 {
			cmds = append(cmds, checkout.PlaceCmd{Actor: apptest.Buyer(n), DealID: d.ID, OptionID: o.ID, Quantity: 1,
				PolicyID: policy.At(w.Clock.Now()).ID, Key: fmt.Sprint("doubt-", n)})
		}
		placed := w.Checkout.PlaceMany(w.Ctx, cmds[:inDoubt])
		w.Clock.Advance(time.Second)
		placed = append(placed, w.Checkout.PlaceMany(w.Ctx, cmds[inDoubt:])...)
		for n, one := range placed {
			w.Must(one.Err)
			if n < inDoubt {
				_, err := w.Checkout.Begin(w.Ctx, checkout.BeginCmd{PaymentID: one.Value.PaymentID,
					PaymentKey: fmt.Sprint("doubt-", n)})
				w.Must(err)
			}
		}
		w.Clock.Advance(time.Hour)
		more, err := w.Checkout.Lapse(w.Ctx)
		w.Must(err)
		if now := w.Deal(d.ID); now.HeldUnits != inDoubt || more {
			w.T.Errorf("%d units are held, %d payments are in doubt; more to do: %v", now.HeldUnits, inDoubt, more)
		}
	})
}
