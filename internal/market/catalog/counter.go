package catalog

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// UsedAt is one use as the counter's list shows it. Whether the won may be shown is the reader's question.
type UsedAt struct {
	voucher.Redemption
	Title     string
	Option    string
	GuestName string // whole: mask it before it is shown
}

const usedColumns = `r.id, r.voucher_id, r.deal_id, r.merchant_id, r.branch_id, r.account_id, r.staff_id, r.units,
 r.first_use, r.price, r.net, r.state, r.at, r.day, r.statement_id, t.title, p.name, coalesce(a.name, '')`

func scanUsed(r db.Row) (UsedAt, error) {
	var u UsedAt
	x := &u.Redemption
	err := r.Scan(&x.ID, &x.VoucherID, &x.DealID, &x.MerchantID, &x.BranchID, &x.AccountID, &x.StaffID, &x.Units,
		&x.FirstUse, &x.Price, &x.Net, &x.State, db.Time(&x.At), &x.Day, db.Text(&x.StatementID), &u.Title, &u.Option,
		&u.GuestName)
	return u, err
}

// Counter chooses uses at a counter; BranchID "" means every branch.
type Counter struct {
	MerchantID market.MerchantID
	BranchID   market.BranchID
	Since      time.Time
	Limit      int
}

// UsesAt lists the newest uses at a counter.
func UsesAt(ctx context.Context, q db.Querier, c Counter) ([]UsedAt, error) {
	return db.All(ctx, q, scanUsed, `SELECT `+usedColumns+` FROM redemption r
 JOIN voucher v ON v.id = r.voucher_id
 JOIN deal_terms t ON t.deal_id = v.deal_id AND t.version = v.terms_version
 JOIN deal_option p ON p.id = v.option_id
 LEFT JOIN account a ON a.id = r.account_id
 WHERE r.merchant_id = $1 AND r.id >= $2 AND ($3 = '' OR r.branch_id = $3)
 ORDER BY r.id DESC LIMIT $4`, string(c.MerchantID), id.From(market.PrefixRedemption, c.Since), string(c.BranchID),
		int64(c.Limit))
}
