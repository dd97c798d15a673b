package report

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow/record"
)

// MemberRecord counts what somebody's part in wishes says about them. Who counted when the time to pay began and
// neither paid nor left has let the others down.
func MemberRecord(ctx context.Context, q db.Querier, who market.AccountID) (record.Member, error) {
	return db.One(ctx, q, func(r db.Row) (record.Member, error) {
		var m record.Member
		err := r.Scan(&m.Paid, &m.Disputed, &m.Lost, &m.Unpaid)
		return m, err
	}, `SELECT count(*), count(*) FILTER (WHERE s.disputed_at IS NOT NULL),
 count(*) FILTER (WHERE s.state = 'decided' AND s.refunded = 0),
 (SELECT count(*) FROM wish_member m JOIN collect c ON c.wish_id = m.wish_id
  WHERE m.account_id = $1 AND m.kind = 'firm' AND m.firm_at <= c.opened_at AND c.state = 'over'
  AND NOT EXISTS (SELECT 1 FROM escrow_share p WHERE p.wish_id = m.wish_id AND p.account_id = m.account_id))
 FROM escrow_share s WHERE s.account_id = $1`, string(who))
}
