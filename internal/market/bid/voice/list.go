package voice

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// WordsIn lists what was asked and answered about all bids of a wish, a bid's words oldest first.
func WordsIn(ctx context.Context, q db.Querier, wish market.WishID, limit int) (map[market.BidID][]Word, error) {
	rows, err := db.All(ctx, q, func(r db.Row) (Word, error) {
		var w Word
		err := r.Scan(&w.ID, &w.BidID, &w.Answers, &w.AccountID, &w.Words, db.Time(&w.At))
		return w, err
	}, `SELECT w.id, w.bid_id, w.answers, w.account_id, w.words, w.at FROM bid_word w JOIN bid b ON b.id = w.bid_id
 WHERE b.wish_id = $1 ORDER BY w.id LIMIT $2`, string(wish), int64(limit))
	out := map[market.BidID][]Word{}
	for _, w := range rows {
		out[w.BidID] = append(out[w.BidID], w)
	}
	return out, err
}

// FlagsIn lists the flags of all bids of a wish with their reasons, a bid's newest first.
func FlagsIn(ctx context.Context, q db.Querier, wish market.WishID, limit int) (map[market.BidID][]Vote, error) {
	rows, err := db.All(ctx, q, scanVote, `SELECT `+voteColumns+` FROM bid_vote WHERE wish_id = $1 AND reason <> ''
 ORDER BY at DESC, account_id LIMIT $2`, string(wish), int64(limit))
	out := map[market.BidID][]Vote{}
	for _, v := range rows {
		out[v.BidID] = append(out[v.BidID], v)
	}
	return out, err
}
