package catalog

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// Bidder is what is known of a seller on a wish.
type Bidder struct {
	Registered bool  // it may bid: it has said who it is, and is not barred from selling
	Verified   bool  // the operator has approved it, or a register knows that it runs
	Member     bool  // one of its people counts in the crowd
	Deposit    int64 // won that it has down for the wish
}

// Bidders reads what is known of sellers on a wish; one that does not exist is missing in the answer.
func Bidders(ctx context.Context, q db.Querier, wish market.WishID, ids []market.MerchantID,
) (map[market.MerchantID]Bidder, error) {
	type row struct {
		merchant.Merchant
		member   int64
		deposit  int64
		verified bool
	}
	rows, err := db.ByIDsOf(ctx, q, func(r db.Row) (row, error) {
		var b row
		err := r.Scan(&b.ID, &b.State, &b.Business.Number, &b.Business.Name, &b.Business.Phone, &b.member, &b.deposit,
			&b.verified)
		return b, err
	}, db.Bound{Text: `SELECT m.id, m.state, m.business_number, m.name, m.phone,
 (SELECT count(*) FROM merchant_member p JOIN wish_member w ON w.account_id = p.account_id
 WHERE p.merchant_id = m.id AND w.wish_id = $1 AND w.kind = 'firm'),
 (SELECT CAST(coalesce(sum(d.amount), 0) AS bigint) FROM bid_deposit d
 WHERE d.wish_id = $1 AND d.merchant_id = m.id AND d.state = 'held'),
 EXISTS (SELECT 1 FROM merchant_verify v WHERE v.merchant_id = m.id AND v.state = 'verified'
 AND v.number = m.business_number AND v.number <> '')
 FROM merchant m WHERE m.id IN {ids}`, Args: []any{string(wish)}}, ids)
	out := make(map[market.MerchantID]Bidder, len(rows))
	for _, b := range rows {
		out[b.ID] = Bidder{Registered: b.MayBid(), Verified: b.MaySell() || b.verified && b.MayBid(),
			Member: b.member > 0, Deposit: b.deposit}
	}
	return out, err
}
