package money_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// TestTippingAtTheLastInstant is F43: around the threshold people pay and leave at the same instant at which the sale
// ends. Each deal is decided once, with one event, whichever way; and everybody's money and units say the same.
func TestTippingAtTheLastInstant(t *testing.T) {
	const threshold = 5 // all but one have paid when the end comes
	plans := []struct{ payers, leavers int }{{1, 1}, {2, 2}, {6, 1}, {0, 2}}
	outcomes, before := map[string]int64{}, int64(0)
	apptest.Each(t, func(w *apptest.World) {
		for round, plan := range plans {
			d, o := w.OnSale(shop, func(x *deal.Offer) {
				x.Threshold, x.Capacity, x.Options[0].Quantity, x.PerPerson = threshold, 40, 40, 2
			})
			base := 100 * round
			var paid, held []order.Order
			for n := range threshold - 1 {
				paid = append(paid, w.Buy(apptest.Buyer(base+n), d, o, 1))
			}
			w.Clock.Set(d.EndsAt.Add(-time.Second))
			for n := range plan.payers {
				placed, err := w.Place(apptest.Buyer(base+50+n), d, o, 1)
				w.Must(err)
				held = append(held, placed.Order)
			}
			_, err := w.Place(apptest.Buyer(base+99), d, o, 1) // never paid: the decision waits for the hold's end
			w.Must(err)
			var all sync.WaitGroup
			all.Go(func() {
				w.Clock.Set(d.EndsAt) // the deadline's tick
				for range 3 {
					w.Must(w.RunAll(w.Ctx))
				}
			})
			for n, one := range held {
				all.Go(func() {
					_, err := w.Pay(apptest.Buyer(base+50+n), one.ID, gateway.InstrumentOK)
					expected(t, "paying", err, payment.ErrPending, order.ErrNotHeld, payment.ErrOver)
				})
			}
			for n, one := range paid[:plan.leavers] {
				all.Go(func() {
					_, err := w.Refunds.Cancel(w.Ctx, apptest.Buyer(base+n), one.ID)
					expected(t, "leaving", err, voucher.ErrNotRefundable, voucher.ErrMoved, deal.ErrChanged)
				})
			}
			all.Wait()
			for range 4 { // holds end, the merchant does not answer
				w.Pass(11 * time.Minute)
			}
			w.Pass(25 * time.Hour)
			w.Work()
			for kind := range map[string]bool{"deal.tipped": true, "deal.failed": true} {
				outcomes[kind] += number(w, `SELECT count(*) FROM kit_event WHERE kind = $1 AND aggregate = $2`, kind,
					string(d.ID))
			}
			if before++; before != outcomes["deal.tipped"]+outcomes["deal.failed"] {
				w.T.Fatalf("round %d: decisions so far %v", round, outcomes)
			}
			if now := w.Deal(d.ID); now.HeldUnits != 0 || now.PaidUnits != number(w, `SELECT count(*) FROM voucher
 WHERE deal_id = $1 AND refund_id IS NULL`, string(d.ID)) {
				t.Errorf("round %d: held %d, paid %d", round, now.HeldUnits, now.PaidUnits)
			}
		}
		// Weeks pass here, and the gateway's settlements are another story.
		sound(w, "deals", "limits", "vouchers", "orders", "payments", "refunds", "ledger_entries", "ledger_scopes",
			"ledger_balances", "ledger_totals", "ledger_orders", "deal_money", "failed_deals", "events", "jobs",
			"outside_payments")
	})
	t.Logf("decisions: %v", outcomes)
	if outcomes["deal.tipped"] == 0 || outcomes["deal.failed"] == 0 {
		t.Errorf("it only ever goes one way: %v", outcomes)
	}
}

func expected(t *testing.T, what string, err error, known ...error) {
	t.Helper()
	for _, one := range known {
		if err == nil || errors.Is(err, one) {
			return
		}
	}
	t.Errorf("%s: %v", what, err)
}
