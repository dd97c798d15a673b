package fund

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/till"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// ConfirmCmd is the gateway's answer to an attempt.
type ConfirmCmd struct {
	PaymentID market.PaymentID
	WishID    market.WishID // sends it to where the wish's payments meet; "" works, in smaller batches
	gateway.Answer
}

// Confirm writes the gateway's answer: captured money becomes the member's share, and what comes too late, or twice,
// goes back. An attempt that has ended answers as it ended.
func (f *Fund) Confirm(ctx context.Context, cmd ConfirmCmd) (Paid, error) {
	return f.settled.Do(ctx, string(cmd.WishID), cmd)
}

// confirming is the memory of one batch of answers.
type confirming struct {
	*Fund
	*books
	payments map[market.PaymentID]*payment.Payment
	orders   map[market.OrderID]*collect.Order

	endings []payment.Ending
	lapses  []escrow.Act // of members' earlier shares, at a lower price
	left    []collect.Order
	paid    []collect.Order
	takings map[market.WishID]*till.Taking
	homes   []address.Given
	refunds []payment.Refund
	entries []ledger.Entry
}

// confirmBatch turns captured money into shares.
func (f *Fund) confirmBatch(ctx context.Context, tx *db.Tx, cmds []ConfirmCmd) ([]lane.Answer[Paid], error) {
	c, err := f.readConfirming(ctx, tx, cmds)
	if err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[Paid], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = c.decide(cmd)
	}
	return answers, anew(c.write(ctx))
}

func (f *Fund) readConfirming(ctx context.Context, tx *db.Tx, cmds []ConfirmCmd) (*confirming, error) {
	c := &confirming{Fund: f, takings: map[market.WishID]*till.Taking{}}
	var err error
	if c.payments, c.orders, err = loadAttempts(ctx, tx, distinct(cmds, func(c ConfirmCmd) market.PaymentID {
		return c.PaymentID
	})); err != nil {
		return nil, err
	}
	if c.books, err = readBooks(ctx, tx, wishesOf(c.orders), false); err != nil {
		return nil, err
	}
	return c, c.readSeats(ctx, distinct(sortedKeys(c.orders), func(id market.OrderID) collect.Seat {
		return c.orders[id].Seat()
	}))
}

// decide answers one command in memory. An attempt that has ended answers as it ended, whatever comes later.
func (c *confirming) decide(cmd ConfirmCmd) (Paid, error) {
	p, known := c.payments[cmd.PaymentID]
	if !known {
		return Paid{}, payment.ErrNotFound
	}
	o, known := c.orders[p.OrderID]
	switch {
	case !known:
		return Paid{Payment: *p}, collect.ErrNotFound
	case p.Ended():
		return ended(*o, *p)
	case !cmd.Captured:
		c.endings = append(c.endings, payment.Ending{ID: p.ID, State: payment.Declined, PaymentKey: cmd.PaymentKey,
			Code: cmd.Code, Version: p.Version})
		p.State, p.OutcomeCode = payment.Declined, cmd.Code
		return Paid{Order: *o, Payment: *p}, p.Outcome()
	case cmd.Amount != p.Amount:
		return Paid{Order: *o, Payment: *p}, payment.ErrAmount.With("Want", p.Amount, "Got", cmd.Amount)
	}
	c.endings = append(c.endings, payment.Ending{ID: p.ID, State: payment.Captured, PaymentKey: cmd.PaymentKey,
		Amount: cmd.Amount, Version: p.Version})
	p.State, p.PaymentKey, p.Refundable, p.Version = payment.Captured, cmd.PaymentKey, cmd.Amount, p.Version+1
	c.tell(*o)
	if !c.takes(o, p) {
		return c.late(o, p), nil
	}
	return c.pay(o, p), nil
}

// takes answers whether the money can become a share: the order is open, the wish takes money, there is room, and the
// member has no share that stands at the price.
func (c *confirming) takes(o *collect.Order, p *payment.Payment) bool {
	return o.Open() && c.escrows[o.WishID].Takes(paidFor(*o, *p)) && c.mayPayAnew(o.Seat()) == nil && c.has(o)
}

func paidFor(o collect.Order, p payment.Payment) escrow.Payment {
	return escrow.Payment{OrderID: o.ID, AccountID: o.AccountID, Quantity: o.Quantity, Amount: p.Amount}
}

// pay makes a member's share of the money. An earlier one that was paid at a lower price goes back as a whole.
func (c *confirming) pay(o *collect.Order, p *payment.Payment) Paid {
	seat, e := o.Seat(), c.escrows[o.WishID]
	if s, live := c.share(seat); live {
		c.lapses = append(c.lapses, escrow.Act{OrderID: s.OrderID, Action: escrow.ActLapse, By: escrow.ByClock})
		c.taken[o.WishID] -= s.Quantity
	}
	own := c.own[seat]
	if own.Paid != nil {
		c.left = append(c.left, *own.Paid)
	}
	c.paid = append(c.paid, *o)
	if o.To.Named() {
		c.homes = append(c.homes, address.Given{OrderID: o.ID, Address: address.Address(o.To)})
	}
	o.State, o.PaidAt = collect.OrderPaid, c.tx.Now()
	own.Open, own.Paid = nil, o
	c.own[seat] = own
	c.shares[o.ID] = escrow.Share{OrderID: o.ID, WishID: o.WishID, AccountID: o.AccountID, Quantity: o.Quantity,
		Paid: p.Amount, Amount: p.Amount, State: escrow.Held}
	c.taken[o.WishID] += o.Quantity
	t := c.takings[o.WishID]
	if t == nil {
		t = &till.Taking{Escrow: e, Exact: c.collects[o.WishID].Bounded()}
		c.takings[o.WishID] = t
	}
	t.Payments = append(t.Payments, paidFor(*o, *p))
	c.entries = append(c.entries, ledger.PaidToEscrow(c.booked(*o, *p)))
	c.tx.Emit(event.Of(event.SharePaid{OrderID: o.ID, WishID: o.WishID, BidID: e.BidID, MerchantID: e.MerchantID,
		AccountID: o.AccountID, Quantity: o.Quantity, Amount: p.Amount}, 1))
	return Paid{Order: *o, Payment: *p, First: true}
}

// late books money that cannot become a share: it is owed back at once (R2c), and its refund is decided with it. The
// order is over, so that the next one begins with nothing.
func (c *confirming) late(o *collect.Order, p *payment.Payment) Paid {
	now := c.tx.Now()
	refund := payment.Refund{ID: market.RefundID(c.tx.NewID(market.PrefixRefund)), OrderID: o.ID, PaymentID: p.ID,
		WishID: o.WishID, AccountID: o.AccountID, Subject: "payment:" + string(p.ID), Amount: p.Amount,
		Cause: payment.CauseLateMoney, RequestedAt: now, DueAt: c.RefundDue(now)}
	c.refunds = append(c.refunds, refund)
	c.entries = append(c.entries, ledger.PaidLate(c.booked(*o, *p)))
	c.tx.Enqueue(db.Job{Kind: event.JobRefundSend, Key: string(refund.ID),
		Payload: event.RefundJob{RefundID: refund.ID}})
	if o.Open() {
		c.left = append(c.left, *o)
		o.State = collect.OrderGone
	}
	return Paid{Order: *o, Payment: *p, Late: true}
}

func (c *confirming) booked(o collect.Order, p payment.Payment) ledger.Payment {
	e := c.escrows[o.WishID]
	return ledger.Payment{About: ledger.About{OrderID: o.ID, MerchantID: e.MerchantID, PolicyID: e.PolicyID},
		PaymentID: p.ID, Gateway: c.GatewayName, Amount: p.Amount}
}

// tell moves the screens.
func (c *confirming) tell(o collect.Order) {
	touch(c.tx, o.WishID, c.escrows[o.WishID].MerchantID)
	version := db.Micros(c.tx.Now())
	for _, topic := range []string{"order:" + string(o.ID), "account:" + string(o.AccountID), "console"} {
		c.tx.Touch(topic, version)
	}
}

// write claims everything decided, each part under its guard. The book follows when all else is written, and the rows
// that every payment of a wish moves come last.
func (c *confirming) write(ctx context.Context) error {
	done, err := payment.End(ctx, c.tx, c.endings)
	if err := every(done, len(c.endings), err); err != nil {
		return err
	}
	if err := c.lapse(ctx); err != nil {
		return err
	}
	if err := collect.LeaveOrders(ctx, c.tx, c.left); err != nil {
		return err
	}
	if err := collect.PayOrders(ctx, c.tx, c.paid); err != nil {
		return err
	}
	takings := make([]till.Taking, 0, len(c.takings))
	for _, id := range sortedKeys(c.takings) {
		takings = append(takings, *c.takings[id])
	}
	if err := till.Put(ctx, c.tx, takings); err != nil {
		return err
	}
	if err := address.PutNew(ctx, c.tx, c.homes); err != nil {
		return err
	}
	ok, err := payment.DecideRefund(ctx, c.tx, c.refunds)
	if err == nil && !ok {
		err = lane.ErrAgain
	}
	if err != nil {
		return err
	}
	c.tx.Late(func(ctx context.Context) error { return ledger.Post(ctx, c.tx, c.entries) })
	c.tx.Last(func(ctx context.Context) error {
		ok, err := till.Count(ctx, c.tx, takings)
		if err == nil && !ok {
			err = lane.ErrAgain
		}
		return err
	})
	return nil
}

// lapse takes earlier shares out. One that ended meanwhile has the batch decided anew.
func (c *confirming) lapse(ctx context.Context) error {
	if len(c.lapses) == 0 {
		return nil
	}
	err := c.take(ctx, c.tx, c.lapses)
	if errors.Is(err, escrow.ErrState) {
		return lane.ErrAgain
	}
	return err
}

// sortedKeys makes the same batch make the same statements.
func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
