package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/daybook"
)

// Figures are what a shop's sales and uses add up to, at the instant of the view they are read from. Hours are numbered
// as daybook.HourOf does, days as daybook.DayOf.
type Figures interface {
	// Deal gives what one deal of the shop adds up to.
	Deal(ctx context.Context, q db.Querier, id market.DealID) (daybook.Deal, error)
	// Usable counts vouchers that can still be used, or will be once their deal tips.
	Usable(ctx context.Context, q db.Querier) (int64, error)
	// Hours gives the hours from one on; hours of nothing are missing.
	Hours(ctx context.Context, q db.Querier, from int64) (map[int64]daybook.Hour, error)
	// Guests counts the distinct people who used something on a day.
	Guests(ctx context.Context, q db.Querier, day int64) (int64, error)
	// Joins gives how many distinct people joined a deal in each hour from one on.
	Joins(ctx context.Context, q db.Querier, id market.DealID, from int64) (map[int64]int64, error)
}

// FiguresOf gives a shop's figures from the daybook, or from their sources while the daybook is far behind. q must be
// one view of the database.
func FiguresOf(ctx context.Context, q db.Querier, shop market.MerchantID) (Figures, error) {
	view, err := daybook.Open(ctx, q, shop)
	if err != nil || view == nil {
		return Sources{shop}, err
	}
	return view, nil
}

// Sources adds a shop's figures up from orders, vouchers and uses: what the daybook must say. It takes the longer the
// more was sold.
type Sources struct{ Shop market.MerchantID }

// Deal adds one deal up.
func (Sources) Deal(ctx context.Context, q db.Querier, id market.DealID) (daybook.Deal, error) {
	return db.One(ctx, q, func(r db.Row) (daybook.Deal, error) {
		var d daybook.Deal
		err := r.Scan(&d.Orders, &d.Units, &d.Won, &d.BackUnits, &d.BackWon, &d.Uses, &d.Net, &d.Usable)
		return d, err
	}, `SELECT o.orders, o.units, o.won, o.back_units, o.back_won, u.uses, u.net, v.usable FROM
 (SELECT count(*) AS orders, CAST(coalesce(sum(quantity - refunded_units), 0) AS bigint) AS units,
 CAST(coalesce(sum(amount - refunded_won), 0) AS bigint) AS won,
 CAST(coalesce(sum(refunded_units), 0) AS bigint) AS back_units,
 CAST(coalesce(sum(refunded_won), 0) AS bigint) AS back_won FROM orders
 WHERE deal_id = $1 AND paid_at IS NOT NULL AND state IN ('paid', 'refunded')) o,
 (SELECT CAST(coalesce(sum(x.units), 0) AS bigint) AS uses, CAST(coalesce(sum(x.net), 0) AS bigint) AS net
 FROM voucher y JOIN redemption x ON x.voucher_id = y.id WHERE y.deal_id = $1 AND x.state = 'accepted') u,
 (SELECT count(*) AS usable FROM voucher WHERE deal_id = $1 AND state IN ('issued', 'active')) v`, string(id))
}

// Usable counts vouchers.
func (s Sources) Usable(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM voucher
 WHERE deal_id IN (SELECT id FROM deal WHERE merchant_id = $1 AND paid_units > 0) AND state IN ('issued', 'active')`,
		string(s.Shop))
}

// idSlack is by how much an id may be older than the instant that its row is of.
const idSlack = time.Hour

// hourStart is the first instant of an hour.
func hourStart(hour int64) time.Time { return time.Unix(hour*3600, 0).UTC() }

// Hours adds uses and orders up. A gateway whose answer was lost may confirm a payment weeks after the sale has ended:
// the end of a deal bounds nothing here.
func (s Sources) Hours(ctx context.Context, q db.Querier, from int64) (map[int64]daybook.Hour, error) {
	start := hourStart(from)
	out := map[int64]daybook.Hour{}
	type row struct {
		at int64
		daybook.Hour
	}
	uses, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var h row
		err := r.Scan(&h.at, &h.Uses, &h.Net)
		return h, err
	}, `SELECT at / 3600000000, CAST(sum(units) AS bigint), CAST(sum(net) AS bigint)
 FROM redemption WHERE merchant_id = $1 AND id >= $2 AND at >= $3 AND state = 'accepted' GROUP BY at / 3600000000`,
		string(s.Shop), id.From(market.PrefixRedemption, start.Add(-idSlack)), db.Micros(start))
	if err != nil {
		return nil, err
	}
	sold, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var h row
		err := r.Scan(&h.at, &h.People, &h.Units)
		return h, err
	}, `SELECT paid_at / 3600000000, count(DISTINCT account_id), CAST(sum(quantity - refunded_units) AS bigint)
 FROM orders WHERE deal_id IN (SELECT id FROM deal WHERE merchant_id = $1 AND state NOT IN ('draft', 'submitted',
 'returned', 'withdrawn', 'scheduled')) AND paid_at >= $2 AND state = 'paid' GROUP BY paid_at / 3600000000`,
		string(s.Shop), db.Micros(start))
	for _, h := range uses {
		out[h.at] = h.Hour
	}
	for _, h := range sold {
		both := out[h.at]
		both.People, both.Units = h.People, h.Units
		out[h.at] = both
	}
	for at, h := range out {
		if h == (daybook.Hour{}) {
			delete(out, at)
		}
	}
	return out, err
}

// Guests counts people among the uses of a day.
func (s Sources) Guests(ctx context.Context, q db.Querier, day int64) (int64, error) {
	start := daybook.DayStart(day)
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(DISTINCT account_id) FROM redemption
 WHERE merchant_id = $1 AND id >= $2 AND at >= $3 AND at < $4 AND state = 'accepted'`, string(s.Shop),
		id.From(market.PrefixRedemption, start.Add(-idSlack)), db.Micros(start),
		db.Micros(daybook.DayStart(day+1)))
}

// Joins counts people among the orders of a deal.
func (Sources) Joins(
	ctx context.Context, q db.Querier, id market.DealID, from int64,
) (map[int64]int64, error) {
	type row struct{ at, people int64 }
	rows, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var p row
		err := r.Scan(&p.at, &p.people)
		return p, err
	}, `SELECT paid_at / 3600000000, count(DISTINCT account_id) FROM orders
 WHERE deal_id = $1 AND paid_at >= $2 AND state = 'paid' GROUP BY paid_at / 3600000000`, string(id),
		db.Micros(hourStart(from)))
	out := make(map[int64]int64, len(rows))
	for _, p := range rows {
		out[p.at] = p.people
	}
	return out, err
}
