package bid

import (
	"context"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const auctionColumns = `wish_id, kind, state, round, quantity, ceiling, step, opens_at, closes_at, extensions, seq,
 bids, lowest_bid, lowest_price, digest, closed_at, awarded_at, firm, winner, reason, created_at, version`

func scanAuction(r db.Row) (Auction, error) {
	var a Auction
	err := r.Scan(&a.WishID, &a.Kind, &a.State, &a.Round, &a.Quantity, &a.Ceiling, &a.Step, db.Time(&a.OpensAt),
		db.Time(&a.ClosesAt), &a.Extensions, &a.Seq, &a.Bids, &a.Lowest, &a.LowestPrice, &a.Digest, db.Time(&a.ClosedAt),
		db.Time(&a.AwardedAt), &a.Firm, &a.Winner, &a.Reason, db.Time(&a.CreatedAt), &a.Version)
	return a, err
}

const bidColumns = `id, wish_id, seq, round, merchant_id, state, delivery, unit_price, quantity_min, quantity_max,
 promised_by, branch_id, note, evidence, made_to_order, deposit, commitment, at, ended_at, reason, place, outcome,
 confirmed_at`

func scanBid(r db.Row) (Bid, error) {
	var b Bid
	var evidence string
	o := &b.Offer
	err := r.Scan(&b.ID, &b.WishID, &b.Seq, &b.Round, &b.MerchantID, &b.State, &o.Delivery, &o.UnitPrice, &o.QuantityMin,
		&o.QuantityMax, db.Time(&o.PromisedBy), &o.BranchID, &o.Note, &evidence, &o.MadeToOrder, &b.Deposit, &b.Commitment,
		db.Time(&b.At), db.Time(&b.EndedAt), &b.Reason, &b.Place, &b.Outcome, db.Time(&b.ConfirmedAt))
	if evidence != "" {
		o.Evidence = strings.Split(evidence, "\n")
	}
	return b, err
}

// Find reads the auction of a wish.
func Find(ctx context.Context, q db.Querier, id market.WishID) (Auction, error) {
	a, err := db.One(ctx, q, scanAuction, `SELECT `+auctionColumns+` FROM auction WHERE wish_id = $1`, string(id))
	if db.IsNoRow(err) {
		return a, ErrNoAuction
	}
	return a, err
}

// Load reads the auctions of several wishes; a wish without one is missing in the answer.
func Load(ctx context.Context, q db.Querier, ids []market.WishID) (map[market.WishID]Auction, error) {
	rows, err := db.ByIDs(ctx, q, scanAuction, `SELECT `+auctionColumns+` FROM auction WHERE wish_id IN {ids}`, ids)
	out := make(map[market.WishID]Auction, len(rows))
	for _, a := range rows {
		out[a.WishID] = a
	}
	return out, err
}

// Due lists auctions whose time to be closed or revealed has come, the longest waiting first.
func Due(ctx context.Context, q db.Querier, now time.Time, limit int) ([]market.WishID, error) {
	return db.All(ctx, q, db.Scalar[market.WishID], `SELECT wish_id FROM auction
 WHERE state IN ('open', 'revealing') AND closes_at < $1 ORDER BY closes_at, wish_id LIMIT $2`,
		db.Micros(now), int64(limit))
}

// FindBid reads one bid.
func FindBid(ctx context.Context, q db.Querier, id market.BidID) (Bid, error) {
	b, err := db.One(ctx, q, scanBid, `SELECT `+bidColumns+` FROM bid WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return b, ErrNotFound
	}
	if err != nil {
		return b, err
	}
	list, err := stepped(ctx, q, []Bid{b})
	if err != nil {
		return b, err
	}
	return list[0], nil
}

// Bids reads all bids of an auction in the order of arrival; those still sealed have no terms.
func Bids(ctx context.Context, q db.Querier, id market.WishID) ([]Bid, error) {
	bids, err := db.All(ctx, q, scanBid, `SELECT `+bidColumns+` FROM bid WHERE wish_id = $1 ORDER BY seq LIMIT $2`,
		string(id), int64(bidsMax))
	if err != nil {
		return nil, err
	}
	return stepped(ctx, q, bids)
}

// standing reads the bids that may win.
func standing(ctx context.Context, q db.Querier, id market.WishID) ([]Bid, error) {
	bids, err := db.All(ctx, q, scanBid, `SELECT `+bidColumns+` FROM bid WHERE wish_id = $1
 AND state IN ('standing', 'winner') ORDER BY seq LIMIT $2`, string(id), int64(bidsMax))
	if err != nil {
		return nil, err
	}
	return stepped(ctx, q, bids)
}

// OfMerchant lists a seller's bids, newest first; before is the last one of the page above, "" for the first page.
func OfMerchant(
	ctx context.Context, q db.Querier, id market.MerchantID, before market.BidID, limit int,
) ([]Bid, error) {
	bids, err := db.All(ctx, q, scanBid, `SELECT `+bidColumns+` FROM bid WHERE merchant_id = $1
 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, string(id), string(before), int64(limit))
	if err != nil {
		return nil, err
	}
	return stepped(ctx, q, bids)
}

// stepped adds the price steps to bids.
func stepped(ctx context.Context, q db.Querier, bids []Bid) ([]Bid, error) {
	type row struct {
		id   market.BidID
		step PriceStep
	}
	ids := make([]market.BidID, len(bids))
	at := make(map[market.BidID]int, len(bids))
	for i, b := range bids {
		ids[i], at[b.ID] = b.ID, i
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.id, &x.step.From, &x.step.UnitPrice)
		return x, err
	}, `SELECT bid_id, from_quantity, unit_price FROM bid_step WHERE bid_id IN {ids} ORDER BY bid_id, from_quantity`, ids)
	if err != nil {
		return nil, err
	}
	for _, x := range rows {
		o := &bids[at[x.id]].Offer
		o.Steps = append(o.Steps, x.step)
	}
	return bids, nil
}

// Commitment is what everybody sees of a sealed bid at once.
type Commitment struct {
	Seq   int64
	Hash  string
	State BidState
	At    time.Time
}

// Commitments lists the sealed bids of an auction in the order of arrival, without their sellers.
func Commitments(ctx context.Context, q db.Querier, id market.WishID) ([]Commitment, error) {
	return db.All(ctx, q, func(r db.Row) (Commitment, error) {
		var c Commitment
		err := r.Scan(&c.Seq, &c.Hash, &c.State, db.Time(&c.At))
		return c, err
	}, `SELECT seq, commitment, state, at FROM bid WHERE wish_id = $1 AND commitment <> '' ORDER BY seq LIMIT $2`,
		string(id), int64(bidsMax))
}

func scanSeal(r db.Row) (Seal, error) {
	var s Seal
	err := r.Scan(&s.BidID, &s.Salt, &s.Text, &s.Deposit)
	return s, err
}

// Seals reads text and salt of the bids that have been revealed, and of no others.
func Seals(ctx context.Context, q db.Querier, id market.WishID) ([]Seal, error) {
	return db.All(ctx, q, scanSeal, `SELECT s.bid_id, s.salt, s.body, s.deposit FROM bid_seal s
 JOIN bid b ON b.id = s.bid_id WHERE b.wish_id = $1 AND b.unit_price > 0 ORDER BY b.seq LIMIT $2`,
		string(id), int64(bidsMax))
}

// OwnSeal reads a seller's own sealed bid; anybody else's is ErrNotFound.
func OwnSeal(ctx context.Context, q db.Querier, id market.BidID, who market.MerchantID) (Seal, error) {
	s, err := db.One(ctx, q, scanSeal, `SELECT s.bid_id, s.salt, s.body, s.deposit FROM bid_seal s
 JOIN bid b ON b.id = s.bid_id WHERE b.id = $1 AND b.merchant_id = $2`, string(id), string(who))
	if db.IsNoRow(err) {
		return s, ErrNotFound
	}
	return s, err
}

// Plan writes the auction of a wish, before its crowd is complete.
func Plan(ctx context.Context, tx *db.Tx, a Auction) (Auction, error) {
	if err := a.Check(); err != nil {
		return a, err
	}
	a.State, a.Round, a.Digest, a.CreatedAt, a.Version = Planned, 1, ChainStart(a.WishID), Instant(tx), 1
	n, err := db.InsertMany(ctx, tx, db.Insert{Table: "auction", Columns: []string{"wish_id", "kind", "state", "round",
		"quantity", "ceiling", "step", "digest", "created_at", "version"}, OnConflict: "ON CONFLICT (wish_id) DO NOTHING"},
		[][]any{{string(a.WishID), string(a.Kind), string(a.State), a.Round, a.Quantity, a.Ceiling, a.Step, a.Digest,
			db.Micros(a.CreatedAt), a.Version}})
	if err == nil && n == 0 {
		err = ErrPlanned
	}
	return a, err
}

// Replan changes kind, ceiling, step and quantity of an auction that nobody has bid in yet.
func Replan(ctx context.Context, tx *db.Tx, a Auction) error {
	if err := a.Check(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE auction SET kind = $2, quantity = $3, ceiling = $4, step = $5,
 version = version + 1 WHERE wish_id = $1 AND state = 'planned' AND seq = 0`, string(a.WishID), string(a.Kind),
		a.Quantity, a.Ceiling, a.Step)
	if err == nil && n == 0 {
		err = ErrPlanned
	}
	return err
}

// Instant is the transaction's now as it is kept.
func Instant(tx *db.Tx) time.Time { return db.FromMicros(db.Micros(tx.Now())) }

const saveText = `UPDATE auction SET state = $4, round = $5, quantity = $6, opens_at = $7, closes_at = $8,
 extensions = $9, seq = $10, bids = $11, lowest_bid = $12, lowest_price = $13, digest = $14, closed_at = $15,
 awarded_at = $16, firm = $17, winner = $18, reason = $19, version = version + 1
 WHERE wish_id = $1 AND version = $2 AND state = $3`

func (a Auction) saved(was Auction) []any {
	return []any{string(a.WishID), was.Version, string(was.State), string(a.State), a.Round, a.Quantity,
		db.TimeArg(a.OpensAt), db.TimeArg(a.ClosesAt), a.Extensions, a.Seq, a.Bids, string(a.Lowest), a.LowestPrice, a.Digest,
		db.TimeArg(a.ClosedAt), db.TimeArg(a.AwardedAt), a.Firm, string(a.Winner), a.Reason}
}

// Save writes an auction over what was read; db.ErrAgain when another step was first.
func Save(ctx context.Context, tx *db.Tx, was, is Auction) (Auction, error) {
	n, err := db.Exec(ctx, tx, saveText, is.saved(was)...)
	return is.written(n, err)
}

// saveBids is Save for bids and withdrawals: it holds only until the close.
func saveBids(ctx context.Context, tx *db.Tx, was, is Auction) (Auction, error) {
	n, err := db.Exec(ctx, tx, saveText+` AND (state = 'planned' OR state = 'open' AND closes_at >= $20)`,
		append(is.saved(was), db.Micros(tx.Now()))...)
	return is.written(n, err)
}

func (a Auction) written(n int64, err error) (Auction, error) {
	if err == nil && n == 0 {
		err = db.ErrAgain
	}
	a.Version++
	return a, err
}

// Touch puts what is said about the bids in order with the award: while members choose, either sees the other or is
// decided anew. At other times nothing hangs on their order.
func Touch(ctx context.Context, tx *db.Tx, a Auction) error {
	if a.State != Closed {
		return nil
	}
	_, err := Save(ctx, tx, a, a)
	return err
}
