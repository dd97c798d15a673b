package escrow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `wish_id, bid_id, merchant_id, delivery, branch_id, unit_price, commission_bp, policy_id, made_to_order,
 ship_by, phase, lapse_at, shares, units, paid, opened_at, begun_at, ended_at, version`

func scan(r db.Row) (Escrow, error) {
	var e Escrow
	err := r.Scan(&e.WishID, &e.BidID, &e.MerchantID, &e.Delivery, &e.BranchID, &e.UnitPrice, &e.CommissionBP, &e.PolicyID,
		&e.MadeToOrder, db.Time(&e.ShipBy), &e.Phase, db.Time(&e.LapseAt), &e.Shares, &e.Units, &e.Paid,
		db.Time(&e.OpenedAt), db.Time(&e.BegunAt), db.Time(&e.EndedAt), &e.Version)
	return e, err
}

// Find reads a wish's escrow; it answers ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.WishID) (Escrow, error) {
	e, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM escrow WHERE wish_id = $1`, string(id))
	if db.IsNoRow(err) {
		return e, ErrNotFound
	}
	return e, err
}

// Load reads the escrows of several wishes; a missing one is missing in the answer.
func Load(ctx context.Context, q db.Querier, ids []market.WishID) (map[market.WishID]Escrow, error) {
	all, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM escrow WHERE wish_id IN `+db.IDsMark, ids)
	out := make(map[market.WishID]Escrow, len(all))
	for _, e := range all {
		out[e.WishID] = e
	}
	return out, err
}

var insertEscrow = db.Insert{Table: "escrow", OnConflict: "ON CONFLICT DO NOTHING", Columns: []string{"wish_id",
	"bid_id", "merchant_id", "delivery", "branch_id", "unit_price", "commission_bp", "policy_id", "made_to_order",
	"ship_by", "phase", "lapse_at", "opened_at", "version"}}

// Open makes the escrow of a wish whose members may pay from now on; it answers ErrShipBy or ErrExists.
func Open(ctx context.Context, tx *db.Tx, id market.WishID, a Award, r Rules) error {
	if err := a.Check(tx.Now()); err != nil {
		return err
	}
	n, err := db.InsertMany(ctx, tx, insertEscrow, [][]any{{string(id), string(a.BidID), string(a.MerchantID),
		string(a.Delivery), string(a.BranchID), a.UnitPrice, a.CommissionBP, a.PolicyID, a.MadeToOrder, db.Micros(a.ShipBy),
		string(Paying), db.Micros(r.LapseAt(a.ShipBy)), db.Micros(tx.Now()), int64(1)}})
	return one(n, err, ErrExists)
}

// one is the answer of a guard that lets one row through.
func one(n int64, err, refused error) error {
	if err == nil && n != 1 {
		return refused
	}
	return err
}

// Reassign gives members who still pay another seller: the winner has failed and the next bid takes its place. Shares
// above the new price fall by Lower, those below it by their member's consent or not at all.
func Reassign(ctx context.Context, tx *db.Tx, id market.WishID, a Award, r Rules) error {
	if err := a.Check(tx.Now()); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE escrow SET bid_id = $2, merchant_id = $3, delivery = $4, branch_id = $5,
 unit_price = $6, commission_bp = $7, policy_id = $8, made_to_order = $9, ship_by = $10, lapse_at = $11,
 version = version + 1 WHERE wish_id = $1 AND phase = 'paying'`, string(id), string(a.BidID), string(a.MerchantID),
		string(a.Delivery), string(a.BranchID), a.UnitPrice, a.CommissionBP, a.PolicyID, a.MadeToOrder, db.Micros(a.ShipBy),
		db.Micros(r.LapseAt(a.ShipBy)))
	return one(n, err, ErrClosed)
}

// LowerPrice sets a lower price while members pay: more came together than the bid's next step asks for. The shares
// follow by Lower. It answers ErrClosed, also for a price that is not lower.
func LowerPrice(ctx context.Context, tx *db.Tx, id market.WishID, unit money.Won) error {
	n, err := db.Exec(ctx, tx, `UPDATE escrow SET unit_price = $2, version = version + 1
 WHERE wish_id = $1 AND phase = 'paying' AND unit_price > $2`, string(id), unit)
	return one(n, err, ErrClosed)
}

// Lower gives back to up to limit members what their shares are worth more than their units, and says how much: the
// flow posts it in the same transaction. It is called again until nothing is left.
func Lower(ctx context.Context, tx *db.Tx, id market.WishID, limit int) ([]Fall, error) {
	e, err := Find(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, scanShare, `SELECT `+shareColumns+` FROM escrow_share
 WHERE wish_id = $1 AND state = 'held' AND amount > quantity * $2 ORDER BY order_id LIMIT $3`, string(id),
		e.UnitPrice, limit)
	if err != nil {
		return nil, err
	}
	var falls []Fall
	var moves []move
	for _, s := range all {
		if less := e.Falls(s); less > 0 {
			was := s
			s.Amount -= less
			moves = append(moves, move{was, s})
			falls = append(falls, Fall{Share: s, MerchantID: e.MerchantID, PolicyID: e.PolicyID, Difference: less})
		}
	}
	return falls, write(ctx, tx, moves)
}

// Underpaid lists members who have paid less than the price, after an order: another bid took the place of a lower one.
func Underpaid(ctx context.Context, q db.Querier, id market.WishID, after market.OrderID, limit int) ([]Share, error) {
	return db.All(ctx, q, scanShare, `SELECT `+shareColumns+` FROM escrow_share
 WHERE wish_id = $1 AND state = 'held' AND order_id > $2
 AND amount < quantity * (SELECT unit_price FROM escrow WHERE wish_id = $1)
 ORDER BY order_id LIMIT $3`, string(id), string(after), limit)
}

// Begin ends the time to pay: the seller serves the members from now on. It answers ErrUnsettled while a share is not
// at the price, ErrClosed when members do not pay any more, and ErrMoved when somebody paid at this moment.
func Begin(ctx context.Context, tx *db.Tx, id market.WishID) error {
	e, err := Find(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case e.Phase != Paying:
		return ErrClosed
	}
	unsettled, err := db.One(ctx, tx, db.Scalar[bool], `SELECT EXISTS (SELECT 1 FROM escrow_share
 WHERE wish_id = $1 AND state = 'held' AND amount <> quantity * $2)`, string(id), e.UnitPrice)
	if err != nil {
		return err
	}
	if unsettled {
		return ErrUnsettled
	}
	// Every payment and every new price raises the version: none came in since we looked.
	n, err := db.Exec(ctx, tx, `UPDATE escrow SET phase = 'fulfilling', begun_at = $2, version = version + 1
 WHERE wish_id = $1 AND phase = 'paying' AND version = $3`, string(id), db.Micros(tx.Now()), e.Version)
	return one(n, err, ErrMoved)
}

// Cancel voids an escrow into which members still pay: Sweep gives every share back. It answers ErrClosed.
func Cancel(ctx context.Context, tx *db.Tx, id market.WishID) error {
	n, err := db.Exec(ctx, tx, `UPDATE escrow SET phase = 'void', version = version + 1
 WHERE wish_id = $1 AND phase = 'paying'`, string(id))
	return one(n, err, ErrClosed)
}

// Finish ends escrows whose every share has ended, up to a limit, and names their wishes; a void one stays void.
func Finish(ctx context.Context, tx *db.Tx, limit int) ([]market.WishID, error) {
	return db.All(ctx, tx, db.Scalar[market.WishID], `UPDATE escrow SET ended_at = $1, version = version + 1,
 phase = CASE WHEN phase = 'fulfilling' THEN 'done' ELSE phase END
 WHERE ended_at IS NULL AND phase IN ('fulfilling', 'void') AND wish_id IN (SELECT e.wish_id FROM escrow e
  WHERE e.ended_at IS NULL AND e.phase IN ('fulfilling', 'void') AND NOT EXISTS (SELECT 1 FROM escrow_share s
   WHERE s.wish_id = e.wish_id AND s.state IN ('held', 'shipped', 'delivered', 'disputed'))
  ORDER BY e.wish_id LIMIT $2) RETURNING wish_id`, db.Micros(tx.Now()), limit)
}

// move is a share before and after a step.
type move struct{ was, is Share }

var moveShares = db.Update{
	Table: "escrow_share",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "was", Type: "text"}, {Name: "known", Type: "bigint"},
		{Name: "state", Type: "text"}, {Name: "amount", Type: "bigint"}, {Name: "released", Type: "bigint"},
		{Name: "refunded", Type: "bigint"}, {Name: "outcome", Type: "text"}, {Name: "due_at", Type: "bigint"},
		{Name: "waited", Type: "boolean"}, {Name: "shipped_at", Type: "bigint"}, {Name: "delivered_at", Type: "bigint"},
		{Name: "disputed_at", Type: "bigint"}, {Name: "ended_at", Type: "bigint"}, {Name: "address_until", Type: "bigint"},
	},
	Set: `state = v.state, amount = v.amount, released = v.released, refunded = v.refunded, outcome = v.outcome,
 due_at = v.due_at, waited = v.waited, shipped_at = v.shipped_at, delivered_at = v.delivered_at,
 disputed_at = v.disputed_at, ended_at = v.ended_at, address_until = v.address_until,
 version = escrow_share.version + 1`,
	Where:     `escrow_share.order_id = v.id AND escrow_share.state = v.was AND escrow_share.version = v.known`,
	Returning: "escrow_share.order_id",
}

// write takes the steps, each from the state and version that it leaves; ErrMoved when one has left it meanwhile.
func write(ctx context.Context, tx *db.Tx, moves []move) error {
	slices.SortFunc(moves, func(a, b move) int { return strings.Compare(string(a.was.OrderID), string(b.was.OrderID)) })
	rows := make([][]any, len(moves))
	for i, m := range moves {
		s := m.is
		rows[i] = []any{string(s.OrderID), string(m.was.State), m.was.Version, string(s.State), s.Amount, s.Released,
			s.Refunded, string(s.Outcome), db.TimeArg(s.DueAt), s.Waited, db.TimeArg(s.ShippedAt), db.TimeArg(s.DeliveredAt),
			db.TimeArg(s.DisputedAt), db.TimeArg(s.EndedAt), db.TimeArg(s.AddressUntil)}
	}
	passed, err := db.UpdateMany(ctx, tx, moveShares, rows)
	if err != nil {
		return fmt.Errorf("move shares: %w", err)
	}
	if len(passed) != len(moves) {
		return ErrMoved
	}
	return nil
}
