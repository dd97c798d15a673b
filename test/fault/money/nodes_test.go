package money_test

import (
	"context"
	"testing"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// decided is how often a deal's tipping and its failing were told.
func decided(w *apptest.World, id market.DealID) (tipped, failed int64) {
	w.T.Helper()
	told := func(kind string) int64 {
		return number(w, `SELECT count(*) FROM kit_event WHERE kind = $1 AND aggregate = $2`, kind, string(id))
	}
	return told("deal.tipped"), told("deal.failed")
}

// pair is a deal of five people that four have bought, on sale at two nodes.
type pair struct {
	*apptest.World
	other  *app.Core
	deal   deal.Deal
	option deal.Option
	bought []order.Order
}

func paired(w *apptest.World) *pair {
	w.T.Helper()
	p := &pair{World: w, other: w.OtherNode()}
	p.deal, p.option = w.OnSale(shop, func(x *deal.Offer) { x.Threshold, x.Capacity, x.Options[0].Quantity = 5, 20, 20 })
	for n := range 4 {
		p.bought = append(p.bought, w.Buy(apptest.Buyer(n), p.deal, p.option, 1))
	}
	return p
}

// cross lets two buyers' payments reach the point at the same instant, one at each node.
func (p *pair) cross() {
	p.T.Helper()
	one, two := authorised(p.World, 10, p.deal, p.option, gateway.InstrumentOK), authorised(p.World, 11, p.deal,
		p.option, gateway.InstrumentOK)
	p.Meet("deal", string(p.deal.ID), nil, one.at(p.Core), two.at(p.other))
	p.Work()
}

// at is the payer coming back to a node.
func (a *attempt) at(node *app.Core) func() {
	return func() {
		_, err := node.Checkout.Pay(a.Ctx, checkout.PayCmd{PaymentID: a.payment.ID, PaymentKey: a.key})
		if err != nil {
			a.T.Errorf("paying: %v", err)
		}
	}
}

// TestTwoNodesReachThePoint is F43 where one node's batches do not come one after another: each of two nodes has read a
// deal that lacks one buyer, and writes one. The point is reached once, and told once.
func TestTwoNodesReachThePoint(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		p := paired(w)
		p.cross()
		if tipped, failed := decided(w, p.deal.ID); tipped != 1 || failed != 0 {
			w.T.Errorf("told %d times that it tipped, %d times that it failed", tipped, failed)
		}
		if n := number(w, `SELECT count(*) FROM voucher WHERE deal_id = $1 AND state = 'active'`, string(p.deal.ID)); n != 6 {
			w.T.Errorf("%d of 6 vouchers can be used", n)
		}
		sound(w)
	})
}

// TestTwoNodesReachThePointBites: of a deal that forgets that it has tipped, the same is told twice.
func TestTwoNodesReachThePointBites(t *testing.T) {
	bites := func(t *testing.T, d *db.DB, at *dbtest.World, forget ...string) {
		w := apptest.New(t, d, at.Clock)
		p := paired(w)
		for _, text := range forget {
			w.Must(d.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := db.Exec(w.Ctx, tx, text)
				return err
			}))
		}
		p.cross()
		if tipped, _ := decided(w, p.deal.ID); tipped != 2 {
			t.Errorf("told %d times: this test finds nothing", tipped)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		d, at := dbtest.SQLite(t)
		bites(t, d, at, `CREATE TRIGGER forget AFTER UPDATE ON deal WHEN NEW.tipped_at IS NOT NULL
 BEGIN UPDATE deal SET tipped_at = NULL WHERE id = NEW.id; END`)
	})
	t.Run("postgres", func(t *testing.T) {
		d, at := dbtest.Postgres(t)
		bites(t, d, at, `CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS
 'BEGIN NEW.tipped_at := NULL; RETURN NEW; END'`,
			`CREATE TRIGGER forget BEFORE UPDATE ON deal FOR EACH ROW EXECUTE FUNCTION forget()`)
	})
}

// TestTwoNodesCloseAndDecide: both nodes have the job of a deal's end at the same instant, of its closing and of its
// decision. Each is done once.
func TestTwoNodesCloseAndDecide(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		p := paired(w)
		w.Clock.Set(p.deal.EndsAt)
		both := func(step func(*app.Core, context.Context, market.DealID) error) {
			run := func(node *app.Core) func() {
				return func() { expected(t, "the end", step(node, w.Ctx, p.deal.ID), deal.ErrChanged) }
			}
			w.Meet("deal", string(p.deal.ID), nil, run(w.Core), run(p.other))
		}
		both(func(c *app.Core, ctx context.Context, id market.DealID) error { return c.Tipping.Close(ctx, id) })
		both(func(c *app.Core, ctx context.Context, id market.DealID) error { return c.Tipping.Decide(ctx, id) })
		w.Work()
		if tipped, failed := decided(w, p.deal.ID); tipped != 0 || failed != 1 {
			w.T.Errorf("told %d times that it tipped, %d times that it failed", tipped, failed)
		}
		if n := number(w, `SELECT count(*) FROM kit_event WHERE kind = 'deal.moved' AND aggregate = $1 AND version > $2`,
			string(p.deal.ID), p.deal.Version); n != 2 {
			w.T.Errorf("moved %d times", n)
		}
		if n := number(w, `SELECT count(*) FROM refund WHERE deal_id = $1`, string(p.deal.ID)); n != 4 {
			w.T.Errorf("%d refunds", n)
		}
		sound(w, "deals", "limits", "vouchers", "orders", "payments", "refunds", "ledger_entries", "ledger_scopes",
			"ledger_balances", "ledger_totals", "ledger_orders", "deal_money", "failed_deals", "events", "jobs")
	})
}

// TestMoneyMeetsTheCancellation: a node has read a deal that is on sale, and writes a payment for it when the operator
// has cancelled the deal at another and everybody was paid back. That money goes back too.
func TestMoneyMeetsTheCancellation(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		p := paired(w)
		late := authorised(w, 10, p.deal, p.option, gateway.InstrumentOK)
		cancel := func() {
			_, err := p.other.Tipping.Cancel(w.Ctx, apptest.Operator(), p.deal.ID, "재료를 구하지 못했습니다")
			w.Must(err)
			w.Must(p.other.RunAll(w.Ctx))
		}
		if w.DB.Engine() == db.Postgres {
			w.Meet("order_limit", string(p.deal.ID)+":"+string(apptest.Buyer(10).AccountID), cancel, late.at(w.Core))
		} else {
			_, err := w.Checkout.Begin(w.Ctx, checkout.BeginCmd{PaymentID: late.payment.ID, PaymentKey: late.key})
			w.Must(err)
			cancel()
			late.at(w.Core)()
		}
		w.Work()
		if late.state() == order.Paid || late.theirs().Balance != 0 {
			w.T.Errorf("the order is %s, %d won are still at the gateway", late.state(), late.theirs().Balance)
		}
		sound(w)
	})
}
