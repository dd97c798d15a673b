package lookout

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

func scan(r db.Row) (Lookout, error) {
	var l Lookout
	err := r.Scan(&l.ID, &l.MerchantID, &l.CategoryID, &l.RegionID, db.Time(&l.At))
	return l, err
}

// Of lists the kinds a shop follows, the oldest first.
func Of(ctx context.Context, q db.Querier, id market.MerchantID) ([]Lookout, error) {
	return db.All(ctx, q, scan, `SELECT id, merchant_id, category_id, region_id, at FROM lookout WHERE merchant_id = $1
 ORDER BY id LIMIT $2`, string(id), int64(Max))
}

// Add makes a shop follow a kind; twice is once.
func Add(ctx context.Context, tx *db.Tx, l Lookout) error {
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "lookout",
		Columns:    []string{"id", "merchant_id", "category_id", "region_id", "at"},
		OnConflict: "ON CONFLICT (merchant_id, category_id, region_id) DO NOTHING"},
		[][]any{{tx.NewID(Prefix), string(l.MerchantID), string(l.CategoryID), string(l.RegionID), db.Micros(tx.Now())}})
	return err
}

// Drop ends following a kind; ErrNotFound when the shop does not follow it.
func Drop(ctx context.Context, tx *db.Tx, shop market.MerchantID, id string) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM lookout WHERE id = $1 AND merchant_id = $2`, id, string(shop))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}

// Letters sets whether somebody of a shop takes letters about wishes that it follows; who says nothing takes them.
func Letters(ctx context.Context, tx *db.Tx, who market.AccountID, shop market.MerchantID, takes bool) error {
	if takes {
		_, err := db.Exec(ctx, tx, `DELETE FROM lookout_off WHERE merchant_id = $1 AND account_id = $2`,
			string(shop), string(who))
		return err
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "lookout_off", Columns: []string{"merchant_id", "account_id", "at"},
		OnConflict: "ON CONFLICT (merchant_id, account_id) DO NOTHING"},
		[][]any{{string(shop), string(who), db.Micros(tx.Now())}})
	return err
}

// TakesLetters reports whether somebody of a shop takes its letters about wishes.
func TakesLetters(ctx context.Context, q db.Querier, who market.AccountID, shop market.MerchantID) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM lookout_off
 WHERE merchant_id = $1 AND account_id = $2`, string(shop), string(who))
	return n == 0, err
}

// Told notes that shops were told of a wish and gives how many of them were not told before.
func Told(ctx context.Context, tx *db.Tx, wish market.WishID, shops []market.MerchantID) (int64, error) {
	rows := make([][]any, len(shops))
	for i, id := range shops {
		rows[i] = []any{string(wish), string(id), db.Micros(tx.Now())}
	}
	return db.InsertMany(ctx, tx, db.Insert{Table: "lookout_told", Columns: []string{"wish_id", "merchant_id", "at"},
		OnConflict: "ON CONFLICT (wish_id, merchant_id) DO NOTHING"}, rows)
}

// Reach counts the shops that were told of a wish.
func Reach(ctx context.Context, q db.Querier, wish market.WishID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM lookout_told WHERE wish_id = $1`, string(wish))
}
