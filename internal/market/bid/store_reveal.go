package bid

import (
	"context"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

var bidReveal = db.Update{
	Table: "bid",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "delivery", Type: "text"}, {Name: "unit_price", Type: "bigint"},
		{Name: "quantity_min", Type: "bigint"}, {Name: "quantity_max", Type: "bigint"}, {Name: "promised_by", Type: "bigint"},
		{Name: "branch_id", Type: "text"}, {Name: "note", Type: "text"}, {Name: "evidence", Type: "text"},
		{Name: "made_to_order", Type: "boolean"}, {Name: "deposit", Type: "bigint"},
	},
	Set: `delivery = v.delivery, unit_price = v.unit_price, quantity_min = v.quantity_min,
 quantity_max = v.quantity_max, promised_by = v.promised_by, branch_id = v.branch_id, note = v.note,
 evidence = v.evidence, made_to_order = v.made_to_order, deposit = v.deposit`,
	Where:     `bid.id = v.id AND bid.unit_price = 0 AND bid.commitment <> ''`,
	Returning: "bid.id",
}

// Reveal shows what was sealed, of replaced and withdrawn bids too. A bid whose text is not what it was committed to is
// taken out in public: somebody changed what is kept. It answers the auction and the bids taken out.
func Reveal(ctx context.Context, tx *db.Tx, id market.WishID) (Auction, []Bid, error) {
	was, err := Find(ctx, tx, id)
	if err != nil {
		return was, nil, err
	}
	is, err := was.Next(ActReveal, ByClock)
	if err != nil {
		return was, nil, err
	}
	bids, err := Bids(ctx, tx, id)
	if err != nil {
		return was, nil, err
	}
	seals, err := db.All(ctx, tx, scanSeal, `SELECT s.bid_id, s.salt, s.body, s.deposit FROM bid_seal s
 JOIN bid b ON b.id = s.bid_id WHERE b.wish_id = $1 AND b.unit_price = 0 ORDER BY b.seq LIMIT $2`,
		string(id), int64(bidsMax))
	if err != nil {
		return was, nil, err
	}
	shown, broken, err := unseal(bids, seals, tx)
	if err != nil {
		return was, nil, err
	}
	if is, err = Save(ctx, tx, was, is.Counted(bids)); err != nil {
		return was, nil, err
	}
	if err := tell(ctx, tx, shown); err != nil {
		return was, nil, err
	}
	return is, broken, Move(ctx, tx, Standing, broken)
}

// unseal puts what the seals say into the bids, and tells which could be opened and which standing ones could not.
func unseal(bids []Bid, seals []Seal, tx *db.Tx) (shown, broken []Bid, err error) {
	kept := map[market.BidID]Seal{}
	for _, s := range seals {
		kept[s.BidID] = s
	}
	for i, b := range bids {
		if b.Shown() {
			continue
		}
		s := kept[b.ID]
		if offer, ok := s.Open(b); ok && Verify(s.Text, s.Salt, b.Commitment) {
			bids[i].Offer, bids[i].Deposit = offer, s.Deposit
			shown = append(shown, bids[i])
			continue
		}
		if !b.Stands() {
			continue
		}
		out, err := b.Next(ActDisqualify, ByClock, Instant(tx))
		if err != nil {
			return nil, nil, err
		}
		out.Outcome = ReasonSeal
		bids[i] = out
		broken = append(broken, out)
	}
	return shown, broken, nil
}

func tell(ctx context.Context, tx *db.Tx, bids []Bid) error {
	rows := make([][]any, len(bids))
	for i, b := range bids {
		o := b.Offer
		rows[i] = []any{string(b.ID), string(o.Delivery), o.UnitPrice, o.QuantityMin, o.QuantityMax,
			db.TimeArg(o.PromisedBy), string(o.BranchID), o.Note, strings.Join(o.Evidence, "\n"),
			o.MadeToOrder, b.Deposit}
	}
	passed, err := db.UpdateMany(ctx, tx, bidReveal, rows)
	if err != nil {
		return err
	}
	if len(passed) != len(rows) {
		return db.ErrAgain
	}
	return insertSteps(ctx, tx, bids)
}
