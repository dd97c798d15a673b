package bid

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Result is what became of one command: Err refuses it alone.
type Result struct {
	Taken
	Err error
}

// Place decides bids in the order in which they came and writes those that count. A refusal changes nothing; an error
// of Place itself is for the whole batch: db.ErrAgain asks to decide it anew. Whoever places in several auctions at
// once goes by the order of their ids.
func Place(ctx context.Context, tx *db.Tx, id market.WishID, rules Rules, cmds []Command) ([]Result, error) {
	round, err := loadRound(ctx, tx, id, cmds)
	if err != nil {
		return nil, err
	}
	was, results := round.Auction, make([]Result, len(cmds))
	for i, c := range cmds {
		fresh := Fresh{ID: market.BidID(tx.NewID(market.PrefixBid)), Salt: hex.EncodeToString(tx.RandomBytes(saltBytes))}
		results[i].Taken, results[i].Err = round.Take(c, fresh, rules, Instant(tx))
	}
	if round.Auction.Seq == was.Seq {
		return results, nil
	}
	// The auction first: whoever comes second waits here and finds the version changed.
	if _, err := saveBids(ctx, tx, was, round.Auction); err != nil {
		return nil, err
	}
	return results, write(ctx, tx, results)
}

func loadRound(ctx context.Context, q db.Querier, id market.WishID, cmds []Command) (*Round, error) {
	a, err := Find(ctx, q, id)
	if err != nil {
		return nil, err
	}
	r := &Round{Auction: a, Records: map[market.MerchantID]Record{}}
	if r.Standing, err = standing(ctx, q, id); err != nil {
		return nil, err
	}
	var sellers []market.MerchantID
	for _, c := range cmds {
		if _, known := r.Records[c.MerchantID]; !known {
			r.Records[c.MerchantID] = Record{}
			sellers = append(sellers, c.MerchantID)
		}
	}
	type row struct {
		id            market.MerchantID
		tries, barred int64
	}
	rows, err := db.ByIDsOf(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.id, &x.tries, &x.barred)
		return x, err
	}, db.Bound{Text: `SELECT merchant_id, sum(CASE WHEN round = $2 THEN 1 ELSE 0 END),
 sum(CASE WHEN round = $2 AND state IN ('disqualified', 'failed') OR outcome IN ('operator', 'seal') THEN 1 ELSE 0 END)
 FROM bid WHERE wish_id = $1 AND merchant_id IN {ids} GROUP BY merchant_id`, Args: []any{string(id), a.Round}}, sellers)
	for _, x := range rows {
		r.Records[x.id] = Record{Tries: x.tries, Barred: x.barred > 0}
	}
	return r, err
}

// write puts the bids that were taken into their tables; one that was replaced in the same batch is written as such.
func write(ctx context.Context, tx *db.Tx, results []Result) error {
	bids, seals, at := []Bid{}, []Seal{}, map[market.BidID]int{}
	var older []Bid
	for _, r := range results {
		if r.Err != nil {
			continue
		}
		old, ended := Bid{ID: r.Replaced, State: Standing}, r.Replaced != ""
		i, fresh := at[r.Replaced]
		if fresh {
			old = bids[i]
		}
		if ended {
			replaced, err := old.Next(ActReplace, BySeller, Instant(tx))
			if err != nil {
				return err
			}
			if fresh {
				bids[i] = replaced
			} else {
				older = append(older, replaced)
			}
		}
		at[r.Bid.ID] = len(bids)
		bids = append(bids, r.Bid)
		if r.Seal.Text != "" {
			seals = append(seals, r.Seal)
		}
	}
	if err := Move(ctx, tx, Standing, older); err != nil {
		return err
	}
	if err := insert(ctx, tx, bids); err != nil {
		return err
	}
	rows := make([][]any, len(seals))
	for i, s := range seals {
		rows[i] = []any{string(s.BidID), s.Salt, s.Text, s.Deposit}
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "bid_seal", Columns: []string{"bid_id", "salt", "body", "deposit"}},
		rows)
	return err
}

func insert(ctx context.Context, tx *db.Tx, bids []Bid) error {
	rows := make([][]any, len(bids))
	for i, b := range bids {
		o := b.Offer
		rows[i] = []any{string(b.ID), string(b.WishID), b.Seq, b.Round, string(b.MerchantID), string(b.State),
			string(o.Delivery), o.UnitPrice, o.QuantityMin, o.QuantityMax, db.TimeArg(o.PromisedBy), string(o.BranchID),
			o.Note, strings.Join(o.Evidence, "\n"), o.MadeToOrder, b.Deposit, b.Commitment, db.Micros(b.At),
			db.TimeArg(b.EndedAt)}
	}
	if _, err := db.InsertMany(ctx, tx, db.Insert{Table: "bid", Columns: []string{"id", "wish_id", "seq", "round",
		"merchant_id", "state", "delivery", "unit_price", "quantity_min", "quantity_max", "promised_by", "branch_id", "note",
		"evidence", "made_to_order", "deposit", "commitment", "at", "ended_at"}}, rows); err != nil {
		return err
	}
	return insertSteps(ctx, tx, bids)
}

func insertSteps(ctx context.Context, tx *db.Tx, bids []Bid) error {
	var rows [][]any
	for _, b := range bids {
		for _, s := range b.Offer.Steps {
			rows = append(rows, []any{string(b.ID), s.From, s.UnitPrice})
		}
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "bid_step",
		Columns: []string{"bid_id", "from_quantity", "unit_price"}}, rows)
	return err
}

var bidMove = db.Update{
	Table: "bid",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "was", Type: "text"}, {Name: "state", Type: "text"},
		{Name: "ended_at", Type: "bigint"}, {Name: "reason", Type: "text"}, {Name: "place", Type: "bigint"},
		{Name: "outcome", Type: "text"},
	},
	Set:       `state = v.state, ended_at = v.ended_at, reason = v.reason, place = v.place, outcome = v.outcome`,
	Where:     `bid.id = v.id AND bid.state = v.was`,
	Returning: "bid.id",
}

// Move writes where bids stand now, and why, under the guard of the state they were in.
func Move(ctx context.Context, tx *db.Tx, was BidState, bids []Bid) error {
	rows := make([][]any, len(bids))
	for i, b := range bids {
		rows[i] = []any{string(b.ID), string(was), string(b.State), db.TimeArg(b.EndedAt), b.Reason, b.Place,
			string(b.Outcome)}
	}
	passed, err := db.UpdateMany(ctx, tx, bidMove, rows)
	if err == nil && len(passed) != len(rows) {
		err = db.ErrAgain
	}
	return err
}
