package aftermath

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Joined is what is wrong with a wish that many joined at once.
type Joined struct {
	Lost       int64 // places that callers were told of and that are not there
	Miscounted int64 // by how much the wish's number differs from its firm members
	Again      int64 // announcements of its point beyond the first; 1 too when enough came and none was made
}

// Joins compares a wish with its members and with what callers were told.
func Joins(ctx context.Context, q db.Querier, id market.WishID, told [][]string) (out Joined, err error) {
	firm, err := db.All(ctx, q, db.Scalar[string],
		`SELECT account_id FROM wish_member WHERE wish_id = $1 AND kind = 'firm'`, string(id))
	if err != nil {
		return out, err
	}
	var counted, threshold int64
	_, err = db.One(ctx, q, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&counted, &threshold) },
		`SELECT firm, threshold FROM wish WHERE id = $1`, string(id))
	if err != nil {
		return out, err
	}
	announced, err := db.One(ctx, q, db.Scalar[int64],
		`SELECT count(*) FROM kit_event WHERE kind = 'wish.reached' AND aggregate = $1`, string(id))
	if err != nil {
		return out, err
	}
	out.Lost, out.Miscounted = missing(firm, told), difference(counted, int64(len(firm)))
	var want int64
	if int64(len(firm)) >= threshold {
		want = 1
	}
	out.Again = difference(announced, want)
	return out, nil
}

func difference(a, b int64) int64 { return max(a-b, b-a) }
