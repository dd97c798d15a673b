package record

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// Facts is what a seller's shares say about it, counted over all its wishes that were paid for.
type Facts struct {
	Shares    int64 // that it was to serve
	Fulfilled int64 // released to it without a dispute
	Late      int64 // sent after the day promised, or never
	Disputed  int64
	Lost      int64 // disputes in which anything went back
	Released  money.Won
	Refunded  money.Won // by disputes, by itself, or because nothing arrived
}

// With adds one share of a seller.
func (f Facts) With(e escrow.Escrow, s escrow.Share) Facts {
	count := func(n *int64, holds bool) {
		if holds {
			*n++
		}
	}
	count(&f.Shares, served(e, s))
	if !served(e, s) {
		return f
	}
	count(&f.Fulfilled, s.State == escrow.Released)
	count(&f.Late, e.Late(s))
	count(&f.Disputed, !s.DisputedAt.IsZero())
	count(&f.Lost, s.State == escrow.Decided && s.Refunded > 0)
	f.Released += s.Released
	f.Refunded += s.Refunded
	return f
}

// served leaves out members who left by themselves or before the seller began.
func served(e escrow.Escrow, s escrow.Share) bool {
	begun := e.Phase == escrow.Fulfilling || e.Phase == escrow.Done
	return begun && s.Outcome != escrow.OutWithdrawn && (s.EndedAt.IsZero() || !s.EndedAt.Before(e.BegunAt))
}

// Of counts what a seller's shares say about it.
func Of(ctx context.Context, q db.Querier, id market.MerchantID) (Facts, error) {
	return db.One(ctx, q, func(r db.Row) (Facts, error) {
		var f Facts
		err := r.Scan(&f.Shares, &f.Fulfilled, &f.Late, &f.Disputed, &f.Lost, &f.Released, &f.Refunded)
		return f, err
	}, `SELECT count(*), count(*) FILTER (WHERE s.state = 'released'),
 count(*) FILTER (WHERE s.shipped_at >= e.ship_by OR s.outcome = 'unsent'),
 count(*) FILTER (WHERE s.disputed_at IS NOT NULL), count(*) FILTER (WHERE s.state = 'decided' AND s.refunded > 0),
 CAST(coalesce(SUM(s.released), 0) AS bigint), CAST(coalesce(SUM(s.refunded), 0) AS bigint)
 FROM escrow e JOIN escrow_share s ON s.wish_id = e.wish_id
 WHERE e.merchant_id = $1 AND e.phase IN ('fulfilling', 'done') AND s.outcome <> 'withdrawn'
 AND (s.ended_at IS NULL OR s.ended_at >= e.begun_at)`, string(id))
}
