package address

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

var insert = db.Insert{Table: "escrow_address",
	Columns: []string{"order_id", "name", "phone", "postcode", "line", "detail", "note", "at"},
	OnConflict: `ON CONFLICT (order_id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
 postcode = excluded.postcode, line = excluded.line, detail = excluded.detail, note = excluded.note, at = excluded.at`}

// Put notes where a member's parcel goes, or changes it while nothing was sent.
func Put(ctx context.Context, tx *db.Tx, id market.OrderID, who market.AccountID, a Address) error {
	if err := a.Check(); err != nil {
		return err
	}
	s, err := escrow.FindShare(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := s.Changeable(who); err != nil {
		return err
	}
	if err := PutNew(ctx, tx, []Given{{id, a}}); err != nil {
		return err
	}
	return escrow.Touch(ctx, tx, s) // nothing was sent meanwhile, and nothing ended
}

// Given is where one member's parcel goes.
type Given struct {
	OrderID market.OrderID
	Address
}

// PutNew notes where parcels go for shares that this very transaction makes, which nobody else can have moved.
func PutNew(ctx context.Context, tx *db.Tx, list []Given) error {
	rows := make([][]any, len(list))
	for i, a := range list {
		rows[i] = []any{string(a.OrderID), a.Name, a.Phone, a.Postcode, a.Line, a.Detail, a.Note, db.Micros(tx.Now())}
	}
	_, err := db.InsertMany(ctx, tx, insert, rows)
	return err
}

// row is an address with its share's order.
type row struct {
	id market.OrderID
	Address
}

func scan(r db.Row) (row, error) {
	var a row
	err := r.Scan(&a.id, &a.Name, &a.Phone, &a.Postcode, &a.Line, &a.Detail, &a.Note)
	return a, err
}

const columns = `order_id, name, phone, postcode, line, detail, note`

// Own reads a member's own address; it answers escrow.ErrNotFound, also when it was erased.
func Own(ctx context.Context, q db.Querier, id market.OrderID, who market.AccountID) (Address, error) {
	s, err := escrow.FindShare(ctx, q, id)
	if err != nil {
		return Address{}, err
	}
	if s.AccountID != who {
		return Address{}, escrow.ErrNotFound
	}
	a, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM escrow_address WHERE order_id = $1`, string(id))
	if db.IsNoRow(err) {
		return Address{}, escrow.ErrNotFound
	}
	return a.Address, err
}

// Reader is a merchant who looks at the addresses of a wish, and when.
type Reader struct {
	WishID     market.WishID
	MerchantID market.MerchantID
	Now        time.Time
}

// Read gives the addresses that a merchant may see of some shares of a wish; all others are missing in the answer.
func Read(
	ctx context.Context, q db.Querier, who Reader, shares []escrow.Share,
) (map[market.OrderID]Address, error) {
	e, err := escrow.Find(ctx, q, who.WishID)
	if err != nil {
		return nil, err
	}
	var ids []market.OrderID
	for _, s := range shares {
		if s.WishID == who.WishID && e.AddressVisible(s, who.MerchantID, who.Now) {
			ids = append(ids, s.OrderID)
		}
	}
	all, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM escrow_address WHERE order_id IN `+db.IDsMark, ids)
	out := make(map[market.OrderID]Address, len(all))
	for _, a := range all {
		out[a.id] = a.Address
	}
	return out, err
}

// Missing lists members of a wish who have paid and named no address yet, after an order.
func Missing(
	ctx context.Context, q db.Querier, id market.WishID, after market.OrderID, limit int,
) ([]market.OrderID, error) {
	return db.All(ctx, q, db.Scalar[market.OrderID], `SELECT s.order_id FROM escrow_share s
 WHERE s.wish_id = $1 AND s.state = 'held' AND s.order_id > $2
 AND NOT EXISTS (SELECT 1 FROM escrow_address a WHERE a.order_id = s.order_id) ORDER BY s.order_id LIMIT $3`,
		string(id), string(after), limit)
}

// Erase removes up to limit addresses that nobody needs any more and gives their number.
func Erase(ctx context.Context, tx *db.Tx, limit int) (int, error) {
	n, err := db.Exec(ctx, tx, `DELETE FROM escrow_address WHERE order_id IN (SELECT a.order_id FROM escrow_address a
 JOIN escrow_share s ON s.order_id = a.order_id WHERE s.address_until <= $1 ORDER BY s.address_until, a.order_id
 LIMIT $2)`, db.Micros(tx.Now()), limit)
	return int(n), err
}

// Stale lists orders whose address nobody needs any more by an instant: what Erase takes next, and, of an instant that
// is long past, what it has missed.
func Stale(ctx context.Context, q db.Querier, by time.Time, limit int) ([]market.OrderID, error) {
	return db.All(ctx, q, db.Scalar[market.OrderID], `SELECT a.order_id FROM escrow_address a
 JOIN escrow_share s ON s.order_id = a.order_id WHERE s.address_until <= $1 ORDER BY s.address_until, a.order_id
 LIMIT $2`, db.Micros(by), limit)
}
