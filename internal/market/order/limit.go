package order

import (
	"context"
	"sort"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// LimitKey names one account in one deal.
type LimitKey struct {
	DealID    market.DealID
	AccountID market.AccountID
}

func (k LimitKey) text() string { return string(k.DealID) + ":" + string(k.AccountID) }

const limitColumns = `deal_id, account_id, per_person, held_units, paid_units, lapses, paused_until`

func scanLimit(r db.Row) (Limit, error) {
	var l Limit
	err := r.Scan(&l.DealID, &l.AccountID, &l.PerPerson, &l.HeldUnits, &l.PaidUnits, &l.Lapses, db.Time(&l.PausedUntil))
	return l, err
}

// LoadLimits reads what accounts have of deals; a pair without a row has nothing.
func LoadLimits(ctx context.Context, q db.Querier, keys []LimitKey) (map[LimitKey]*Limit, error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.text()
	}
	rows, err := db.ByIDs(ctx, q, scanLimit, `SELECT `+limitColumns+` FROM order_limit WHERE id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[LimitKey]*Limit, len(rows))
	for i := range rows {
		out[LimitKey{rows[i].DealID, rows[i].AccountID}] = &rows[i]
	}
	return out, nil
}

// LimitChange is what a batch does to one account's units of one deal.
type LimitChange struct {
	PerPerson int64
	Held      int64
	Paid      int64
	Lapses    int64
	Times     HoldTimes // by which lapses count; not looked at without any
	// Guessed says that PaidBefore, the units paid before the change, was not read: the move makes sure of it.
	Guessed    bool
	PaidBefore int64
}

// ClaimLimits adds held units under the guard of the per-person limit, making rows that are missing. It answers false
// when a guard refused: the caller decides anew with fresh numbers.
func ClaimLimits(ctx context.Context, tx *db.Tx, changes map[LimitKey]LimitChange) (bool, error) {
	rows := make([][]any, 0, len(changes))
	for k, c := range changes {
		rows = append(rows, []any{k.text(), string(k.DealID), string(k.AccountID), c.PerPerson, c.Held, c.Paid})
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	n, err := db.InsertMany(ctx, tx, db.Insert{
		Table:   "order_limit",
		Columns: []string{"id", "deal_id", "account_id", "per_person", "held_units", "paid_units"},
		OnConflict: `ON CONFLICT (id) DO UPDATE SET per_person = excluded.per_person,
 held_units = order_limit.held_units + excluded.held_units, paid_units = order_limit.paid_units + excluded.paid_units
 WHERE order_limit.held_units + order_limit.paid_units + excluded.held_units + excluded.paid_units
 <= excluded.per_person`,
	}, rows)
	return int(n) == len(rows), err
}

var limitMove = db.Update{
	Table: "order_limit",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "held", Type: "bigint"}, {Name: "paid", Type: "bigint"},
		{Name: "lapses", Type: "bigint"}, {Name: "most", Type: "bigint"}, {Name: "pause", Type: "bigint"},
		{Name: "paid_before", Type: "bigint"},
	},
	Set: `held_units = order_limit.held_units + v.held, paid_units = order_limit.paid_units + v.paid,
 lapses = CASE WHEN v.lapses > 0 AND order_limit.lapses + v.lapses >= v.most THEN 0
 ELSE order_limit.lapses + v.lapses END,
 paused_until = CASE WHEN v.lapses > 0 AND order_limit.lapses + v.lapses >= v.most THEN v.pause
 ELSE order_limit.paused_until END`,
	Where: `order_limit.id = v.id AND order_limit.held_units + v.held >= 0
 AND order_limit.paid_units + v.paid >= 0 AND (v.paid_before < 0 OR order_limit.paid_units = v.paid_before)`,
	Returning: "order_limit.id",
}

// MoveLimits moves units from held to paid, or gives them back; one lapsed hold too many pauses the account.
func MoveLimits(ctx context.Context, tx *db.Tx, changes map[LimitKey]LimitChange) (bool, error) {
	rows := make([][]any, 0, len(changes))
	for k, c := range changes {
		before := int64(-1)
		if c.Guessed {
			before = c.PaidBefore
		}
		rows = append(rows, []any{k.text(), c.Held, c.Paid, c.Lapses, c.Times.LapsesMax,
			db.Micros(tx.Now().Add(c.Times.Pause)), before})
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	passed, err := db.UpdateMany(ctx, tx, limitMove, rows)
	return len(passed) == len(rows), err
}
