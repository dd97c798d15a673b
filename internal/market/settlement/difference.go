package settlement

import (
	"context"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Source is the list of the gateway or the bank that a difference was found in.
type Source string

// The sources.
const (
	SourceSettlement   Source = "settlement"
	SourceTransactions Source = "transactions"
	SourcePayout       Source = "payout"
)

// Class is how their list differs from our books.
type Class string

// The classes of differences; Matched is none.
const (
	Matched       Class = "matched"
	MissingHere   Class = "missing_here"
	MissingThere  Class = "missing_there"
	AmountDiffers Class = "amount_differs"
	FeeDiffers    Class = "fee_differs"
)

// Difference is one row of theirs or of ours that has no equal on the other side.
type Difference struct {
	ID         string
	Source     Source
	Class      Class
	Day        string
	GatewayKey string // what they know it by
	SubjectID  string // our payment, refund or payout, "" when we know none
	Ours       int64  // won
	Theirs     int64  // won
	SeenAt     time.Time
	ResolvedAt time.Time
	ResolvedBy string
	Note       string
}

// Age is how long a difference has stood.
func (d Difference) Age(now time.Time) time.Duration { return now.Sub(d.SeenAt) }

// DifferenceID names a difference: what was found again is the same.
func DifferenceID(source Source, key string, class Class) string {
	return string(source) + "/" + key + "/" + string(class)
}

const differenceColumns = `id, source, class, day, gateway_key, subject_id, ours, theirs, seen_at, resolved_at,
 resolved_by, note`

func scanDifference(r db.Row) (Difference, error) {
	var d Difference
	err := r.Scan(&d.ID, &d.Source, &d.Class, &d.Day, &d.GatewayKey, &d.SubjectID, &d.Ours, &d.Theirs,
		db.Time(&d.SeenAt), db.Time(&d.ResolvedAt), &d.ResolvedBy, &d.Note)
	return d, err
}

var insertDifference = db.Insert{Table: "settlement_difference", Columns: []string{
	"id", "source", "class", "day", "gateway_key", "subject_id", "ours", "theirs", "seen_at", "note",
}, OnConflict: `ON CONFLICT (id) DO NOTHING`}

// Note writes differences that were found; those known already stay as they are.
func Note(ctx context.Context, tx *db.Tx, list []Difference) (int64, error) {
	list = slices.Clone(list)
	rows := make([][]any, 0, len(list))
	seen := map[string]bool{}
	for _, d := range list {
		id := DifferenceID(d.Source, d.GatewayKey, d.Class)
		if d.Class == Matched || seen[id] {
			continue
		}
		seen[id] = true
		rows = append(rows, []any{id, string(d.Source), string(d.Class), d.Day, d.GatewayKey, d.SubjectID, d.Ours, d.Theirs,
			db.Micros(tx.Now()), d.Note})
	}
	return db.InsertMany(ctx, tx, insertDifference, rows)
}

// Differences lists open differences, the oldest first, after an id of the same instant.
func Differences(ctx context.Context, q db.Querier, limit int) ([]Difference, error) {
	return db.All(ctx, q, scanDifference, `SELECT `+differenceColumns+` FROM settlement_difference
 WHERE resolved_at IS NULL ORDER BY seen_at, id LIMIT $1`, limit)
}

// Resolve ends a difference with a word about why; false when it had ended. By is "system" when the other side's row
// came after all.
func Resolve(ctx context.Context, tx *db.Tx, id, by, note string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE settlement_difference SET resolved_at = $2, resolved_by = $3, note = $4
 WHERE id = $1 AND resolved_at IS NULL`, id, db.Micros(tx.Now()), by, note)
	return n == 1, err
}

// Contract is what the gateway may keep, and when it pays.
type Contract struct {
	FeeBP        int64 // of the amount, without VAT
	BusinessDays int   // from sale to pay-out
}

// feeTolerance is what two ways of rounding may differ by, in won; a part of a payment is rounded twice.
const feeTolerance = 1

// FeeFits tells whether a row's fee is the contract's, ± 1 won; a cancel gives its fee back.
func (c Contract) FeeFits(amount, supply, vat int64) bool {
	if amount < 0 {
		amount, supply, vat = -amount, -supply, -vat
	}
	want := (amount*c.FeeBP + 5_000) / 10_000
	return near(supply, want) && near(vat, (supply+5)/10)
}

func near(a, b int64) bool { return a-b <= feeTolerance && b-a <= feeTolerance }

// Setting names an amount that the operator chooses.
const PayoutLimit = "payout_limit"

// PayoutLimitDefault is the most that goes out in one payout by itself, in won.
const PayoutLimitDefault = 50_000_000

// Limit gives the most that goes out in one payout by itself, in won.
func Limit(ctx context.Context, q db.Querier) (int64, error) {
	won, err := db.One(ctx, q, db.Scalar[int64], `SELECT won FROM settlement_setting WHERE name = $1`, PayoutLimit)
	if db.IsNoRow(err) {
		return PayoutLimitDefault, nil
	}
	return won, err
}

// SetLimit chooses the most that goes out in one payout by itself, in won.
func SetLimit(ctx context.Context, tx *db.Tx, won int64, by string) error {
	if won < 0 {
		return ErrAmount.On("won")
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO settlement_setting (name, won, set_by, set_at) VALUES ($1, $2, $3, $4)
 ON CONFLICT (name) DO UPDATE SET won = excluded.won, set_by = excluded.set_by, set_at = excluded.set_at`,
		PayoutLimit, won, by, db.Micros(tx.Now()))
	return err
}
