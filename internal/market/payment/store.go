package payment

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, order_id, deal_id, wish_id, purpose, account_id, gateway, checkout_key, checkout_url, payment_key,
 amount, state, refundable, outcome_code, created_at, captured_at, version`

func scan(r db.Row) (Payment, error) {
	var p Payment
	err := r.Scan(&p.ID, &p.OrderID, &p.DealID, &p.WishID, &p.Purpose, &p.AccountID, &p.Gateway, &p.CheckoutKey,
		&p.CheckoutURL, db.Text(&p.PaymentKey), &p.Amount, &p.State, &p.Refundable, &p.OutcomeCode, db.Time(&p.CreatedAt),
		db.Time(&p.CapturedAt), &p.Version)
	return p, err
}

var insertPayment = db.Insert{Table: "payment", Columns: []string{
	"id", "order_id", "deal_id", "wish_id", "purpose", "account_id", "gateway", "amount", "currency", "state",
	"created_at", "version",
}}

// Insert writes new attempts as intents.
func Insert(ctx context.Context, tx *db.Tx, payments []Payment) error {
	rows := make([][]any, len(payments))
	for i, p := range payments {
		rows[i] = []any{string(p.ID), string(p.OrderID), string(p.DealID), string(p.WishID), string(p.Purpose),
			string(p.AccountID), p.Gateway, p.Amount, "KRW", string(Intent), db.Micros(p.CreatedAt), int64(1)}
	}
	_, err := db.InsertMany(ctx, tx, insertPayment, rows)
	return err
}

// Find reads one attempt.
func Find(ctx context.Context, q db.Querier, id market.PaymentID) (Payment, error) {
	p, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return p, ErrNotFound
	}
	return p, err
}

// Load reads several attempts.
func Load(ctx context.Context, q db.Querier, ids []market.PaymentID) (map[market.PaymentID]*Payment, error) {
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[market.PaymentID]*Payment, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, nil
}

// OfOrder lists an order's attempts, oldest first.
func OfOrder(ctx context.Context, q db.Querier, id market.OrderID) ([]Payment, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE order_id = $1 ORDER BY id`, string(id))
}

// OfOrders lists the attempts of several orders, oldest first.
func OfOrders(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID][]Payment, error) {
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE order_id IN {ids} ORDER BY id`, ids)
	out := make(map[market.OrderID][]Payment, len(ids))
	for _, p := range rows {
		out[p.OrderID] = append(out[p.OrderID], p)
	}
	return out, err
}

// Confirmings lists attempts to pay orders of deals, made before the given instant, that the gateway was asked about
// without a known answer.
func Confirmings(ctx context.Context, q db.Querier, before time.Time, limit int) ([]Payment, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE state = 'confirming' AND wish_id = ''
 AND created_at < $1 ORDER BY created_at LIMIT $2`, db.Micros(before), limit)
}

// Capturing tells for which orders a capture is under way.
func Capturing(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]bool, error) {
	rows, err := db.ByIDs(ctx, q, db.Scalar[market.OrderID],
		`SELECT order_id FROM payment WHERE order_id IN {ids} AND state = 'confirming'`, ids)
	out := make(map[market.OrderID]bool, len(rows))
	for _, id := range rows {
		out[id] = true
	}
	return out, err
}

var setCheckout = db.Update{
	Table: "payment",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "checkout_key", Type: "text"}, {Name: "checkout_url", Type: "text"},
	},
	Set:   `checkout_key = v.checkout_key, checkout_url = v.checkout_url, version = payment.version + 1`,
	Where: `payment.id = v.id AND payment.state = 'intent'`, Returning: "payment.id",
}

// CheckoutOf is the gateway's page for an attempt.
type CheckoutOf struct {
	ID       market.PaymentID
	Key, URL string
}

// SetCheckouts notes the gateway's pages for attempts; one that is no intent any more keeps what it has.
func SetCheckouts(ctx context.Context, tx *db.Tx, pages []CheckoutOf) error {
	rows := make([][]any, len(pages))
	for i, p := range pages {
		rows[i] = []any{string(p.ID), p.Key, p.URL}
	}
	_, err := db.UpdateMany(ctx, tx, setCheckout, sorted(rows))
	return err
}

// sorted orders rows by their id, so that two transactions lock in the same order.
func sorted(rows [][]any) [][]any {
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	return rows
}

var begin = db.Update{
	Table: "payment",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "payment_key", Type: "text"}, {Name: "expected", Type: "bigint"},
	},
	Set: `state = 'confirming', payment_key = v.payment_key, version = payment.version + 1`,
	Where: `payment.id = v.id AND payment.state = 'intent'
 AND (v.expected = 0 OR payment.version = v.expected)`,
	Returning: "payment.id",
}

// KeyOf is a gateway's key for an attempt.
type KeyOf struct {
	ID      market.PaymentID
	Key     string
	Version int64 // which the attempt must have, 0 for any
}

// Begin writes the intent to confirm, before the gateway is asked; it gives the attempts that were intents.
func Begin(ctx context.Context, tx *db.Tx, keys []KeyOf) (map[market.PaymentID]bool, error) {
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{string(k.ID), k.Key, k.Version}
	}
	passed, err := db.UpdateMany(ctx, tx, begin, rows)
	out := make(map[market.PaymentID]bool, len(passed))
	for _, id := range passed {
		out[market.PaymentID(id)] = true
	}
	return out, err
}

var end = db.Update{
	Table: "payment",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "state", Type: "text"}, {Name: "payment_key", Type: "text"},
		{Name: "refundable", Type: "bigint"}, {Name: "code", Type: "text"}, {Name: "captured_at", Type: "bigint"},
		{Name: "expected", Type: "bigint"},
	},
	Set: `state = v.state, payment_key = coalesce(v.payment_key, payment.payment_key), refundable = v.refundable,
 outcome_code = v.code, captured_at = v.captured_at, version = payment.version + 1`,
	Where: `payment.id = v.id AND payment.state IN ('intent', 'confirming')
 AND (v.expected = 0 OR payment.version = v.expected)`,
	Returning: "payment.id",
}

// Ending is the outcome of an attempt.
type Ending struct {
	ID         market.PaymentID
	State      State
	PaymentKey string
	Amount     int64 // won captured, which becomes refundable
	Code       string
	Version    int64 // which the attempt must have, 0 for any
}

// End writes outcomes under the guard that none was written before; it gives the number that passed.
func End(ctx context.Context, tx *db.Tx, endings []Ending) (int, error) {
	rows := make([][]any, len(endings))
	for i, e := range endings {
		var captured any
		if e.State == Captured {
			captured = db.Micros(tx.Now())
		}
		rows[i] = []any{string(e.ID), string(e.State), db.TextArg(e.PaymentKey), e.Amount, e.Code, captured, e.Version}
	}
	passed, err := db.UpdateMany(ctx, tx, end, rows)
	return len(passed), err
}
