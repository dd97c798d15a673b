package catalog

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Sheet is a deal as its own page shows it.
type Sheet struct {
	Card
	Terms   deal.Terms
	Options []deal.Option
	Regions []market.RegionID
	History []deal.LogLine // public lines only
	OfDeal  Satisfaction   // of this deal alone
}

const historyMax = 50

// Find reads a deal's page from one consistent view.
func Find(ctx context.Context, r db.Querier, id market.DealID, now time.Time) (Sheet, error) {
	cards, err := ByIDs(ctx, r, []market.DealID{id})
	if err != nil {
		return Sheet{}, err
	}
	if len(cards) == 0 || !cards[0].Deal.Visible(now) {
		return Sheet{}, deal.ErrNotFound
	}
	s := Sheet{Card: cards[0]}
	if s.Terms, err = deal.FindTerms(ctx, r, id, s.Deal.TermsVersion); err != nil {
		return s, err
	}
	if s.Options, err = deal.Options(ctx, r, id); err != nil {
		return s, err
	}
	if s.Regions, err = deal.Regions(ctx, r, id); err != nil {
		return s, err
	}
	lines, err := deal.History(ctx, r, id, historyMax)
	if err != nil {
		return s, err
	}
	for _, l := range lines {
		if l.Public {
			s.History = append(s.History, l)
		}
	}
	s.OfDeal, err = Of(ctx, r, "deal:"+string(id))
	return s, err
}

func scanSatisfaction(r db.Row) (Satisfaction, error) {
	var s Satisfaction
	err := r.Scan(&s.GuestsAnswered, &s.GuestsSum, &s.WouldReturn, &s.ShopAnswered, &s.ShopSum, &s.Visits)
	return s, err
}

// Of reads the satisfaction of a subject: "deal:…", "merchant:…" or "region:…".
func Of(ctx context.Context, r db.Querier, subject string) (Satisfaction, error) {
	s, err := db.One(ctx, r, scanSatisfaction, `SELECT buyers_answered, buyers_sum, would_return, merchants_answered,
 merchants_sum, visits FROM feedback_tally WHERE subject = $1`, subject)
	if db.IsNoRow(err) {
		return Satisfaction{}, nil
	}
	return s, err
}
