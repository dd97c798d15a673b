package fund

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// ConfirmCmd is the gateway's answer to an attempt.
type ConfirmCmd struct {
	PaymentID  market.PaymentID
	PaymentKey string
	Captured   bool
	Amount     int64  // won captured
	Code       string // why not, as the gateway says it
}

// Confirm writes the gateway's answer: captured money becomes the member's share, and what comes too late, or twice,
// goes back. An attempt that has ended answers as it ended.
func (f *Fund) Confirm(ctx context.Context, cmd ConfirmCmd) (Paid, error) {
	var done Paid
	var refusal error
	err := f.write(ctx, func(tx *db.Tx) error {
		p, err := payment.Find(ctx, tx, cmd.PaymentID)
		if err != nil {
			return err
		}
		if p.Ended() {
			done, refusal = f.ended(ctx, tx, p)
			return nil
		}
		done, refusal, err = f.answered(ctx, tx, p, cmd)
		return err
	})
	if err != nil {
		return done, err
	}
	return done, refusal
}

// answered writes the answer to an attempt that is under way.
func (f *Fund) answered(
	ctx context.Context, tx *db.Tx, p payment.Payment, cmd ConfirmCmd,
) (done Paid, refusal, err error) {
	o, err := collect.FindOrder(ctx, tx, p.OrderID)
	if err != nil {
		return done, nil, err
	}
	if !cmd.Captured {
		p.State, p.OutcomeCode = payment.Declined, cmd.Code
		n, err := payment.End(ctx, tx, []payment.Ending{{ID: p.ID, State: payment.Declined, PaymentKey: cmd.PaymentKey,
			Code: cmd.Code, Version: p.Version}})
		return Paid{Order: o, Payment: p}, p.Outcome(), once(n, err)
	}
	if cmd.Amount != p.Amount {
		return Paid{Order: o, Payment: p}, payment.ErrAmount.With("Want", p.Amount, "Got", cmd.Amount), nil
	}
	n, err := payment.End(ctx, tx, []payment.Ending{{ID: p.ID, State: payment.Captured, PaymentKey: cmd.PaymentKey,
		Amount: cmd.Amount, Version: p.Version}})
	if err := once(n, err); err != nil {
		return done, nil, err
	}
	p.State, p.PaymentKey, p.Refundable = payment.Captured, cmd.PaymentKey, cmd.Amount
	e, err := escrow.Find(ctx, tx, p.WishID)
	if err != nil {
		return done, nil, err
	}
	own, err := collect.OwnOrders(ctx, tx, p.WishID, p.AccountID)
	if err != nil {
		return done, nil, err
	}
	m := money{f, tx, e, own, p, o}
	fits, err := m.fits(ctx)
	switch {
	case err != nil:
		return done, nil, err
	case !fits:
		return Paid{Order: o, Payment: p, Late: true}, nil, m.late(ctx)
	}
	return Paid{Order: o, Payment: p, First: true}, nil, m.share(ctx)
}

// money is captured money on its way to its place.
type money struct {
	*Fund
	tx      *db.Tx
	escrow  escrow.Escrow
	own     collect.Own
	payment payment.Payment
	order   collect.Order
}

func (m money) paid() escrow.Payment {
	return escrow.Payment{OrderID: m.order.ID, AccountID: m.order.AccountID, Quantity: m.order.Quantity,
		Amount: m.payment.Amount}
}

// fits answers whether the money can become a share: the order is open, the wish takes money, and the member has no
// share that stands at the price.
func (m money) fits(ctx context.Context) (bool, error) {
	if !m.order.Open() || !m.escrow.Takes(m.paid()) {
		return false, nil
	}
	if m.own.Paid == nil {
		return true, nil
	}
	s, err := escrow.FindShare(ctx, m.tx, m.own.Paid.ID)
	return s.Ended() || m.escrow.Underpaid(s), err
}

// share makes a member's share of the money. An earlier one that was paid at a lower price goes back as a whole.
func (m money) share(ctx context.Context) error {
	if err := m.replace(ctx); err != nil {
		return err
	}
	o, p, e := m.order, m.payment, m.escrow
	if err := collect.Pay(ctx, m.tx, o); err != nil {
		return err
	}
	entry := ledger.PaidToEscrow(ledger.Payment{About: m.about(), PaymentID: p.ID, Gateway: m.GatewayName,
		Amount: p.Amount})
	if err := ledger.Post(ctx, m.tx, []ledger.Entry{entry}); err != nil {
		return err
	}
	if err := escrow.Pay(ctx, m.tx, o.WishID, []escrow.Payment{m.paid()}); err != nil {
		return err
	}
	if o.To.Named() {
		if err := address.Put(ctx, m.tx, o.ID, o.AccountID, address.Address(o.To)); err != nil {
			return err
		}
	}
	m.tx.Emit(event.Of(event.SharePaid{OrderID: o.ID, WishID: o.WishID, BidID: e.BidID, MerchantID: e.MerchantID,
		AccountID: o.AccountID, Quantity: o.Quantity, Amount: p.Amount}, 1))
	m.tell()
	return nil
}

// replace takes the member's earlier share out, and its order.
func (m money) replace(ctx context.Context) error {
	if m.own.Paid == nil {
		return nil
	}
	s, err := escrow.FindShare(ctx, m.tx, m.own.Paid.ID)
	if err != nil {
		return err
	}
	if !s.Ended() {
		acts := []escrow.Act{{OrderID: s.OrderID, Action: escrow.ActLapse, By: escrow.ByClock}}
		if err := m.take(ctx, m.tx, acts); err != nil {
			return err
		}
	}
	return collect.Leave(ctx, m.tx, *m.own.Paid)
}

// late books money that cannot become a share: it is owed back at once (R2c), and its refund is decided with it. The
// order is over, so that the next one begins with nothing.
func (m money) late(ctx context.Context) error {
	o, p := m.order, m.payment
	refund := payment.Refund{ID: market.RefundID(m.tx.NewID(market.PrefixRefund)), OrderID: o.ID, PaymentID: p.ID,
		WishID: o.WishID, AccountID: o.AccountID, Subject: "payment:" + string(p.ID), Amount: p.Amount,
		Cause: payment.CauseLateMoney, RequestedAt: m.tx.Now(), DueAt: m.RefundDue(m.tx.Now())}
	if o.Open() {
		if err := collect.Leave(ctx, m.tx, o); err != nil {
			return err
		}
	}
	ok, err := payment.DecideRefund(ctx, m.tx, []payment.Refund{refund})
	if err != nil {
		return err
	}
	if !ok {
		return collect.ErrMoved
	}
	entry := ledger.PaidLate(ledger.Payment{About: m.about(), PaymentID: p.ID, Gateway: m.GatewayName, Amount: p.Amount})
	if err := ledger.Post(ctx, m.tx, []ledger.Entry{entry}); err != nil {
		return err
	}
	m.tx.Enqueue(db.Job{Kind: event.JobRefundSend, Key: string(refund.ID),
		Payload: event.RefundJob{RefundID: refund.ID}})
	m.tell()
	return nil
}

func (m money) about() ledger.About {
	return ledger.About{OrderID: m.order.ID, MerchantID: m.escrow.MerchantID, PolicyID: m.escrow.PolicyID}
}

func (m money) tell() {
	touch(m.tx, m.order.WishID, m.escrow.MerchantID)
	version := db.Micros(m.tx.Now())
	for _, topic := range []string{"order:" + string(m.order.ID), "account:" + string(m.order.AccountID), "console"} {
		m.tx.Touch(topic, version)
	}
}
