package collect

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const orderColumns = `id, wish_id, account_id, bid_id, quantity, unit_price, state, name, phone, postcode, line, detail,
 note, created_at, paid_at, version`

func scanOrder(r db.Row) (Order, error) {
	var o Order
	err := r.Scan(&o.ID, &o.WishID, &o.AccountID, &o.BidID, &o.Quantity, &o.UnitPrice, &o.State, &o.To.Name, &o.To.Phone,
		&o.To.Postcode, &o.To.Line, &o.To.Detail, &o.To.Note, db.Time(&o.CreatedAt), db.Time(&o.PaidAt), &o.Version)
	return o, err
}

// FindOrder reads one member's order, or answers ErrNotFound.
func FindOrder(ctx context.Context, q db.Querier, id market.OrderID) (Order, error) {
	o, err := db.One(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM collect_order WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return o, ErrNotFound
	}
	return o, err
}

// Own are a member's orders in a wish that count: one that is open and one that is paid, at most.
type Own struct{ Open, Paid *Order }

// OwnOrders reads them.
func OwnOrders(ctx context.Context, q db.Querier, id market.WishID, who market.AccountID) (Own, error) {
	rows, err := db.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM collect_order
 WHERE wish_id = $1 AND account_id = $2 AND state IN ('open', 'paid') ORDER BY id`, string(id), string(who))
	var own Own
	for i := range rows {
		if rows[i].Open() {
			own.Open = &rows[i]
		} else {
			own.Paid = &rows[i]
		}
	}
	return own, err
}

// LastOrder reads a member's newest order in a wish, whatever came of it, or answers ErrNotFound.
func LastOrder(ctx context.Context, q db.Querier, id market.WishID, who market.AccountID) (Order, error) {
	o, err := db.One(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM collect_order
 WHERE wish_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT 1`, string(id), string(who))
	if db.IsNoRow(err) {
		return o, ErrNotFound
	}
	return o, err
}

const forget = `name = '', phone = '', postcode = '', line = '', detail = '', note = ''`

// LeaveAll gives orders up that were paid and whose shares have ended.
func LeaveAll(ctx context.Context, tx *db.Tx, ids []market.OrderID) error {
	for _, id := range ids {
		if _, err := db.Exec(ctx, tx, `UPDATE collect_order SET state = 'gone', version = version + 1
 WHERE id = $1 AND state = 'paid'`, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// Drop gives up every open order of a wish for which nobody pays any more. Money that comes for one goes back.
func Drop(ctx context.Context, tx *db.Tx, id market.WishID) error {
	_, err := db.Exec(ctx, tx, `UPDATE collect_order SET state = 'gone', `+forget+`, version = version + 1
 WHERE wish_id = $1 AND state = 'open'`, string(id))
	return err
}
