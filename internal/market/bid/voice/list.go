package voice

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
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

// Waiting counts the questions without an answer about each of several bids that stand or have won.
func Waiting(ctx context.Context, q db.Querier, bids []bid.Bid) (map[market.BidID]int64, error) {
	var ids []market.BidID
	for _, b := range bids {
		if b.Stands() || b.Won() {
			ids = append(ids, b.ID)
		}
	}
	type row struct {
		id market.BidID
		n  int64
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.id, &x.n)
		return x, err
	}, `SELECT q.bid_id, count(*) FROM bid_word q LEFT JOIN bid_word a ON a.answers = q.id AND a.answers <> ''
 WHERE q.answers = '' AND a.id IS NULL AND q.bid_id IN {ids} GROUP BY q.bid_id`, ids)
	out := make(map[market.BidID]int64, len(rows))
	for _, x := range rows {
		out[x.id] = x.n
	}
	return out, err
}
