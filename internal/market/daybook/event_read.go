package daybook

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
)

// Projection names the fold's place in the feed.
const Projection = "daybook"

// Kinds are the events the fold follows.
func Kinds() []string {
	return []string{event.OrderPaid{}.Kind(), event.OrderRefundDecided{}.Kind(), event.VoucherRedeemed{}.Kind(),
		event.VoucherUndone{}.Kind(), event.VoucherExpired{}.Kind()}
}

// fact is an event with what it does not say itself, which never changes once it is true.
type fact struct {
	event event.Event
	at    time.Time // of the event
	about time.Time // the instant whose hour it counts in: when the order was paid, or the voucher used
	ends  bool      // a use that leaves no use of its voucher, or the undo of such a one
}

// read decodes events and looks up what they do not say.
func read(ctx context.Context, q db.Querier, events []feed.Event) ([]fact, error) {
	facts := make([]fact, len(events))
	var orders []market.OrderID
	var uses []market.RedemptionID
	for i, e := range events {
		decoded, err := decode(e)
		if err != nil {
			return nil, err
		}
		facts[i] = fact{event: decoded, at: e.At, about: e.At}
		switch e := decoded.(type) {
		case *event.OrderRefundDecided:
			if e.Units > 0 {
				orders = append(orders, e.OrderID)
			}
		case *event.VoucherRedeemed:
			if facts[i].ends = e.First > 0 && e.First+e.Units > e.Total; e.First == 0 {
				uses = append(uses, e.RedemptionID)
			}
		case *event.VoucherUndone:
			uses = append(uses, e.RedemptionID)
		}
	}
	paid, err := paidAt(ctx, q, orders)
	if err != nil {
		return nil, err
	}
	used, err := usesOf(ctx, q, uses)
	if err != nil {
		return nil, err
	}
	for i := range facts {
		facts[i].complete(paid, used)
	}
	return facts, nil
}

func (f *fact) complete(paid map[market.OrderID]time.Time, used map[market.RedemptionID]use) {
	switch e := f.event.(type) {
	case *event.OrderRefundDecided:
		if e.Units > 0 {
			f.about = paid[e.OrderID]
		}
	case *event.VoucherRedeemed:
		if e.First == 0 {
			f.ends = used[e.RedemptionID].ends
		}
	case *event.VoucherUndone:
		f.about, f.ends = used[e.RedemptionID].at, used[e.RedemptionID].ends
	}
}

func decode(e feed.Event) (event.Event, error) {
	var to event.Event
	switch e.Kind {
	case event.OrderPaid{}.Kind():
		to = &event.OrderPaid{}
	case event.OrderRefundDecided{}.Kind():
		to = &event.OrderRefundDecided{}
	case event.VoucherRedeemed{}.Kind():
		to = &event.VoucherRedeemed{}
	case event.VoucherUndone{}.Kind():
		to = &event.VoucherUndone{}
	case event.VoucherExpired{}.Kind():
		to = &event.VoucherExpired{}
	default:
		return nil, fmt.Errorf("daybook: kind %s was not asked for", e.Kind)
	}
	return to, event.Decode(e.Payload, to)
}

// paidAt reads when orders were paid.
func paidAt(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]time.Time, error) {
	type paid struct {
		id market.OrderID
		at time.Time
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (paid, error) {
		var p paid
		err := r.Scan(&p.id, db.Time(&p.at))
		return p, err
	}, `SELECT id, paid_at FROM orders WHERE id IN `+db.IDsMark, ids)
	out := make(map[market.OrderID]time.Time, len(rows))
	for _, p := range rows {
		out[p.id] = p.at
	}
	return out, err
}

// use is when something was used, and whether it was the last use of its voucher.
type use struct {
	id   market.RedemptionID
	at   time.Time
	ends bool
}

func usesOf(ctx context.Context, q db.Querier, ids []market.RedemptionID) (map[market.RedemptionID]use, error) {
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (use, error) {
		var u use
		err := r.Scan(&u.id, db.Time(&u.at), &u.ends)
		return u, err
	}, `SELECT r.id, r.at, r.first_use + r.units > v.units_total FROM redemption r JOIN voucher v ON v.id = r.voucher_id
 WHERE r.id IN `+db.IDsMark, ids)
	out := make(map[market.RedemptionID]use, len(rows))
	for _, u := range rows {
		out[u.id] = u
	}
	return out, err
}
