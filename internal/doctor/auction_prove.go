package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
)

// auctionQuestions are those of wishes' auctions (33).
func auctionQuestions() []Question {
	return []Question{{Name: "auctions", Walk: walkAuctions}}
}

// walkAuctions decides every auction again from what is kept of it.
func walkAuctions(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[market.WishID],
			`SELECT wish_id FROM auction WHERE wish_id > $1 ORDER BY wish_id LIMIT 1`, after)
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		rows, err := w.decideAgain(ctx, r, ids[0])
		return string(ids[0]), rows, err
	})
}

func (w *Walk) decideAgain(ctx context.Context, r *db.ReadTx, id market.WishID) (int, error) {
	a, err := bid.Find(ctx, r, id)
	if err != nil {
		return 0, err
	}
	bids, err := bid.Bids(ctx, r, id)
	if err != nil {
		return 0, err
	}
	seals, err := bid.Seals(ctx, r, id)
	if err != nil {
		return 0, err
	}
	for _, fault := range award.Prove(a, bids, seals) {
		w.Found(33, "auction_"+string(fault), string(id))
	}
	return len(bids), nil
}
