package checkout

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
)

const (
	resolveAfter = 15 * time.Second
	resolveMax   = 64
	lapseMax     = 256
)

// LapseEvery is how often somebody looks for holds whose time is up: units are free again within a second of it.
const LapseEvery = 500 * time.Millisecond

// Lapse ends holds whose time is up, a bounded number a run. A hold whose payment is being captured waits for the
// gateway's word, and keeps nobody behind it waiting. It looks with a reader first, for mostly there is none.
func (c *Checkout) Lapse(ctx context.Context) (bool, error) {
	due, err := order.AnyOverdue(ctx, c.DB, c.DB.Clock().Now())
	if err != nil || !due {
		return false, err
	}
	var overdue []order.Order
	for last := (order.Order{}); ; last = overdue[lapseMax-1] {
		released := 0
		err := c.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if overdue, err = order.Overdue(ctx, tx, last, lapseMax); err != nil {
				return err
			}
			released, err = c.release(ctx, tx, overdue, order.Lapsed)
			return err
		})
		if err != nil || len(overdue) < lapseMax || released > 0 {
			return len(overdue) == lapseMax, err
		}
	}
}

// CancelHold gives a hold up before it is paid.
func (c *Checkout) CancelHold(ctx context.Context, actor market.Actor, id market.OrderID) (order.Order, error) {
	var o order.Order
	err := c.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if o, err = order.Find(ctx, tx, id); err != nil {
			return err
		}
		if err := right.Check(actor, right.OrderCancel, right.Mine(o.AccountID)); err != nil {
			return err
		}
		if !o.Holding() {
			return order.ErrNotHeld
		}
		released, err := c.release(ctx, tx, []order.Order{o}, order.Cancelled)
		if err != nil {
			return err
		}
		if released == 0 {
			return payment.ErrPending
		}
		o, err = order.Find(ctx, tx, id)
		return err
	})
	return o, err
}

// release gives the units of held orders back and tells how many orders that were: those whose capture is under way are
// passed over.
func (c *Checkout) release(ctx context.Context, tx *db.Tx, orders []order.Order, to order.State) (int, error) {
	ids := make([]market.OrderID, len(orders))
	for i, o := range orders {
		ids[i] = o.ID
	}
	busy, err := payment.Capturing(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	totals, limits := deal.Changes{}, map[order.LimitKey]order.LimitChange{}
	var steps []order.Step
	version := db.Micros(tx.Now())
	for i := range orders {
		o := &orders[i]
		if busy[o.ID] {
			continue
		}
		steps = append(steps, order.Step{ID: o.ID, From: order.Held, To: to, At: tx.Now()})
		totals.Add(o.DealID, o.OptionID, deal.Change{Held: -o.Quantity})
		sum := limits[limitKey(o)]
		sum.Held, sum.Lapses = sum.Held-o.Quantity, sum.Lapses+to.CountsAsLapse()
		sum.Times = holdTimes(tx.Now())
		limits[limitKey(o)] = sum
		tx.Emit(event.Of(event.OrderLapsed{OrderID: o.ID, DealID: o.DealID, AccountID: o.AccountID, Units: o.Quantity,
			Cancelled: to == order.Cancelled}, o.Version+1))
		tx.Touch("deal:"+string(o.DealID), version)
		tx.Touch("order:"+string(o.ID), version)
	}
	for _, round := range order.Rounds(steps) {
		if n, err := order.Move(ctx, tx, round); err != nil || n != len(round) {
			return 0, orChanged(err)
		}
	}
	if ok, err := deal.Apply(ctx, tx, totals); err != nil || !ok {
		return 0, orChanged(err)
	}
	if ok, err := order.MoveLimits(ctx, tx, limits); err != nil || !ok {
		return 0, orChanged(err)
	}
	return len(steps), nil
}

// orChanged is the answer when a guard answered no row: somebody else was first, and the run is repeated later.
func orChanged(err error) error {
	if err != nil {
		return err
	}
	return deal.ErrChanged
}
