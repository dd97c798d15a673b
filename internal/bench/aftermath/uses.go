package aftermath

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Uses counts redemptions that callers were told of and that are not there, and vouchers of one unit used twice.
func Uses(ctx context.Context, q db.Querier, told [][]string) (lost, double int64, err error) {
	ids, err := db.All(ctx, q, db.Scalar[string], `SELECT id FROM redemption WHERE state = 'accepted'`)
	if err != nil {
		return 0, 0, err
	}
	double, err = db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM (SELECT voucher_id FROM redemption
		WHERE state = 'accepted' GROUP BY voucher_id HAVING sum(units) > 1) twice`)
	return missing(ids, told), double, err
}
