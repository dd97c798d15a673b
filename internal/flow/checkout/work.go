package checkout

import (
	"context"
	"maps"
	"slices"

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

	// Versions on which a decision stands that read nothing, and units paid of limits likewise.
	guessedPayments map[market.PaymentID]int64
	guessedOrders   map[market.OrderID]int64
	guessedLimits   map[order.LimitKey]int64

	totals  deal.Changes
	claims  map[order.LimitKey]order.LimitChange // take units anew, under the per-person limit
	moves   map[order.LimitKey]order.LimitChange // move units already counted
	retaken bool                                 // units were taken anew for an order that had lapsed
	steps   []order.Step
	begins  []payment.KeyOf
	endings []payment.Ending
}

// loadWork loads attempts with their orders, and what is needed to sell: deals, terms and limits.
func loadWork(ctx context.Context, tx *db.Tx, ids []market.PaymentID, guesses []*guess) (*work, error) {
	w, err := loadOrders(ctx, tx, ids, guesses)
	if err != nil {
		return nil, err
	}
	return w, w.loadSales(ctx)
}

// loadOrders loads attempts with their orders alone: enough for orders whose units are held. What is guessed is not
// read; guesses may be nil.
func loadOrders(ctx context.Context, tx *db.Tx, ids []market.PaymentID, guesses []*guess) (*work, error) {
	w := &work{tx: tx, totals: deal.Changes{}, claims: map[order.LimitKey]order.LimitChange{},
		moves: map[order.LimitKey]order.LimitChange{}, limits: map[order.LimitKey]*order.Limit{},
		guessedPayments: map[market.PaymentID]int64{}, guessedOrders: map[market.OrderID]int64{},
		guessedLimits: map[order.LimitKey]int64{}}
	unknown := ids
	if guesses != nil {
		unknown = nil
		for i, g := range guesses {
			if !g.usable() {
				unknown = append(unknown, ids[i])
			}
		}
	}
	w.payments, w.orders = map[market.PaymentID]*payment.Payment{}, map[market.OrderID]*order.Order{}
	if err := w.read(ctx, unknown); err != nil {
		return nil, err
	}
	var doubted []market.PaymentID
	for _, g := range guesses {
		if g.usable() && !w.believe(g) {
			doubted = append(doubted, g.payment.ID)
		}
	}
	return w, w.read(ctx, doubted)
}

// read loads attempts and their orders.
func (w *work) read(ctx context.Context, ids []market.PaymentID) error {
	payments, err := payment.Load(ctx, w.tx, ids)
	if err != nil {
		return err
	}
	maps.Copy(w.payments, payments)
	var orders set[market.OrderID]
	for _, id := range ids {
		if p, ok := payments[id]; ok {
			w.concerns(p)
			if w.orders[p.OrderID] == nil {
				orders.add(p.OrderID)
			}
		}
	}
	found, err := order.Load(ctx, w.tx, orders.list)
	maps.Copy(w.orders, found)
	return err
}

// concerns notes whose deal and account an attempt is about.
func (w *work) concerns(p *payment.Payment) {
	w.deals.add(p.DealID)
	w.accounts.add(order.LimitKey{DealID: p.DealID, AccountID: p.AccountID})
}

// believe takes a guess for what stands in the database; false when the order was read, so that the attempt must be.
func (w *work) believe(g *guess) bool {
	o, p := g.order, g.payment
	_, known := w.orders[o.ID]
	if _, guessed := w.guessedOrders[o.ID]; known && !guessed {
		return false
	}
	if _, twice := w.payments[p.ID]; twice {
		return true
	}
	if !known {
		w.orders[o.ID], w.guessedOrders[o.ID] = &o, o.Version
	}
	w.payments[p.ID], w.guessedPayments[p.ID] = &p, p.Version
	if key := limitKey(&o); g.limit != nil && !w.accounts.seen[key] {
		limit := *g.limit
		w.limits[key], w.guessedLimits[key] = &limit, limit.PaidUnits
	}
	w.concerns(&p)
	return true
}

func (w *work) loadSales(ctx context.Context) (err error) {
	if !w.holding() { // units may be taken anew: what this very transaction has taken counts
		if err := w.tx.CatchUp(ctx); err != nil {
			return err
		}
	}
	if w.sales, err = deal.LoadSales(ctx, w.tx, w.deals.list); err != nil {
		return err
	}
	if w.terms, err = deal.LoadTerms(ctx, w.tx, w.deals.list); err != nil {
		return err
	}
	var unknown []order.LimitKey
	for _, key := range w.accounts.list {
		if _, guessed := w.guessedLimits[key]; !guessed {
			unknown = append(unknown, key)
		}
	}
	read, err := order.LoadLimits(ctx, w.tx, unknown)
	maps.Copy(w.limits, read)
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
	sum.PaidBefore, sum.Guessed = w.guessedLimit(limitKey(o))
	w.moves[limitKey(o)] = sum
}

func (w *work) addSale(o *order.Order, c deal.Change) {
	sale := w.sales[o.DealID]
	sale.Move(o.OptionID, c)
	w.totals.Add(o.DealID, o.OptionID, c)
}

// guessedLimit is how many units of an account a decision believed to be paid.
func (w *work) guessedLimit(key order.LimitKey) (paid int64, guessed bool) {
	paid, guessed = w.guessedLimits[key]
	return paid, guessed
}

// claimGuessed is claim for steps that leave orders as they are: those whose state was guessed must be held still.
func (w *work) claimGuessed(ctx context.Context) (bool, error) {
	ids := slices.Sorted(maps.Keys(w.guessedOrders))
	if held, err := order.CountHeld(ctx, w.tx, ids); err != nil || held != len(ids) {
		return false, err
	}
	return w.claim(ctx)
}

// claim writes everything decided, each part under its guard; false asks to decide anew. The deals' counters wait for
// the end, unless units were taken anew: whoever decides after that in this transaction must see it.
func (w *work) claim(ctx context.Context) (bool, error) {
	applyLast(w.tx, w.totals)
	if w.retaken {
		if err := w.tx.CatchUp(ctx); err != nil {
			return false, err
		}
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
