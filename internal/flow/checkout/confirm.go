package checkout

import (
	"context"
	"sort"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// ConfirmCmd is the gateway's answer to an attempt.
type ConfirmCmd struct {
	PaymentID market.PaymentID
	gateway.Answer
	Keep  Keep   // nil keeps no answer
	guess *guess // nil reads
}

// Keep makes the answer that is kept under the asker's key, in the very transaction in which the order is paid: it must
// not look outside.
type Keep func(Confirmed) answer.Row

// Confirmed is what became of the order.
type Confirmed struct {
	Order   order.Order
	Payment payment.Payment
	// Late tells that the money came when no unit was left: it goes back by itself.
	Late bool
	// Paid tells that this very command paid the order: Vouchers are what it gave, and the answer was kept.
	Paid     bool
	Vouchers []voucher.Voucher
}

// confirmBatch is the memory of one batch of answers.
type confirmBatch struct {
	*work
	keys     voucher.Keys
	gateway  string
	paid     []*order.Order
	vouchers []voucher.Voucher
	entries  []ledger.Entry
	refunds  []payment.Refund
	kept     []answer.Row
	dueAt    func(time.Time) time.Time
}

// Confirm writes the gateway's answer to one attempt of a deal's order.
func (c *Checkout) Confirm(ctx context.Context, id market.DealID, cmd ConfirmCmd) (Confirmed, error) {
	return c.confirming.Do(ctx, string(id), cmd)
}

// ConfirmBatch turns captured money into paid orders with their vouchers, and decides the tipping point.
func (c *Checkout) ConfirmBatch(ctx context.Context, tx *db.Tx, cmds []ConfirmCmd) ([]lane.Answer[Confirmed], error) {
	ids, guesses := make([]market.PaymentID, len(cmds)), make([]*guess, len(cmds))
	for i, cmd := range cmds {
		ids[i], guesses[i] = cmd.PaymentID, cmd.guess
	}
	loaded, err := loadWork(ctx, tx, ids, guesses)
	if err != nil {
		return nil, err
	}
	b := &confirmBatch{work: loaded, keys: c.Keys, gateway: c.GatewayName, dueAt: c.RefundDue}
	answers := make([]lane.Answer[Confirmed], len(cmds))
	for i, cmd := range cmds {
		if answers[i].Value, answers[i].Err = b.decide(cmd); !answers[i].Value.Paid || cmd.Keep == nil {
			continue
		}
		b.kept = append(b.kept, cmd.Keep(answers[i].Value))
	}
	if ok, err := b.claim(ctx); err != nil || !ok {
		refute(guesses)
		return nil, again(err)
	}
	if ok, err := payment.DecideRefund(ctx, tx, b.refunds); err != nil || !ok {
		return nil, again(err)
	}
	if err := voucher.Insert(ctx, tx, b.vouchers); err != nil {
		return nil, err
	}
	if _, err := answer.Offer(ctx, tx, b.kept); err != nil {
		return nil, err
	}
	b.tell()
	tx.Late(func(ctx context.Context) error { return ledger.Post(ctx, tx, b.entries) })
	tx.Last(b.tip)
	return answers, nil
}

// decide answers one command in memory. An attempt that has ended answers as it ended, whatever comes later.
func (b *confirmBatch) decide(cmd ConfirmCmd) (Confirmed, error) {
	p, ok := b.payments[cmd.PaymentID]
	if !ok {
		return Confirmed{}, payment.ErrNotFound
	}
	o := b.orders[p.OrderID]
	if p.Ended() {
		return Confirmed{Order: *o, Payment: *p}, p.Outcome()
	}
	if !cmd.Captured {
		p.State, p.OutcomeCode = payment.Declined, cmd.Code
		b.endings = append(b.endings, payment.Ending{ID: p.ID, State: payment.Declined, PaymentKey: cmd.PaymentKey,
			Code: cmd.Code, Version: b.guessedPayments[p.ID]})
		return Confirmed{Order: *o, Payment: *p}, p.Outcome()
	}
	if cmd.Amount != p.Amount {
		return Confirmed{Order: *o, Payment: *p}, payment.ErrAmount.With("Want", p.Amount, "Got", cmd.Amount)
	}
	p.State, p.PaymentKey, p.Refundable = payment.Captured, cmd.PaymentKey, cmd.Amount
	b.endings = append(b.endings, payment.Ending{ID: p.ID, State: payment.Captured, PaymentKey: cmd.PaymentKey,
		Amount: cmd.Amount, Version: b.guessedPayments[p.ID]})
	if !b.retake(o) || !b.sales[o.DealID].Deal.TakesMoney() {
		return b.late(p, o), nil
	}
	return b.pay(p, o), nil
}

// late books money that found no unit: it is owed back at once (R2c), and its refund is decided with it.
func (b *confirmBatch) late(p *payment.Payment, o *order.Order) Confirmed {
	b.entries = append(b.entries, ledger.PaidLate(b.ledgerPayment(p, o, false)))
	refund := payment.Refund{ID: market.RefundID(b.tx.NewID(market.PrefixRefund)), OrderID: o.ID, PaymentID: p.ID,
		DealID: o.DealID, AccountID: o.AccountID, Subject: "payment:" + string(p.ID), Amount: p.Amount,
		Cause: payment.CauseLateMoney, RequestedAt: b.tx.Now(), DueAt: b.dueAt(b.tx.Now())}
	b.refunds = append(b.refunds, refund)
	b.tx.Enqueue(db.Job{Kind: event.JobRefundSend, Key: string(refund.ID),
		Payload: event.RefundJob{RefundID: refund.ID}})
	return Confirmed{Order: *o, Payment: *p, Late: true}
}

func (b *confirmBatch) ledgerPayment(p *payment.Payment, o *order.Order, tipped bool) ledger.Payment {
	return ledger.Payment{
		About:     ledger.About{DealID: o.DealID, OrderID: o.ID, MerchantID: o.MerchantID, PolicyID: o.PolicyID},
		PaymentID: p.ID, Gateway: b.gateway, Amount: p.Amount, Tipped: tipped,
	}
}

// pay turns the hold into a place in the deal.
func (b *confirmBatch) pay(p *payment.Payment, o *order.Order) Confirmed {
	sale := b.sales[o.DealID]
	tipped := sale.Deal.Tipped()
	b.addSale(o, deal.Change{Held: -o.Quantity, Paid: o.Quantity, People: b.limitOf(o, sale).NewPerson(), Won: o.Amount})
	b.moveLimit(o, order.LimitChange{Held: -o.Quantity, Paid: o.Quantity})
	b.steps = append(b.steps, order.Step{ID: o.ID, From: order.Held, To: order.Paid, At: b.tx.Now(),
		Version: b.guessedOrders[o.ID]})
	o.State, o.PaidAt, o.Version = order.Paid, b.tx.Now(), o.Version+1
	b.paid = append(b.paid, o)
	terms := b.terms[deal.TermsKey{DealID: o.DealID, Version: o.TermsVersion}]
	made := voucher.Make(voucher.Plan{
		OrderID: o.ID, DealID: o.DealID, OptionID: o.OptionID, MerchantID: o.MerchantID, AccountID: o.AccountID,
		Quantity: o.Quantity, Amount: o.Amount, UsesEach: sale.Options[o.OptionID].Uses,
		CommissionBP: terms.CommissionBP, Branches: terms.Branches, Rules: terms.Rules, TermsVersion: terms.Version,
		RefundProfile: terms.RefundProfile, ValidDays: terms.ValidDays, PaidAt: o.PaidAt, Tipped: tipped,
	}, b.keys, b.tx.NewID)
	b.vouchers = append(b.vouchers, made...)
	b.entries = append(b.entries, ledger.Paid(b.ledgerPayment(p, o, tipped)))
	return Confirmed{Order: *o, Payment: *p, Paid: true, Vouchers: made}
}

// tell emits what happened and moves the screens.
func (b *confirmBatch) tell() {
	version := db.Micros(b.tx.Now())
	for _, o := range b.paid {
		b.tx.Emit(event.Of(event.OrderPaid{OrderID: o.ID, DealID: o.DealID, MerchantID: o.MerchantID,
			AccountID: o.AccountID, Units: o.Quantity, Amount: o.Amount}, o.Version))
		for _, topic := range []string{"deal:" + string(o.DealID), "order:" + string(o.ID),
			"merchant:" + string(o.MerchantID), "account:" + string(o.AccountID), "console"} {
			b.tx.Touch(topic, version)
		}
	}
}

// tip decides the point for every deal that got money and had not tipped, once for all nodes.
func (b *confirmBatch) tip(ctx context.Context) error {
	ids := make([]market.DealID, 0, len(b.totals))
	for id := range b.totals {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	for _, id := range ids {
		d := b.sales[id].Deal
		if d.Tipped() {
			continue
		}
		now, err := deal.Tip(ctx, b.tx, id)
		if err != nil {
			return err
		}
		before := false
		if !now {
			// Another node may have tipped it since this batch read it: then our vouchers still wait as issued.
			if before, err = deal.HasTipped(ctx, b.tx, id); err != nil {
				return err
			}
		}
		if now {
			b.tx.Emit(event.Of(event.DealTipped{DealID: id, MerchantID: d.MerchantID, Progress: d.Progress(),
				Threshold: d.Threshold}, d.Version+1))
		}
		if now || before {
			key := string(id) + ":" + strconv.FormatInt(db.Micros(b.tx.Now()), 36)
			b.tx.Enqueue(db.Job{Kind: event.JobDealActivate, Key: key, Payload: event.DealJob{DealID: id}})
		}
	}
	return nil
}
