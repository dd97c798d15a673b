package catalog

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
)

// Moment is something that just happened with a deal, told without anybody's name.
type Moment struct {
	Kind   string // of the event: order.paid, deal.tipped, voucher.redeemed
	DealID market.DealID
	Units  int64
	At     time.Time
}

// momentSpan is how far back in the feed moments are looked for: a bounded read however busy the instance is.
const momentSpan = 400

type told struct {
	kind, payload string
	at            time.Time
}

// Moments reads the newest public happenings from the feed's numbered events.
func Moments(ctx context.Context, q db.Querier, limit int) ([]Moment, error) {
	rows, err := db.All(ctx, q, func(r db.Row) (told, error) {
		var t told
		err := r.Scan(&t.kind, &t.payload, db.Time(&t.at))
		return t, err
	}, `SELECT kind, payload, at FROM kit_event WHERE seq > (SELECT seq FROM kit_feed WHERE name = 'events') - $1
 AND kind IN ('order.paid', 'deal.tipped', 'voucher.redeemed') ORDER BY seq DESC LIMIT $2`,
		int64(momentSpan), int64(limit))
	if err != nil {
		return nil, err
	}
	out := make([]Moment, 0, len(rows))
	for _, t := range rows {
		m := Moment{Kind: t.kind, At: t.at}
		switch t.kind {
		case event.OrderPaid{}.Kind():
			var e event.OrderPaid
			err = event.Decode(t.payload, &e)
			m.DealID, m.Units = e.DealID, e.Units
		case event.DealTipped{}.Kind():
			var e event.DealTipped
			err = event.Decode(t.payload, &e)
			m.DealID, m.Units = e.DealID, e.Progress
		default:
			var e event.VoucherRedeemed
			err = event.Decode(t.payload, &e)
			m.DealID, m.Units = e.DealID, e.Units
		}
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}
