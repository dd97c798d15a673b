package order

import (
	"context"
	"sort"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, deal_id, option_id, merchant_id, account_id, quantity, unit_price, amount, state,
 hold_until, page_opened, place_key, place_hash, refunded_units, refunded_won, terms_version, policy_id, created_at,
 paid_at, ended_at, version`

func scan(r db.Row) (Order, error) {
	var o Order
	err := r.Scan(&o.ID, &o.DealID, &o.OptionID, &o.MerchantID, &o.AccountID, &o.Quantity, &o.UnitPrice,
		&o.Amount, &o.State, db.Time(&o.HoldUntil), &o.PageOpened, &o.PlaceKey, &o.PlaceHash, &o.RefundedUnits,
		&o.RefundedWon, &o.TermsVersion, &o.PolicyID, db.Time(&o.CreatedAt), db.Time(&o.PaidAt), db.Time(&o.EndedAt),
		&o.Version)
	return o, err
}

var insertOrder = db.Insert{Table: "orders", Columns: []string{
	"id", "deal_id", "option_id", "merchant_id", "account_id", "quantity", "unit_price", "amount", "currency",
	"state", "hold_until", "place_key", "place_hash", "terms_version", "policy_id", "created_at", "version",
}}

// Insert writes new, held orders.
func Insert(ctx context.Context, tx *db.Tx, orders []Order) error {
	rows := make([][]any, len(orders))
	for i, o := range orders {
		rows[i] = []any{string(o.ID), string(o.DealID), string(o.OptionID), string(o.MerchantID),
			string(o.AccountID), o.Quantity, o.UnitPrice, o.Amount, "KRW", string(o.State), db.Micros(o.HoldUntil),
			o.PlaceKey, o.PlaceHash, o.TermsVersion, o.PolicyID, db.Micros(o.CreatedAt), o.Version}
	}
	_, err := db.InsertMany(ctx, tx, insertOrder, rows)
	return err
}

// Find reads one order.
func Find(ctx context.Context, q db.Querier, id market.OrderID) (Order, error) {
	o, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM orders WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return o, ErrNotFound
	}
	return o, err
}

// Load reads several orders; a missing one is missing in the answer.
func Load(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]*Order, error) {
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM orders WHERE id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[market.OrderID]*Order, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, nil
}

// CountHeld counts the orders that are held.
func CountHeld(ctx context.Context, q db.Querier, ids []market.OrderID) (int, error) {
	held, err := db.ByIDs(ctx, q, db.Scalar[string], `SELECT id FROM orders WHERE id IN {ids} AND state = 'held'`, ids)
	return len(held), err
}

// PlaceKey is the idempotency key of placing an order.
type PlaceKey struct {
	AccountID market.AccountID
	Key       string
}

// ByPlaceKeys finds orders already placed under the given keys.
func ByPlaceKeys(ctx context.Context, q db.Querier, keys []PlaceKey) (map[PlaceKey]Order, error) {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = k.Key
	}
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM orders WHERE place_key IN {ids}`, texts)
	if err != nil {
		return nil, err
	}
	out := make(map[PlaceKey]Order, len(rows))
	for _, o := range rows {
		out[PlaceKey{o.AccountID, o.PlaceKey}] = o
	}
	return out, nil
}

// Step is a guarded change of one order's state.
type Step struct {
	ID   market.OrderID
	From State
	To   State
	At   time.Time
	// Version, when not 0, is the one that the order must have.
	Version int64
}

// Rounds parts steps so that no round changes one order twice; later steps of an order stand in later rounds.
func Rounds(steps []Step) [][]Step {
	var out [][]Step
	seen := map[market.OrderID]int{}
	for _, s := range steps {
		n := seen[s.ID]
		seen[s.ID]++
		if n == len(out) {
			out = append(out, nil)
		}
		out[n] = append(out[n], s)
	}
	for _, round := range out {
		sort.Slice(round, func(i, j int) bool { return round[i].ID < round[j].ID })
	}
	return out
}

var move = db.Update{
	Table: "orders",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "was", Type: "text"}, {Name: "becomes", Type: "text"},
		{Name: "paid_at", Type: "bigint"}, {Name: "ended_at", Type: "bigint"}, {Name: "expected", Type: "bigint"},
	},
	Set: `state = v.becomes, paid_at = coalesce(v.paid_at, orders.paid_at),
 ended_at = coalesce(v.ended_at, orders.ended_at), version = orders.version + 1`,
	Where:     `orders.id = v.id AND orders.state = v.was AND (v.expected = 0 OR orders.version = v.expected)`,
	Returning: "orders.id",
}

// Move changes states under the guard of the state each leaves; it gives the number that passed.
func Move(ctx context.Context, tx *db.Tx, steps []Step) (int, error) {
	rows := make([][]any, len(steps))
	for i, s := range steps {
		var paid, ended any
		if s.To == Paid {
			paid = db.Micros(s.At)
		} else {
			ended = db.Micros(s.At)
		}
		rows[i] = []any{string(s.ID), string(s.From), string(s.To), paid, ended, s.Version}
	}
	passed, err := db.UpdateMany(ctx, tx, move, rows)
	return len(passed), err
}

var openPage = db.Update{
	Table:   "orders",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "extra", Type: "bigint"}, {Name: "at", Type: "bigint"}},
	Set:     `page_opened = TRUE, hold_until = orders.hold_until + v.extra, version = orders.version + 1`,
	Where: `orders.id = v.id AND orders.state = 'held' AND orders.page_opened = FALSE
 AND orders.hold_until > v.at`,
	Returning: "orders.id",
}

// OpenPages notes that payment pages were opened and lengthens the holds, once: an order whose page was opened before,
// or that is no longer held, stays as it is.
func OpenPages(ctx context.Context, tx *db.Tx, ids []market.OrderID, h HoldTimes) error {
	rows := make([][]any, len(ids))
	for i, id := range ids {
		rows[i] = []any{string(id), h.Extra.Microseconds(), db.Micros(tx.Now())}
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	_, err := db.UpdateMany(ctx, tx, openPage, rows)
	return err
}

var giveBack = db.Update{
	Table: "orders",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "units", Type: "bigint"}, {Name: "won", Type: "bigint"},
		{Name: "at", Type: "bigint"},
	},
	Set: `refunded_units = orders.refunded_units + v.units, refunded_won = orders.refunded_won + v.won,
 state = CASE WHEN orders.refunded_units + v.units = orders.quantity THEN 'refunded' ELSE orders.state END,
 ended_at = CASE WHEN orders.refunded_units + v.units = orders.quantity THEN v.at ELSE orders.ended_at END,
 version = orders.version + 1`,
	Where: `orders.id = v.id AND orders.state = 'paid' AND orders.refunded_units + v.units <= orders.quantity
 AND orders.refunded_won + v.won <= orders.amount`,
	Returning: "orders.id",
}

// Back is a part of an order that goes back.
type Back struct {
	ID    market.OrderID
	Units int64
	Won   int64
}

// GiveBack counts units and won of orders as given back; false when that would exceed what was paid. An order with
// nothing left becomes refunded.
func GiveBack(ctx context.Context, tx *db.Tx, list []Back) (bool, error) {
	rows := make([][]any, len(list))
	for i, b := range list {
		rows[i] = []any{string(b.ID), b.Units, b.Won, db.Micros(tx.Now())}
	}
	passed, err := db.UpdateMany(ctx, tx, giveBack, rows)
	return len(passed) == len(rows), err
}

// ListByAccount pages through an account's orders, newest first; before "" begins at the newest.
func ListByAccount(
	ctx context.Context, q db.Querier, account market.AccountID, before market.OrderID, limit int,
) ([]Order, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM orders WHERE account_id = $1 AND id < $2
 ORDER BY id DESC LIMIT $3`, string(account), string(before), limit)
}

// Overdue lists held orders whose time was up at the transaction's instant, longest first, that follow one which was
// looked at; the zero order comes before all. Orders that another node is ending are left to it.
func Overdue(ctx context.Context, tx *db.Tx, after Order, limit int) ([]Order, error) {
	text := `SELECT ` + columns + ` FROM orders WHERE state = 'held' AND hold_until < $1
 AND (hold_until > $2 OR hold_until = $2 AND id > $3) ORDER BY hold_until, id LIMIT $4` + tx.Claim()
	return db.All(ctx, tx, scan, text, db.Micros(tx.Now()), db.Micros(after.HoldUntil), string(after.ID), limit)
}

// AnyOverdue tells whether Overdue would list any.
func AnyOverdue(ctx context.Context, q db.Querier, now time.Time) (bool, error) {
	_, err := db.One(ctx, q, db.Scalar[string],
		`SELECT id FROM orders WHERE state = 'held' AND hold_until < $1 LIMIT 1`, db.Micros(now))
	if db.IsNoRow(err) {
		return false, nil
	}
	return err == nil, err
}

// PaidOf lists paid orders of a deal after an id, for chunked refunds.
func PaidOf(
	ctx context.Context, q db.Querier, deal market.DealID, after market.OrderID, limit int,
) ([]Order, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM orders WHERE deal_id = $1 AND state = 'paid' AND id > $2
 ORDER BY id LIMIT $3`, string(deal), string(after), limit)
}

// Newest lists the newest orders of a state.
func Newest(ctx context.Context, q db.Querier, state State, limit int) ([]Order, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM orders WHERE state = $1 ORDER BY id DESC LIMIT $2`,
		string(state), limit)
}
