package outcome

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// ErrMoved asks to look again: a payment was drawn on by somebody else meanwhile.
var ErrMoved = fail.New(fail.Conflict, "escrow.moved")

// Outcome posts what shares come to.
type Outcome struct {
	due func(requested time.Time) time.Time
}

// New makes it; due gives the end of the legal time to refund.
func New(due func(requested time.Time) time.Time) Outcome { return Outcome{due: due} }

// Post books shares that have ended and begins the refunds of what goes back to their members. Two orders of a batch
// are two shares. It answers ErrMoved when a payment has less left than its share: nothing may then be written.
func (o Outcome) Post(ctx context.Context, tx *db.Tx, ends []escrow.End) error {
	b, err := o.begin(ctx, tx, ordersOf(ends, func(e escrow.End) escrow.Share { return e.Share }))
	if err != nil {
		return err
	}
	for _, e := range ends {
		b.end(e)
	}
	return b.write(ctx)
}

// Lower books what goes back to members because the price fell (R14), and begins the refunds.
func (o Outcome) Lower(ctx context.Context, tx *db.Tx, falls []escrow.Fall) error {
	b, err := o.begin(ctx, tx, ordersOf(falls, func(f escrow.Fall) escrow.Share { return f.Share }))
	if err != nil {
		return err
	}
	for _, f := range falls {
		b.fall(f)
	}
	return b.write(ctx)
}

// Freeze books that a share is disputed (R16). The share is the one that was frozen, of the escrow e.
func (o Outcome) Freeze(ctx context.Context, tx *db.Tx, e escrow.Escrow, s escrow.Share) error {
	about := ledger.About{OrderID: s.OrderID, MerchantID: e.MerchantID, PolicyID: e.PolicyID}
	return ledger.Post(ctx, tx, []ledger.Entry{ledger.Disputed(about, s.Amount)})
}

func ordersOf[T any](list []T, share func(T) escrow.Share) []market.OrderID {
	ids := make([]market.OrderID, len(list))
	for i, one := range list {
		ids[i] = share(one).OrderID
	}
	return ids
}

// batch is what one step's shares come to.
type batch struct {
	tx       *db.Tx
	due      time.Time
	payments map[market.OrderID]payment.Payment
	entries  []ledger.Entry
	refunds  []payment.Refund
	events   []event.Event
	sellers  map[market.MerchantID]bool
}

func (o Outcome) begin(ctx context.Context, tx *db.Tx, ids []market.OrderID) (*batch, error) {
	b := &batch{tx: tx, due: o.due(tx.Now()), sellers: map[market.MerchantID]bool{}}
	var err error
	b.payments, err = payment.SharesOf(ctx, tx, ids)
	return b, err
}

// end books one share that has ended: out of a dispute to each a part, else wholly to the seller or wholly back.
func (b *batch) end(e escrow.End) {
	about := ledger.About{OrderID: e.OrderID, MerchantID: e.MerchantID, PolicyID: e.PolicyID}
	release := ledger.Release{About: about, Earning: ledger.Earn(e.Released, e.CommissionBP)}
	back := ledger.Return{About: about, Amount: e.Refunded}
	if e.Refunds() {
		back.RefundID = b.giveBack(e.Share, "share", e.Refunded, causeOf(e))
	}
	switch {
	case e.Frozen():
		b.entries = append(b.entries, ledger.Ruled(ledger.Ruling{Release: release, Refunded: e.Refunded}))
	case e.Releases():
		b.entries = append(b.entries, ledger.Released(release))
	default:
		b.entries = append(b.entries, ledger.EscrowReturned(back))
	}
	b.sellers[e.MerchantID] = true
	b.events = append(b.events, event.ShareEnded{OrderID: e.OrderID, WishID: e.WishID, BidID: e.BidID,
		MerchantID: e.MerchantID, AccountID: e.AccountID, Outcome: string(e.Outcome), Quantity: e.Quantity,
		Released: e.Released, Refunded: e.Refunded})
}

// fall books what goes back of a share that lives on.
func (b *batch) fall(f escrow.Fall) {
	// Every fall of a share raises its version: the number tells one fall from the next.
	subject := "price/" + strconv.FormatInt(f.Version, 10)
	id := b.giveBack(f.Share, subject, f.Difference, payment.CausePriceFell)
	b.entries = append(b.entries, ledger.PriceFell(ledger.Return{About: ledger.About{OrderID: f.OrderID,
		MerchantID: f.MerchantID, PolicyID: f.PolicyID}, RefundID: id, Amount: f.Difference}))
	b.events = append(b.events, event.ShareFell{OrderID: f.OrderID, WishID: f.WishID, AccountID: f.AccountID,
		Amount: f.Amount, Back: f.Difference})
}

// giveBack begins a refund of a share's payment and names it.
func (b *batch) giveBack(s escrow.Share, subject string, won money.Won, cause payment.Cause) market.RefundID {
	f := payment.Refund{ID: market.RefundID(b.tx.NewID(market.PrefixRefund)), OrderID: s.OrderID,
		PaymentID: b.payments[s.OrderID].ID, WishID: s.WishID, AccountID: s.AccountID, Subject: subject, Amount: won,
		Cause: cause, RequestedAt: b.tx.Now(), DueAt: b.due}
	b.refunds = append(b.refunds, f)
	return f.ID
}

func (b *batch) write(ctx context.Context) error {
	if ok, err := payment.DecideRefund(ctx, b.tx, b.refunds); err != nil || !ok {
		return moved(err)
	}
	if err := ledger.Post(ctx, b.tx, b.entries); err != nil {
		return err
	}
	b.tell()
	return nil
}

func moved(err error) error {
	if err != nil {
		return err
	}
	return ErrMoved
}

func (b *batch) tell() {
	version := db.Micros(b.tx.Now())
	topics := map[string]bool{"console": true}
	for _, f := range b.refunds {
		b.tx.Enqueue(db.Job{Kind: event.JobRefundSend, Key: string(f.ID), Payload: event.RefundJob{RefundID: f.ID}})
	}
	for _, e := range b.events {
		b.tx.Emit(event.Of(e, version))
	}
	for _, p := range b.payments {
		for _, t := range []string{"order:" + string(p.OrderID), "account:" + string(p.AccountID),
			"wish:" + string(p.WishID)} {
			topics[t] = true
		}
	}
	for id := range b.sellers {
		topics["merchant:"+string(id)] = true
	}
	for _, t := range slices.Sorted(maps.Keys(topics)) {
		b.tx.Touch(t, version)
	}
}
