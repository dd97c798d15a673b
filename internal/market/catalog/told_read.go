package catalog

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Listener is somebody who is to be told that a deal's sale begins.
type Listener struct {
	AccountID market.AccountID
	Email     string
	Name      string
	Locale    string
	Asked     bool // on the deal's own page, so that a letter is owed
	Letters   bool // follows the shop and takes its letters
}

// Listeners lists who follows a deal's shop or asked to be told of the deal, after an account, and was not told yet.
// Blocked accounts and the shop's own people are left out.
func Listeners(
	ctx context.Context, q db.Querier, id market.DealID, after market.AccountID, limit int,
) ([]Listener, error) {
	return db.All(ctx, q, func(r db.Row) (Listener, error) {
		var l Listener
		err := r.Scan(&l.AccountID, &l.Email, &l.Name, &l.Locale, &l.Asked, &l.Letters)
		return l, err
	}, `SELECT a.id, a.email, a.name, a.locale, coalesce(b.notify, FALSE), coalesce(f.letters, FALSE)
 FROM (SELECT w.account_id FROM deal d JOIN merchant_follow w ON w.merchant_id = d.merchant_id
 WHERE d.id = $1 AND w.account_id > $2
 UNION SELECT k.account_id FROM deal_bookmark k WHERE k.deal_id = $1 AND k.notify = TRUE AND k.account_id > $2) near
 JOIN account a ON a.id = near.account_id JOIN deal d ON d.id = $1
 LEFT JOIN deal_bookmark b ON b.deal_id = d.id AND b.account_id = a.id
 LEFT JOIN merchant_follow f ON f.merchant_id = d.merchant_id AND f.account_id = a.id
 WHERE a.blocked_at IS NULL
 AND NOT EXISTS (SELECT 1 FROM merchant_member m WHERE m.merchant_id = d.merchant_id AND m.account_id = a.id)
 AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account_id = a.id AND n.subject = $1)
 ORDER BY a.id LIMIT $3`, string(id), string(after), int64(limit))
}
