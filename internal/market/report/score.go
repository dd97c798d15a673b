package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// Standing is what a draft's place in the operator's sorting rests on: four parts of 0 to 100, and the facts behind
// them. Price, discount and quantity are not among them.
type Standing struct {
	Satisfaction int64 `json:"satisfaction"`
	Promises     int64 `json:"promises"`
	Region       int64 `json:"region"`
	Category     int64 `json:"category"`
	Facts        Facts `json:"facts"`
}

// Facts are the counts behind a standing.
type Facts struct {
	Answers    int64 `json:"answers"`     // verified guests who said how it was
	Tenths     int64 `json:"tenths"`      // their mean, in tenths
	NewTaste   bool  `json:"new_taste"`   // too few answers: the median stands in
	Uses       int64 `json:"uses"`        // in the last half year
	Broken     int64 `json:"broken"`      // uses undone, unequal treatment, refunds the shop owed, cancelled sales
	NewPromise bool  `json:"new_promise"` // too few uses: the median stands in
	InRegion   int64 `json:"in_region"`   // other deals in the draft's regions in its weeks
	InCategory int64 `json:"in_category"` // those of its category
}

// Below these, a shop is new and gets the median of the shops that sold last.
const (
	answersLeast = 5
	usesLeast    = 10
	peers        = 21
	halfFull     = 50
	recently     = 180 * 24 * time.Hour
)

// Half of a need is met when so many deals run at the same time.
const (
	regionHalf   = 6
	categoryHalf = 2
	cancelWeight = 10 // a cancelled sale counts as so many broken uses
)

// Score weighs the parts as the policy says, 0 to 100.
func (s Standing) Score(weights policy.Queue) int64 {
	return weights.Score(s.Satisfaction, s.Promises, s.Region, s.Category)
}

// Text is the standing as a deal keeps it.
func (s Standing) Text() (string, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("standing: %w", err)
	}
	return string(text), nil
}

// ReadStanding reads what a deal keeps; false for a draft that was never handed in.
func ReadStanding(text string) (Standing, bool) {
	var s Standing
	if text == "" || json.Unmarshal([]byte(text), &s) != nil {
		return Standing{}, false
	}
	return s, true
}

// StandingOf reckons a draft's standing from verified facts.
func StandingOf(
	ctx context.Context, q db.Querier, d deal.Deal, category market.CategoryID, now time.Time,
) (Standing, error) {
	own, err := historyOf(ctx, q, d.MerchantID, now)
	if err != nil {
		return Standing{}, err
	}
	s := Standing{Facts: Facts{Answers: own.asked.GuestsAnswered, Tenths: own.asked.GuestsTenths(), Uses: own.uses,
		Broken: own.broken, NewTaste: own.asked.GuestsAnswered < answersLeast, NewPromise: own.uses < usesLeast}}
	s.Satisfaction, s.Promises = own.satisfaction(), own.promises()
	if s.Facts.NewTaste || s.Facts.NewPromise {
		taste, promise, err := medians(ctx, q, d.MerchantID, now)
		if err != nil {
			return s, err
		}
		if s.Facts.NewTaste {
			s.Satisfaction = taste
		}
		if s.Facts.NewPromise {
			s.Promises = promise
		}
	}
	if s.Facts.InRegion, s.Facts.InCategory, err = beside(ctx, q, d, category); err != nil {
		return s, err
	}
	s.Region, s.Category = need(s.Facts.InRegion, regionHalf), need(s.Facts.InCategory, categoryHalf)
	return s, nil
}

// need falls from 100 towards nothing with every deal that is there already.
func need(there, half int64) int64 { return 100 * half / (half + there) }

// past is what a shop did so far.
type past struct {
	asked        catalog.Satisfaction
	uses, broken int64
}

// satisfaction turns one to five into 0 to 100.
func (p past) satisfaction() int64 {
	if p.asked.GuestsAnswered == 0 {
		return halfFull
	}
	return (p.asked.GuestsSum - p.asked.GuestsAnswered) * 25 / p.asked.GuestsAnswered
}

func (p past) promises() int64 {
	if p.uses == 0 {
		return halfFull
	}
	return 100 * max(0, p.uses-p.broken) / p.uses
}

func historyOf(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (past, error) {
	var p past
	var err error
	if p.asked, err = catalog.Of(ctx, q, "merchant:"+string(shop)); err != nil {
		return p, err
	}
	since := now.Add(-recently)
	_, err = db.One(ctx, q, func(r db.Row) (struct{}, error) {
		var undone, unequal, owed, cancelled int64
		err := r.Scan(&p.uses, &undone, &unequal, &owed, &cancelled)
		p.broken = undone + unequal + owed + cancelWeight*cancelled
		return struct{}{}, err
	}, `SELECT
 (SELECT count(*) FROM redemption WHERE merchant_id = $1 AND id >= $2),
 (SELECT count(*) FROM redemption WHERE merchant_id = $1 AND id >= $2 AND state = 'annulled'),
 (SELECT count(*) FROM feedback_ask WHERE merchant_id = $1 AND answered_at >= $3 AND same_treatment = FALSE),
 (SELECT count(*) FROM refund f WHERE f.cause = 'shop' AND f.order_id IN (SELECT o.id FROM orders o
 WHERE o.deal_id IN (SELECT d.id FROM deal d WHERE d.merchant_id = $1) AND o.refunded_units > 0 AND o.id >= $4)),
 (SELECT count(*) FROM deal WHERE merchant_id = $1 AND state = 'cancelled' AND ends_at >= $3)`,
		string(shop), id.From(market.PrefixRedemption, since), db.Micros(since), id.From(market.PrefixOrder, since))
	return p, err
}

// medians are those of the shops that sold last, the middle of what neighbours reached.
func medians(
	ctx context.Context, q db.Querier, but market.MerchantID, now time.Time,
) (taste, promise int64, err error) {
	sellers, err := db.All(ctx, q, db.Scalar[market.MerchantID], `SELECT merchant_id FROM deal
 WHERE state IN ('on_sale', 'ended') AND merchant_id <> $1 ORDER BY ends_at DESC, id LIMIT $2`, string(but),
		int64(peers*4))
	if err != nil {
		return 0, 0, err
	}
	slices.Sort(sellers)
	sellers = slices.Compact(sellers)
	var tastes, promises []int64
	for _, shop := range sellers[:min(peers, len(sellers))] {
		p, err := historyOf(ctx, q, shop, now)
		if err != nil {
			return 0, 0, err
		}
		if p.asked.GuestsAnswered >= answersLeast {
			tastes = append(tastes, p.satisfaction())
		}
		if p.uses >= usesLeast {
			promises = append(promises, p.promises())
		}
	}
	return median(tastes), median(promises), nil
}

func median(of []int64) int64 {
	if len(of) == 0 {
		return halfFull
	}
	slices.Sort(of)
	return of[len(of)/2]
}

// beside counts the deals that run in the draft's weeks in any of its regions, and those of its category among them.
func beside(
	ctx context.Context, q db.Querier, d deal.Deal, category market.CategoryID,
) (inRegion, inCategory int64, err error) {
	_, err = db.One(ctx, q, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&inRegion, &inCategory)
	}, `SELECT count(*), coalesce(CAST(sum(CASE WHEN t.category_id = $5 THEN 1 ELSE 0 END) AS bigint), 0)
 FROM deal x JOIN deal_terms t ON t.deal_id = x.id AND t.version = x.terms_version
 WHERE x.state IN ('scheduled', 'on_sale') AND x.starts_at < $3 AND x.ends_at > $2 AND x.id <> $1
 AND EXISTS (SELECT 1 FROM deal_region g JOIN deal_region mine ON mine.region_id = g.region_id
 WHERE g.deal_id = x.id AND mine.deal_id = $4)`,
		string(d.ID), db.Micros(d.StartsAt), db.Micros(d.EndsAt), string(d.ID), string(category))
	return inRegion, inCategory, err
}
