package fund

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// beginCmd says that the payer authorised an attempt.
type beginCmd struct {
	id  market.PaymentID
	key string
}

// Begin writes the intent to capture one attempt, before the gateway is asked. One for which nobody may pay any more
// ends here: nothing is captured, and the payer keeps the money. What has begun or ended answers from a look.
func (f *Fund) Begin(ctx context.Context, id market.PaymentID, key string) (payment.Payment, error) {
	p, err := payment.Find(ctx, f.DB, id)
	if err != nil || p.Ended() || p.BeingCaptured() {
		return p, err
	}
	return f.begun.Do(ctx, string(p.WishID), beginCmd{id, key})
}

// beginning is the memory of one batch of payers who have authorised.
type beginning struct {
	*books
	payments map[market.PaymentID]*payment.Payment
	orders   map[market.OrderID]*collect.Order
	begins   []payment.KeyOf
	endings  []payment.Ending
}

// beginBatch writes intents. Units of an offer that has an end count as taken from here on.
func (f *Fund) beginBatch(ctx context.Context, tx *db.Tx, cmds []beginCmd) ([]lane.Answer[payment.Payment], error) {
	b := &beginning{}
	var err error
	if b.payments, b.orders, err = loadAttempts(ctx, tx, distinct(cmds, func(c beginCmd) market.PaymentID {
		return c.id
	})); err != nil {
		return nil, err
	}
	if b.books, err = readBooks(ctx, tx, wishesOf(b.orders), true); err != nil {
		return nil, err
	}
	if err := b.readSeats(ctx, b.boundedSeats()); err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[payment.Payment], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = b.decide(cmd)
	}
	begun, err := payment.Begin(ctx, tx, b.begins)
	if err := every(len(begun), len(b.begins), err); err != nil {
		return nil, err
	}
	ended, err := payment.End(ctx, tx, b.endings)
	return answers, every(ended, len(b.endings), err)
}

// boundedSeats are the members for whom it matters what they have already.
func (b *beginning) boundedSeats() (out []collect.Seat) {
	for _, id := range sortedKeys(b.orders) {
		if o := b.orders[id]; b.collects[o.WishID].Bounded() {
			out = append(out, o.Seat())
		}
	}
	return distinct(out, func(s collect.Seat) collect.Seat { return s })
}

// decide answers one payer in memory.
func (b *beginning) decide(cmd beginCmd) (payment.Payment, error) {
	p, known := b.payments[cmd.id]
	if !known {
		return payment.Payment{}, payment.ErrNotFound
	}
	o, known := b.orders[p.OrderID]
	if !known {
		return *p, collect.ErrNotFound
	}
	if p.Ended() || p.BeingCaptured() {
		return *p, nil
	}
	c, e := b.collects[o.WishID], b.escrows[o.WishID]
	if !c.Payable(*o, p.Amount, e.UnitPrice, b.tx.Now()) {
		return b.end(p, cmd.key, "late"), nil
	}
	if !b.has(o) {
		return b.end(p, cmd.key, "full"), nil
	}
	b.taken[o.WishID] += o.Quantity
	b.begins = append(b.begins, payment.KeyOf{ID: p.ID, Key: cmd.key, Version: p.Version})
	p.State, p.PaymentKey, p.Version = payment.Confirming, cmd.key, p.Version+1
	return *p, nil
}

// end closes an attempt for which nothing is captured.
func (b *beginning) end(p *payment.Payment, key, code string) payment.Payment {
	b.endings = append(b.endings, payment.Ending{ID: p.ID, State: payment.Expired, PaymentKey: key, Code: code,
		Version: p.Version})
	p.State, p.OutcomeCode = payment.Expired, code
	return *p
}

// loadAttempts reads attempts with what their members have agreed to.
func loadAttempts(ctx context.Context, tx *db.Tx, ids []market.PaymentID) (
	map[market.PaymentID]*payment.Payment, map[market.OrderID]*collect.Order, error,
) {
	payments, err := payment.Load(ctx, tx, ids)
	if err != nil {
		return nil, nil, err
	}
	known := make([]market.OrderID, 0, len(payments))
	for _, id := range ids {
		if p := payments[id]; p != nil {
			known = append(known, p.OrderID)
		}
	}
	orders, err := collect.LoadOrders(ctx, tx, distinct(known, func(id market.OrderID) market.OrderID { return id }))
	return payments, orders, err
}

// wishesOf are the wishes of orders, in one order whatever the batch.
func wishesOf(orders map[market.OrderID]*collect.Order) []market.WishID {
	return distinct(sortedKeys(orders), func(id market.OrderID) market.WishID { return orders[id].WishID })
}
