package merchant

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Follow notes that an account follows a shop, letters included; twice is once.
func Follow(ctx context.Context, tx *db.Tx, who market.AccountID, id market.MerchantID) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO merchant_follow (account_id, merchant_id, at, letters)
		VALUES ($1, $2, $3, TRUE)
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

// Letters sets whether a follower takes letters about a shop's new deals; who does not follow takes none anyway.
func Letters(ctx context.Context, tx *db.Tx, who market.AccountID, id market.MerchantID, takes bool) error {
	_, err := db.Exec(ctx, tx, `UPDATE merchant_follow SET letters = $1 WHERE account_id = $2 AND merchant_id = $3`,
		takes, string(who), string(id))
	return err
}

// TakesLetters reports whether an account follows a shop and takes its letters.
func TakesLetters(ctx context.Context, q db.Querier, who market.AccountID, id market.MerchantID) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM merchant_follow
		WHERE account_id = $1 AND merchant_id = $2 AND letters = TRUE`, string(who), string(id))
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
