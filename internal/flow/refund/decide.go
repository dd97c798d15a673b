package refund

import (
	"context"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Deps are what the journey works with.
type Deps struct {
	DB          *db.DB
	Gateway     gateway.Gateway
	GatewayName string
	// Due gives the end of the legal time to refund.
	Due func(requested time.Time) time.Time
	// Interest gives what is owed in won on an amount refunded at an instant after its legal time.
	Interest func(amount int64, due, now time.Time) int64
	Log      *slog.Logger
}

// Refunds runs the journey.
type Refunds struct{ Deps }

// New makes the journey.
func New(deps Deps) *Refunds { return &Refunds{deps} }

// part is what goes back of one order.
type part struct {
	order    order.Order
	vouchers []voucher.Voucher
	subject  string
	cause    payment.Cause
}

// batch is the memory of one decision over several orders.
type batch struct {
	tx       *db.Tx
	deals    map[market.DealID]*deal.Sale
	limits   map[order.LimitKey]*order.Limit
	payments map[market.OrderID]payment.Payment

	refunds []payment.Refund
	backs   []order.Back
	leaves  []voucher.Leave
	entries []ledger.Entry
	totals  deal.Changes
	moves   map[order.LimitKey]order.LimitChange
}

// decide writes that parts of orders go back: everything in one transaction, or nothing.
func (r *Refunds) decide(ctx context.Context, tx *db.Tx, parts []part) ([]payment.Refund, error) {
	b, err := load(ctx, tx, parts)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if err := b.add(p, r.Due); err != nil {
			return nil, err
		}
	}
	if err := b.write(ctx); err != nil {
		return nil, err
	}
	b.tell()
	return b.refunds, nil
}

func load(ctx context.Context, tx *db.Tx, parts []part) (*batch, error) {
	b := &batch{tx: tx, totals: deal.Changes{}, moves: map[order.LimitKey]order.LimitChange{}}
	orders := make([]market.OrderID, len(parts))
	keys := make([]order.LimitKey, len(parts))
	deals := map[market.DealID]bool{}
	var dealIDs []market.DealID
	for i, p := range parts {
		orders[i] = p.order.ID
		keys[i] = order.LimitKey{DealID: p.order.DealID, AccountID: p.order.AccountID}
		if !deals[p.order.DealID] {
			deals[p.order.DealID] = true
			dealIDs = append(dealIDs, p.order.DealID)
		}
	}
	var err error
	if b.payments, err = payment.CapturedOf(ctx, tx, orders); err != nil {
		return nil, err
	}
	if b.deals, err = deal.LoadSales(ctx, tx, dealIDs); err != nil {
		return nil, err
	}
	b.limits, err = order.LoadLimits(ctx, tx, keys)
	return b, err
}

// add decides one part in memory.
func (b *batch) add(p part, due func(time.Time) time.Time) error {
	paid, ok := b.payments[p.order.ID]
	if !ok {
		return order.ErrUnpaid
	}
	sale := b.deals[p.order.DealID]
	f := payment.Refund{ID: market.RefundID(b.tx.NewID(market.PrefixRefund)), OrderID: p.order.ID, PaymentID: paid.ID,
		DealID: p.order.DealID, AccountID: p.order.AccountID, Subject: p.subject, Units: int64(len(p.vouchers)),
		Cause: p.cause, RequestedAt: b.tx.Now(), DueAt: due(b.tx.Now())}
	back := voucher.Backing{}
	for _, v := range p.vouchers {
		back = back.Add(v)
		b.leaves = append(b.leaves, voucher.Leave{ID: v.ID, RefundID: f.ID, From: v.State, UsedBefore: v.UnitsUsed})
	}
	f.Amount = back.Won
	b.refunds = append(b.refunds, f)
	b.backs = append(b.backs, order.Back{ID: p.order.ID, Units: f.Units, Won: f.Amount})
	b.post(p, f, sale.Deal.Tipped())
	b.count(p, sale, back)
	return nil
}

// post books the amounts from where they stand. A voucher of a tipped deal that no chunk has activated yet moves from
// pledged to unredeemed first, so that one refund has one source.
func (b *batch) post(p part, f payment.Refund, tipped bool) {
	about := ledger.About{DealID: p.order.DealID, OrderID: p.order.ID, MerchantID: p.order.MerchantID,
		PolicyID: p.order.PolicyID}
	for _, v := range p.vouchers {
		if v.AwaitsActivation(tipped) {
			one := about
			one.VoucherID = v.ID
			b.entries = append(b.entries, ledger.Tipped(ledger.Tip{About: one, Price: v.Price}))
		}
	}
	back := ledger.Return{About: about, RefundID: f.ID, Amount: f.Amount}
	if f.Cause == payment.CauseFailedToTip {
		b.entries = append(b.entries, ledger.NotTipped(back))
		return
	}
	b.entries = append(b.entries, ledger.RefundDecided(back, tipped))
}

// count lowers the deal's counters by what was never used.
func (b *batch) count(p part, sale *deal.Sale, back voucher.Backing) {
	key := order.LimitKey{DealID: p.order.DealID, AccountID: p.order.AccountID}
	limit := b.limits[key]
	change := deal.Change{Paid: -back.Unused, Won: -back.UnusedWon, People: limit.GonePerson(back.Unused)}
	sale.Move(p.order.OptionID, change)
	b.totals.Add(p.order.DealID, p.order.OptionID, change)
	limit.PaidUnits -= back.Unused
	sum := b.moves[key]
	sum.Paid -= back.Unused
	b.moves[key] = sum
}

func (b *batch) write(ctx context.Context) error {
	if ok, err := voucher.ToRefund(ctx, b.tx, b.leaves); err != nil || !ok {
		return changed(err)
	}
	if ok, err := order.GiveBack(ctx, b.tx, b.backs); err != nil || !ok {
		return changed(err)
	}
	if ok, err := payment.DecideRefund(ctx, b.tx, b.refunds); err != nil || !ok {
		return changed(err)
	}
	if ok, err := order.MoveLimits(ctx, b.tx, b.moves); err != nil || !ok {
		return changed(err)
	}
	if err := ledger.Post(ctx, b.tx, b.entries); err != nil {
		return err
	}
	if ok, err := deal.Apply(ctx, b.tx, b.totals); err != nil || !ok {
		return changed(err)
	}
	return nil
}

func (b *batch) tell() {
	version := db.Micros(b.tx.Now())
	for _, f := range b.refunds {
		merchant := b.deals[f.DealID].Deal.MerchantID
		b.tx.Emit(event.Of(event.OrderRefundDecided{OrderID: f.OrderID, DealID: f.DealID, MerchantID: merchant,
			AccountID: f.AccountID, RefundID: f.ID, Units: f.Units, Amount: f.Amount, Cause: string(f.Cause)}, version))
		b.tx.Enqueue(db.Job{Kind: event.JobRefundSend, Key: string(f.ID), Payload: event.RefundJob{RefundID: f.ID}})
		for _, topic := range []string{"deal:" + string(f.DealID), "order:" + string(f.OrderID),
			"merchant:" + string(merchant), "account:" + string(f.AccountID), "console"} {
			b.tx.Touch(topic, version)
		}
	}
	for _, l := range b.leaves {
		b.tx.Touch("voucher:"+string(l.ID), version)
	}
}

func changed(err error) error {
	if err != nil {
		return err
	}
	return voucher.ErrMoved
}

// Cancel gives a whole paid order back on the buyer's word: before the deal tips always, after it by the refund rules.
func (r *Refunds) Cancel(ctx context.Context, actor market.Actor, id market.OrderID) (payment.Refund, error) {
	return r.request(ctx, id, func(tx *db.Tx, o order.Order) (part, error) {
		if err := right.Check(actor, right.OrderRefund, right.Mine(o.AccountID)); err != nil {
			return part{}, err
		}
		list, err := voucher.OfOrder(ctx, tx, o.ID)
		if err != nil {
			return part{}, err
		}
		if list, err = voucher.Refundable(list, tx.Now()); err != nil {
			return part{}, err
		}
		earlier, err := payment.RefundsOf(ctx, tx, o.ID)
		return part{order: o, vouchers: list, subject: payment.NextSubject("order", earlier), cause: payment.CauseBuyer},
			err
	})
}

// CancelVoucher gives one voucher back by the refund rules.
func (r *Refunds) CancelVoucher(ctx context.Context, actor market.Actor, id market.VoucherID) (payment.Refund, error) {
	v, err := voucher.Find(ctx, r.DB, id)
	if err != nil {
		return payment.Refund{}, err
	}
	return r.request(ctx, v.OrderID, func(tx *db.Tx, o order.Order) (part, error) {
		if err := right.Check(actor, right.VoucherRefund, right.Mine(o.AccountID)); err != nil {
			return part{}, err
		}
		v, err := voucher.Find(ctx, tx, id)
		if err != nil {
			return part{}, err
		}
		list, err := voucher.Refundable([]voucher.Voucher{v}, tx.Now())
		return part{order: o, vouchers: list, subject: string(id), cause: payment.CauseBuyer}, err
	})
}

func (r *Refunds) request(
	ctx context.Context, id market.OrderID, fn func(*db.Tx, order.Order) (part, error),
) (payment.Refund, error) {
	var out payment.Refund
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := order.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := fn(tx, o)
		if err != nil {
			return err
		}
		refunds, err := r.decide(ctx, tx, []part{p})
		if err == nil {
			out = refunds[0]
		}
		return err
	})
	return out, err
}

const chunk = 128

// Deal gives every paid order of a failed or cancelled deal back, a chunk a transaction, until none is left.
func (r *Refunds) Deal(ctx context.Context, id market.DealID, cause payment.Cause) error {
	for after := market.OrderID(""); ; {
		var last market.OrderID
		var n int
		err := r.DB.Write(ctx, func(tx *db.Tx) error {
			orders, err := order.PaidOf(ctx, tx, id, after, chunk)
			if n = len(orders); err != nil || n == 0 {
				return err
			}
			last = orders[n-1].ID
			parts, err := wholes(ctx, tx, orders, cause)
			if err != nil {
				return err
			}
			_, err = r.decide(ctx, tx, parts)
			return err
		})
		if err != nil || n < chunk {
			return err
		}
		// A deal that is over takes no more money: nothing is paid behind our back, and what stays paid in this chunk,
		// because it was used, is not looked at again.
		after = last
	}
}

// wholes are the orders with every voucher that has not gone back or been used.
func wholes(ctx context.Context, tx *db.Tx, orders []order.Order, cause payment.Cause) ([]part, error) {
	ids := make([]market.OrderID, len(orders))
	for i, o := range orders {
		ids[i] = o.ID
	}
	all, err := voucher.OfOrders(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	by := map[market.OrderID][]voucher.Voucher{}
	for _, v := range all {
		if v.Standing() {
			by[v.OrderID] = append(by[v.OrderID], v)
		}
	}
	var parts []part
	for _, o := range orders {
		if len(by[o.ID]) > 0 {
			parts = append(parts, part{order: o, vouchers: by[o.ID], subject: "deal", cause: cause})
		}
	}
	return parts, nil
}
