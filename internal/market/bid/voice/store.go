package voice

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
)

// Cast writes a member's voice on a bid in place of an earlier one. Parse it before.
func Cast(ctx context.Context, tx *db.Tx, wish market.WishID, v Vote) error {
	a, err := seen(ctx, tx, wish, v.BidID)
	if err != nil {
		return err
	}
	if err := bid.Touch(ctx, tx, a); err != nil {
		return err
	}
	_, err = db.InsertMany(ctx, tx, db.Insert{Table: "bid_vote",
		Columns: []string{"bid_id", "account_id", "wish_id", "flagged", "reason", "words", "at"},
		OnConflict: "ON CONFLICT (bid_id, account_id) DO UPDATE SET flagged = excluded.flagged, reason = excluded.reason, " +
			"words = excluded.words, at = excluded.at"},
		[][]any{{string(v.BidID), string(v.AccountID), string(wish), v.Flag != "", string(v.Flag), v.Words,
			db.Micros(tx.Now())}})
	return err
}

// seen reads the auction of a bid whose terms are told.
func seen(ctx context.Context, q db.Querier, wish market.WishID, id market.BidID) (bid.Auction, error) {
	a, err := bid.Find(ctx, q, wish)
	if err != nil {
		return a, err
	}
	b, err := bid.FindBid(ctx, q, id)
	if err != nil {
		return a, err
	}
	if b.WishID != wish {
		return a, bid.ErrNotFound
	}
	return a, a.MayJudge()
}

// Unvote forgets the voices of a member who leaves the crowd.
func Unvote(ctx context.Context, tx *db.Tx, wish market.WishID, who market.AccountID) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM bid_vote WHERE wish_id = $1 AND account_id = $2`, string(wish), string(who))
	return err
}

// Tallies counts the voices on the bids of an auction; a bid without one is missing in the answer.
func Tallies(ctx context.Context, q db.Querier, wish market.WishID) (map[market.BidID]Tally, error) {
	type row struct {
		id market.BidID
		t  Tally
	}
	rows, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.id, &x.t.Voters, &x.t.Flags)
		return x, err
	}, `SELECT bid_id, count(*), sum(CASE WHEN flagged THEN 1 ELSE 0 END) FROM bid_vote WHERE wish_id = $1
 GROUP BY bid_id`, string(wish))
	out := make(map[market.BidID]Tally, len(rows))
	for _, x := range rows {
		out[x.id] = x.t
	}
	return out, err
}

// votesMax is how many of a member's own voices one look reads.
const votesMax = 1000

const voteColumns = `bid_id, account_id, reason, words, at`

func scanVote(r db.Row) (Vote, error) {
	var v Vote
	err := r.Scan(&v.BidID, &v.AccountID, &v.Flag, &v.Words, db.Time(&v.At))
	return v, err
}

// FlagsOf lists the flags of a bid with their reasons, newest first.
func FlagsOf(ctx context.Context, q db.Querier, id market.BidID, limit int) ([]Vote, error) {
	return db.All(ctx, q, scanVote, `SELECT `+voteColumns+` FROM bid_vote WHERE bid_id = $1 AND reason <> ''
 ORDER BY at DESC, account_id LIMIT $2`, string(id), int64(limit))
}

// VotesBy reads a member's own voices in an auction.
func VotesBy(ctx context.Context, q db.Querier, wish market.WishID, who market.AccountID) ([]Vote, error) {
	return db.All(ctx, q, scanVote, `SELECT `+voteColumns+` FROM bid_vote WHERE wish_id = $1 AND account_id = $2
 ORDER BY bid_id LIMIT $3`, string(wish), string(who), int64(votesMax))
}

const prefixWord = "bwd"

// Ask writes a question about a bid. Parse it before.
func Ask(ctx context.Context, tx *db.Tx, wish market.WishID, w Word) (Word, error) {
	if _, err := seen(ctx, tx, wish, w.BidID); err != nil {
		return w, err
	}
	w.Answers = ""
	return say(ctx, tx, w)
}

// Answer writes the seller's one answer to a question; of another seller's bid it finds nothing.
func Answer(ctx context.Context, tx *db.Tx, who market.MerchantID, w Word) (Word, error) {
	b, err := bid.FindBid(ctx, tx, w.BidID)
	if err != nil {
		return w, err
	}
	asked, err := db.One(ctx, tx, db.Scalar[int64], `SELECT count(*) FROM bid_word WHERE id = $1 AND bid_id = $2
 AND answers = ''`, w.Answers, string(w.BidID))
	if err != nil {
		return w, err
	}
	if asked == 0 || b.MerchantID != who {
		return w, bid.ErrNotFound
	}
	return say(ctx, tx, w)
}

func say(ctx context.Context, tx *db.Tx, w Word) (Word, error) {
	w.ID, w.At = tx.NewID(prefixWord), bid.Instant(tx)
	n, err := db.InsertMany(ctx, tx, db.Insert{Table: "bid_word",
		Columns:    []string{"id", "bid_id", "answers", "account_id", "words", "at"},
		OnConflict: "ON CONFLICT (answers) WHERE answers <> '' DO NOTHING"},
		[][]any{{w.ID, string(w.BidID), w.Answers, string(w.AccountID), w.Words, db.Micros(w.At)}})
	if err == nil && n == 0 {
		err = ErrAnswered
	}
	return w, err
}

// Words lists what was asked and answered about a bid, oldest first.
func Words(ctx context.Context, q db.Querier, id market.BidID, limit int) ([]Word, error) {
	return db.All(ctx, q, func(r db.Row) (Word, error) {
		var w Word
		err := r.Scan(&w.ID, &w.BidID, &w.Answers, &w.AccountID, &w.Words, db.Time(&w.At))
		return w, err
	}, `SELECT id, bid_id, answers, account_id, words, at FROM bid_word WHERE bid_id = $1 ORDER BY id LIMIT $2`,
		string(id), int64(limit))
}
