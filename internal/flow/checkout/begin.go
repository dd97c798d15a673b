package checkout

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// BeginCmd says that the payer authorised an attempt: the intent to capture is written before the gateway is asked.
type BeginCmd struct {
	PaymentID  market.PaymentID
	PaymentKey string
	guess      *guess // nil reads
}

// Begun is the attempt to capture now, or one that has ended already.
type Begun struct {
	Payment payment.Payment
	Order   order.Order
}

// Begin writes the intent to capture one attempt.
func (c *Checkout) Begin(ctx context.Context, cmd BeginCmd) (Begun, error) {
	return c.beginning.Do(ctx, cmd.laneKey(), cmd)
}

// laneKey sends the attempts of one deal to one combiner, where they share a transaction with each other and with the
// deal's other steps; by their own ids they would be spread thinly over all of them. Who knows the attempt alone goes
// by its id: that costs a smaller batch and nothing else, as no guard depends on which combiner runs it.
func (cmd BeginCmd) laneKey() string {
	if cmd.guess != nil {
		return string(cmd.guess.order.DealID)
	}
	return string(cmd.PaymentID)
}

// BeginBatch writes intents. An order whose hold lapsed takes its units again when there are any; else nothing is
// captured and the payer keeps the money.
func (c *Checkout) BeginBatch(ctx context.Context, tx *db.Tx, cmds []BeginCmd) ([]lane.Answer[Begun], error) {
	ids, guesses := make([]market.PaymentID, len(cmds)), make([]*guess, len(cmds))
	for i, cmd := range cmds {
		ids[i], guesses[i] = cmd.PaymentID, cmd.guess
	}
	w, err := loadOrders(ctx, tx, ids, guesses)
	if err == nil && !w.holding() {
		err = w.loadSales(ctx)
	}
	if err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[Begun], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = w.begin(cmd)
	}
	if ok, err := w.claimGuessed(ctx); err != nil || !ok {
		refute(guesses)
		return nil, again(err)
	}
	return answers, nil
}

// begin decides one attempt in memory.
func (w *work) begin(cmd BeginCmd) (Begun, error) {
	p, ok := w.payments[cmd.PaymentID]
	if !ok {
		return Begun{}, payment.ErrNotFound
	}
	o := w.orders[p.OrderID]
	if p.Ended() || p.BeingCaptured() {
		return Begun{Payment: *p, Order: *o}, nil
	}
	if !w.retake(o) { // no unit to take: nothing is captured, and the attempt says so
		p.State = payment.Expired
		w.endings = append(w.endings, payment.Ending{ID: p.ID, State: payment.Expired, PaymentKey: cmd.PaymentKey,
			Code: "late"})
		return Begun{Payment: *p, Order: *o}, nil
	}
	p.State, p.PaymentKey = payment.Confirming, cmd.PaymentKey
	w.begins = append(w.begins, payment.KeyOf{ID: p.ID, Key: cmd.PaymentKey, Version: w.guessedPayments[p.ID]})
	p.Version++
	return Begun{Payment: *p, Order: *o}, nil
}

// retake holds the units of a lapsed order again.
func (w *work) retake(o *order.Order) bool {
	if o.Holding() {
		return true
	}
	sale := w.sales[o.DealID]
	if w.mayRetake(o, sale) != nil {
		return false
	}
	w.retaken = true
	w.addLimit(o, order.LimitChange{PerPerson: sale.Deal.PerPerson, Held: o.Quantity})
	w.addSale(o, deal.Change{Held: o.Quantity, Opening: true})
	w.steps = append(w.steps, order.Step{ID: o.ID, From: o.State, To: order.Held, At: w.tx.Now(),
		Version: w.guessedOrders[o.ID]})
	o.State, o.Version = order.Held, o.Version+1
	return true
}

func (w *work) mayRetake(o *order.Order, sale *deal.Sale) error {
	if err := o.MayRetake(); err != nil {
		return err
	}
	if err := sale.MayHold(o.OptionID, o.Quantity, w.tx.Now()); err != nil {
		return err
	}
	limit := w.limitOf(o, sale)
	return limit.MayHold(o.Quantity, w.tx.Now())
}
