package checkout

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// work is the memory of one batch over payments: what was loaded, and what is to be claimed.
type work struct {
	tx       *db.Tx
	payments map[market.PaymentID]*payment.Payment
	orders   map[market.OrderID]*order.Order
	sales    map[market.DealID]*deal.Sale
	limits   map[order.LimitKey]*order.Limit
	terms    map[deal.TermsKey]*deal.Terms
	deals    set[market.DealID]  // of the attempts
	accounts set[order.LimitKey] // of the attempts, with their deals

	totals  deal.Changes
	claims  map[order.LimitKey]order.LimitChange // take units anew, under the per-person limit
	moves   map[order.LimitKey]order.LimitChange // move units already counted
	steps   []order.Step
	begins  []payment.KeyOf
	endings []payment.Ending
}

// loadWork loads attempts with their orders, and what is needed to sell: deals, terms and limits.
func loadWork(ctx context.Context, tx *db.Tx, ids []market.PaymentID) (*work, error) {
	w, err := loadOrders(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	return w, w.loadSales(ctx)
}

// loadOrders loads attempts with their orders alone: enough for orders whose units are held.
func loadOrders(ctx context.Context, tx *db.Tx, ids []market.PaymentID) (*work, error) {
	w := &work{tx: tx, totals: deal.Changes{}, claims: map[order.LimitKey]order.LimitChange{},
		moves: map[order.LimitKey]order.LimitChange{}}
	var err error
	if w.payments, err = payment.Load(ctx, tx, ids); err != nil {
		return nil, err
	}
	var orders set[market.OrderID]
	for _, id := range ids {
		if p, ok := w.payments[id]; ok {
			orders.add(p.OrderID)
			w.deals.add(p.DealID)
			w.accounts.add(order.LimitKey{DealID: p.DealID, AccountID: p.AccountID})
		}
	}
	w.orders, err = order.Load(ctx, tx, orders.list)
	return w, err
}

func (w *work) loadSales(ctx context.Context) (err error) {
	if w.sales, err = deal.LoadSales(ctx, w.tx, w.deals.list); err != nil {
		return err
	}
	if w.terms, err = deal.LoadTerms(ctx, w.tx, w.deals.list); err != nil {
		return err
	}
	w.limits, err = order.LoadLimits(ctx, w.tx, w.accounts.list)
	return err
}

// holding tells whether the units of all orders are held.
func (w *work) holding() bool {
	for _, o := range w.orders {
		if !o.Holding() {
			return false
		}
	}
	return true
}

func limitKey(o *order.Order) order.LimitKey {
	return order.LimitKey{DealID: o.DealID, AccountID: o.AccountID}
}

func (w *work) limitOf(o *order.Order, sale *deal.Sale) *order.Limit {
	l, ok := w.limits[limitKey(o)]
	if !ok {
		l = &order.Limit{DealID: o.DealID, AccountID: o.AccountID}
		w.limits[limitKey(o)] = l
	}
	l.PerPerson = sale.Deal.PerPerson
	return l
}

// addLimit takes units of the account anew, in memory and for the claim.
func (w *work) addLimit(o *order.Order, c order.LimitChange) {
	l := w.limitOf(o, w.sales[o.DealID])
	l.HeldUnits, l.PaidUnits = l.HeldUnits+c.Held, l.PaidUnits+c.Paid
	sum := w.claims[limitKey(o)]
	sum.PerPerson, sum.Held, sum.Paid = c.PerPerson, sum.Held+c.Held, sum.Paid+c.Paid
	w.claims[limitKey(o)] = sum
}

// moveLimit moves units of the account that were counted before.
func (w *work) moveLimit(o *order.Order, c order.LimitChange) {
	l := w.limitOf(o, w.sales[o.DealID])
	l.HeldUnits, l.PaidUnits = l.HeldUnits+c.Held, l.PaidUnits+c.Paid
	sum := w.moves[limitKey(o)]
	sum.Held, sum.Paid, sum.Lapses = sum.Held+c.Held, sum.Paid+c.Paid, sum.Lapses+c.Lapses
	w.moves[limitKey(o)] = sum
}

func (w *work) addSale(o *order.Order, c deal.Change) {
	sale := w.sales[o.DealID]
	sale.Move(o.OptionID, c)
	w.totals.Add(o.DealID, o.OptionID, c)
}

// claim writes everything decided, each part under its guard; false asks to decide anew.
func (w *work) claim(ctx context.Context) (bool, error) {
	if ok, err := deal.Apply(ctx, w.tx, w.totals); err != nil || !ok {
		return false, err
	}
	if ok, err := order.ClaimLimits(ctx, w.tx, w.claims); err != nil || !ok {
		return false, err
	}
	if ok, err := order.MoveLimits(ctx, w.tx, w.moves); err != nil || !ok {
		return false, err
	}
	// An order that lapsed and is paid in the same batch passes two steps: the second sees the first.
	for _, steps := range order.Rounds(w.steps) {
		if n, err := order.Move(ctx, w.tx, steps); err != nil || n != len(steps) {
			return false, err
		}
	}
	if begun, err := payment.Begin(ctx, w.tx, w.begins); err != nil || len(begun) != len(w.begins) {
		return false, err
	}
	ended, err := payment.End(ctx, w.tx, w.endings)
	return ended == len(w.endings), err
}
