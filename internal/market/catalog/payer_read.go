package catalog

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Payer is a firm member of a wish while its members pay.
type Payer struct {
	AccountID market.AccountID
	Email     string
	Name      string
	Locale    string
	Paid      bool // has a share
	Short     bool // has paid less than the price is now
}

// Payers lists the firm members of a wish, after an account; blocked accounts are left out.
func Payers(ctx context.Context, q db.Querier, id market.WishID, after market.AccountID, limit int) ([]Payer, error) {
	return db.All(ctx, q, func(r db.Row) (Payer, error) {
		var p Payer
		err := r.Scan(&p.AccountID, &p.Email, &p.Name, &p.Locale, &p.Paid, &p.Short)
		return p, err
	}, `SELECT a.id, a.email, a.name, a.locale, s.order_id IS NOT NULL,
 coalesce(s.amount < s.quantity * e.unit_price, FALSE) FROM wish_member w
 JOIN account a ON a.id = w.account_id AND a.blocked_at IS NULL JOIN escrow e ON e.wish_id = w.wish_id
 LEFT JOIN collect_order o ON o.wish_id = w.wish_id AND o.account_id = a.id AND o.state = 'paid'
 LEFT JOIN escrow_share s ON s.order_id = o.id AND s.state = 'held'
 WHERE w.id > $1 AND w.id < $2 AND w.kind = 'firm' ORDER BY w.id LIMIT $3`,
		string(id)+":"+string(after), string(id)+";", int64(limit)) // a member's id is the wish's and the account's
}
