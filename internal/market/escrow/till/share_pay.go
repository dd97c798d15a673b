package till

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// Taking is captured money of members of one wish.
type Taking struct {
	Escrow   escrow.Escrow // as it was read
	Exact    bool          // stands only when nobody has paid since it was read: what is left was counted then
	Payments []escrow.Payment
}

// sums are what a taking adds to its escrow.
func (t Taking) sums() (units, paid int64) {
	for _, p := range t.Payments {
		units, paid = units+p.Quantity, paid+p.Amount
	}
	return units, paid
}

var insertShare = db.Insert{Table: "escrow_share", OnConflict: "ON CONFLICT DO NOTHING", Columns: []string{"order_id",
	"wish_id", "account_id", "quantity", "paid", "amount", "state", "paid_at", "version"}}

// Put makes the shares, all or none: escrow.ErrClosed, ErrPrice and ErrPaid refuse. Count must follow.
func Put(ctx context.Context, tx *db.Tx, list []Taking) error {
	var rows [][]any
	for _, t := range list {
		for _, p := range t.Payments {
			if err := t.Escrow.MayPay(p); err != nil {
				return err
			}
			rows = append(rows, []any{string(p.OrderID), string(t.Escrow.WishID), string(p.AccountID), p.Quantity, p.Amount,
				p.Amount, string(escrow.Held), db.Micros(tx.Now()), int64(1)})
		}
	}
	n, err := db.InsertMany(ctx, tx, insertShare, rows)
	switch {
	case err != nil:
		return fmt.Errorf("insert shares: %w", err)
	case n != int64(len(rows)):
		return escrow.ErrPaid
	}
	return nil
}

var countShares = db.Update{
	Table: "escrow",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "shares", Type: "bigint"}, {Name: "units", Type: "bigint"},
		{Name: "paid", Type: "bigint"}, {Name: "expected", Type: "bigint"},
	},
	Set: `shares = escrow.shares + v.shares, units = escrow.units + v.units, paid = escrow.paid + v.paid,
 version = escrow.version + 1`,
	Where: `escrow.wish_id = v.id AND escrow.phase = 'paying'
 AND (v.expected = 0 OR escrow.version = v.expected)`,
	Returning: "escrow.wish_id",
}

// Count adds the shares to their escrows; false when members pay there no more, or somebody has paid since an exact one
// was read: nothing may then be written. It comes last, because every payment of a wish writes that row.
func Count(ctx context.Context, tx *db.Tx, list []Taking) (bool, error) {
	rows := make([][]any, len(list))
	for i, t := range list {
		units, paid := t.sums()
		expected := int64(0)
		if t.Exact {
			expected = t.Escrow.Version
		}
		rows[i] = []any{string(t.Escrow.WishID), int64(len(t.Payments)), units, paid, expected}
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	passed, err := db.UpdateMany(ctx, tx, countShares, rows)
	if err != nil {
		return false, fmt.Errorf("count shares: %w", err)
	}
	return len(passed) == len(list), nil
}

// Pay is Put and Count for one wish, for whoever has nothing else to write at the end.
func Pay(ctx context.Context, tx *db.Tx, id market.WishID, list []escrow.Payment) error {
	e, err := escrow.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	taken := []Taking{{Escrow: e, Payments: list}}
	if err := Put(ctx, tx, taken); err != nil {
		return err
	}
	ok, err := Count(ctx, tx, taken)
	if err == nil && !ok {
		return escrow.ErrClosed
	}
	return err
}
