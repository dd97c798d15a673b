package merchant

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Follow notes that an account follows a shop; twice is once.
func Follow(ctx context.Context, tx *db.Tx, who market.AccountID, id market.MerchantID) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO merchant_follow (account_id, merchant_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, merchant_id) DO NOTHING`, string(who), string(id), db.Micros(tx.Now()))
	return err
}

// Unfollow ends it; not following is no error.
func Unfollow(ctx context.Context, tx *db.Tx, who market.AccountID, id market.MerchantID) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM merchant_follow WHERE account_id = $1 AND merchant_id = $2`,
		string(who), string(id))
	return err
}

// Follows reports whether an account follows a shop.
func Follows(ctx context.Context, q db.Querier, who market.AccountID, id market.MerchantID) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM merchant_follow
		WHERE account_id = $1 AND merchant_id = $2`, string(who), string(id))
	return n > 0, err
}

// Followers counts who follows a shop.
func Followers(ctx context.Context, q db.Querier, id market.MerchantID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM merchant_follow WHERE merchant_id = $1`, string(id))
}

// Followed gives the shops an account follows, the latest first.
func Followed(ctx context.Context, q db.Querier, who market.AccountID, limit int) ([]market.MerchantID, error) {
	return db.All(ctx, q, db.Scalar[market.MerchantID], `SELECT merchant_id FROM merchant_follow
		WHERE account_id = $1 ORDER BY at DESC, merchant_id LIMIT $2`, string(who), min(max(limit, 1), PageMax))
}
