package daybook

import (
	"context"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
)

// View is a shop's figures at one instant: the fold, and on top of it what the feed has not brought it yet.
type View struct {
	shop market.MerchantID
	tail *fold
}

// tailMax is how many events a view adds up by itself.
const tailMax = 2048

// Open looks at a shop's figures; all that is asked of the view must be read from the same view of the database. It
// gives nil while the projection is so far behind that adding up what waits would take longer than asking orders.
func Open(ctx context.Context, q db.Querier, shop market.MerchantID) (*View, error) {
	events, whole, err := feed.Waiting{Name: Projection, Kinds: Kinds(), Limit: tailMax}.Find(ctx, q)
	if err != nil || !whole {
		return nil, err
	}
	own := events[:0]
	for _, e := range events {
		if strings.Contains(e.Payload, `"`+string(shop)+`"`) {
			own = append(own, e)
		}
	}
	tail, err := foldOf(ctx, q, own)
	return &View{shop: shop, tail: tail}, err
}

// Deal gives what a deal of the shop adds up to.
func (v *View) Deal(ctx context.Context, q db.Querier, id market.DealID) (Deal, error) {
	d, err := db.One(ctx, q, func(r db.Row) (Deal, error) {
		var d Deal
		err := r.Scan(&d.Orders, &d.Units, &d.Won, &d.BackUnits, &d.BackWon, &d.Uses, &d.Net, &d.Usable)
		return d, err
	}, `SELECT orders, units, won, back_units, back_won, uses, net, usable FROM daybook_deal WHERE deal_id = $1`,
		string(id))
	if err != nil && !db.IsNoRow(err) {
		return d, err
	}
	return d.plus(v.tail.deals[dealKey{v.shop, id}]), nil
}

// Usable counts the shop's vouchers that can still be used, or will be once their deal tips.
func (v *View) Usable(ctx context.Context, q db.Querier) (int64, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT CAST(coalesce(sum(usable), 0) AS bigint) FROM daybook_deal
 WHERE merchant_id = $1`, string(v.shop))
	for k, d := range v.tail.deals {
		if k.shop == v.shop {
			n += d.Usable
		}
	}
	return n, err
}

// Hours gives what the shop's hours from one on brought, by their numbers; hours of nothing are missing.
func (v *View) Hours(ctx context.Context, q db.Querier, from int64) (map[int64]Hour, error) {
	type row struct {
		at int64
		Hour
	}
	rows, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var h row
		err := r.Scan(&h.at, &h.Uses, &h.Net, &h.People, &h.Units)
		return h, err
	}, `SELECT hour, uses, net, people, units FROM daybook_hour WHERE merchant_id = $1 AND hour >= $2`,
		string(v.shop), from)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Hour, len(rows))
	for _, h := range rows {
		out[h.at] = h.Hour
	}
	for k, h := range v.tail.hours {
		if k.shop == v.shop && k.hour >= from {
			out[k.hour] = out[k.hour].plus(h)
		}
	}
	for at, h := range out {
		if h == (Hour{}) {
			delete(out, at)
		}
	}
	return out, nil
}

// Guests counts the distinct people who used something at the shop on a day.
func (v *View) Guests(ctx context.Context, q db.Querier, day int64) (int64, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT guests FROM daybook_day WHERE merchant_id = $1 AND day = $2`,
		string(v.shop), day)
	if err != nil && !db.IsNoRow(err) {
		return 0, err
	}
	return n + v.tail.days[dayKey{v.shop, day}], nil
}

// Joins gives how many distinct people joined a deal of the shop in each hour from one on.
func (v *View) Joins(ctx context.Context, q db.Querier, id market.DealID, from int64) (map[int64]int64, error) {
	type row struct{ at, people int64 }
	rows, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var p row
		err := r.Scan(&p.at, &p.people)
		return p, err
	}, `SELECT hour, people FROM daybook_pace WHERE deal_id = $1 AND hour >= $2`, string(id), from)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]int64, len(rows))
	for _, p := range rows {
		out[p.at] = p.people
	}
	for k, people := range v.tail.paces {
		if k.deal == id && k.hour >= from {
			out[k.hour] += people
		}
	}
	for at, people := range out {
		if people == 0 {
			delete(out, at)
		}
	}
	return out, nil
}

// Lately counts who joined in a time until now, from hours: somebody counts once in each, and the hour in which the
// time begins counts in part.
func Lately(hours map[int64]int64, now time.Time, span time.Duration) int64 {
	since := now.Add(-span)
	first := HourOf(since)
	n := int64(0)
	for at, people := range hours {
		switch {
		case at > first:
			n += people
		case at == first:
			n += people * (hourMicros - db.Micros(since)%hourMicros) / hourMicros
		}
	}
	return n
}
