package collect

import (
	"context"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// LoadOrders reads several orders; a missing one is missing in the answer.
func LoadOrders(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]*Order, error) {
	rows, err := db.ByIDs(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM collect_order WHERE id IN `+db.IDsMark, ids)
	out := make(map[market.OrderID]*Order, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, err
}

// Seat is a member's place at the till of a wish.
type Seat struct {
	WishID    market.WishID
	AccountID market.AccountID
}

// Seat is whose order it is.
func (o Order) Seat() Seat { return Seat{o.WishID, o.AccountID} }

// LoadOwn reads the orders that count of several members; who has none is missing in the answer.
func LoadOwn(ctx context.Context, q db.Querier, seats []Seat) (map[Seat]Own, error) {
	var wishes []market.WishID
	of := map[market.WishID][]market.AccountID{}
	for _, s := range seats {
		if of[s.WishID] == nil {
			wishes = append(wishes, s.WishID)
		}
		of[s.WishID] = append(of[s.WishID], s.AccountID)
	}
	out := make(map[Seat]Own, len(seats))
	for _, id := range wishes {
		rows, err := db.ByIDsOf(ctx, q, scanOrder, db.Bound{Text: `SELECT ` + orderColumns + ` FROM collect_order
 WHERE wish_id = $1 AND state IN ('open', 'paid') AND account_id IN ` + db.IDsMark, Args: []any{string(id)}}, of[id])
		if err != nil {
			return nil, err
		}
		for i := range rows {
			own := out[rows[i].Seat()]
			if rows[i].Open() {
				own.Open = &rows[i]
			} else {
				own.Paid = &rows[i]
			}
			out[rows[i].Seat()] = own
		}
	}
	return out, nil
}

var insertOrder = db.Insert{Table: "collect_order", OnConflict: "ON CONFLICT DO NOTHING", Columns: []string{"id",
	"wish_id", "account_id", "bid_id", "quantity", "unit_price", "state", "name", "phone", "postcode", "line", "detail",
	"note", "created_at", "version"}}

// InsertOrders writes members' orders; it answers ErrMoved when one of them has an open one already.
func InsertOrders(ctx context.Context, tx *db.Tx, list []Order) error {
	rows := make([][]any, len(list))
	for i, o := range list {
		rows[i] = []any{string(o.ID), string(o.WishID), string(o.AccountID), string(o.BidID), o.Quantity, o.UnitPrice,
			string(OrderOpen), o.To.Name, o.To.Phone, o.To.Postcode, o.To.Line, o.To.Detail, o.To.Note,
			db.Micros(o.CreatedAt), int64(1)}
	}
	n, err := db.InsertMany(ctx, tx, insertOrder, rows)
	return every(int(n), len(rows), err)
}

// Change is what an open order becomes.
type Change struct{ Was, Is Order }

var setOrder = db.Update{
	Table: "collect_order",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "expected", Type: "bigint"}, {Name: "bid_id", Type: "text"},
		{Name: "quantity", Type: "bigint"}, {Name: "unit_price", Type: "bigint"}, {Name: "name", Type: "text"},
		{Name: "phone", Type: "text"}, {Name: "postcode", Type: "text"}, {Name: "line", Type: "text"},
		{Name: "detail", Type: "text"}, {Name: "note", Type: "text"}},
	Set: `bid_id = v.bid_id, quantity = v.quantity, unit_price = v.unit_price, name = v.name, phone = v.phone,
 postcode = v.postcode, line = v.line, detail = v.detail, note = v.note, version = collect_order.version + 1`,
	Where:     `collect_order.id = v.id AND collect_order.version = v.expected AND collect_order.state = 'open'`,
	Returning: "collect_order.id",
}

// SetOrders changes what open orders are for; it answers ErrMoved when one is no longer as it was read.
func SetOrders(ctx context.Context, tx *db.Tx, list []Change) error {
	rows := make([][]any, len(list))
	for i, c := range list {
		o := c.Is
		rows[i] = []any{string(c.Was.ID), c.Was.Version, string(o.BidID), o.Quantity, o.UnitPrice, o.To.Name, o.To.Phone,
			o.To.Postcode, o.To.Line, o.To.Detail, o.To.Note}
	}
	return change(ctx, tx, setOrder, rows)
}

var payOrder = db.Update{
	Table: "collect_order",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "expected", Type: "bigint"},
		{Name: "paid_at", Type: "bigint"}},
	Set:       `state = 'paid', paid_at = v.paid_at, ` + forget + `, version = collect_order.version + 1`,
	Where:     `collect_order.id = v.id AND collect_order.version = v.expected AND collect_order.state = 'open'`,
	Returning: "collect_order.id",
}

// PayOrders turns open orders into paid ones; it answers ErrMoved when one is no longer as it was read.
func PayOrders(ctx context.Context, tx *db.Tx, list []Order) error {
	rows := make([][]any, len(list))
	for i, o := range list {
		rows[i] = []any{string(o.ID), o.Version, db.Micros(tx.Now())}
	}
	return change(ctx, tx, payOrder, rows)
}

var leaveOrder = db.Update{
	Table:     "collect_order",
	Columns:   []db.Column{{Name: "id", Type: "text"}, {Name: "expected", Type: "bigint"}},
	Set:       `state = 'gone', ` + forget + `, version = collect_order.version + 1`,
	Where:     `collect_order.id = v.id AND collect_order.version = v.expected AND collect_order.state <> 'gone'`,
	Returning: "collect_order.id",
}

// LeaveOrders gives orders up, open or paid; it answers ErrMoved when one is no longer as it was read.
func LeaveOrders(ctx context.Context, tx *db.Tx, list []Order) error {
	rows := make([][]any, len(list))
	for i, o := range list {
		rows[i] = []any{string(o.ID), o.Version}
	}
	return change(ctx, tx, leaveOrder, rows)
}

// change writes rows in the order of their ids, so that two transactions lock in the same order.
func change(ctx context.Context, tx *db.Tx, up db.Update, rows [][]any) error {
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	passed, err := db.UpdateMany(ctx, tx, up, rows)
	return every(len(passed), len(rows), err)
}

// every is the answer of a guard that must let all rows through.
func every(passed, asked int, err error) error {
	if err == nil && passed != asked {
		return ErrMoved
	}
	return err
}
