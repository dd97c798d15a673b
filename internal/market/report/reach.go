package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/daybook"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Reach is who has a shop near: what people did by themselves, counted, and nothing reckoned.
type Reach struct {
	Followers    int64 // distinct people who follow the shop
	NewFollowers int64 // of them, those who began in the last seven days
	Kept         int64 // distinct people who keep a deal of the shop that is coming or running
	Waiting      int64 // of them, those who asked to be told when a coming one begins
}

// reachDays is how long a follower is called new.
const reachDays = 7 * 24 * time.Hour

// ReachOf counts who has a shop near.
func ReachOf(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (Reach, error) {
	var x Reach
	_, err := db.One(ctx, q, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&x.Followers, &x.NewFollowers)
	}, `SELECT count(*), CAST(coalesce(sum(CASE WHEN at >= $2 THEN 1 ELSE 0 END), 0) AS bigint)
 FROM merchant_follow WHERE merchant_id = $1`, string(shop), db.Micros(now.Add(-reachDays)))
	if err != nil {
		return x, err
	}
	_, err = db.One(ctx, q, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&x.Kept, &x.Waiting)
	}, `SELECT count(DISTINCT b.account_id),
 count(DISTINCT CASE WHEN b.notify = TRUE AND d.state = 'scheduled' THEN b.account_id END)
 FROM deal d JOIN deal_bookmark b ON b.deal_id = d.id
 WHERE d.merchant_id = $1 AND d.state IN ('scheduled', 'on_sale', 'closing', 'asking')`, string(shop))
	return x, err
}

// Lead is a running sale at an instant.
type Lead struct {
	Row Row
	Now time.Time
}

// GuessOf guesses where a running sale will end, from its own row and who came in the last day.
func GuessOf(ctx context.Context, q db.Querier, f Figures, lead Lead) (deal.Guess, bool, error) {
	d, now := lead.Row.Deal, lead.Now
	if !d.In(deal.OnSale) {
		return deal.Guess{}, false, nil
	}
	joins, err := f.Joins(ctx, q, d.ID, daybook.HourOf(now.Add(-deal.PaceLately)))
	if err != nil {
		return deal.Guess{}, false, err
	}
	lately := min(d.People, daybook.Lately(joins, now, deal.PaceLately))
	guess, said := deal.Pace{Done: d.Progress(), People: d.People, Lately: lately, Room: lead.Row.room(),
		Starts: d.StartsAt, Ends: d.EndsAt, Now: now}.Guess()
	return guess, said, nil
}

// room is how much more a deal can sell, in the kind of its threshold; people take one unit each at least.
func (r Row) room() int64 {
	left := r.Deal.Capacity - r.Deal.PaidUnits
	if r.Deal.ThresholdKind == deal.ThresholdWon {
		return left * r.PriceMost
	}
	return left
}
