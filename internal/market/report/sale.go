package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Sale is one paid order of a deal, as its shop may see it.
type Sale struct {
	OrderID       market.OrderID
	Number        int64 // which buyer this was, from 1, in order of their orders
	Name          string
	Option        string
	Units         int64
	Amount        int64
	PaidAt        time.Time
	UsedUnits     int64 // uses made
	UsesAll       int64 // uses that the vouchers had
	LastUse       time.Time
	Net           int64 // won earned by uses
	RefundedUnits int64
	RefundedWon   int64
	State         string
}

const sqlSales = `SELECT o.id, coalesce(a.name, ''), coalesce(p.name, ''), o.quantity, o.amount, o.paid_at,
 coalesce((SELECT CAST(sum(v.units_used) AS bigint) FROM voucher v WHERE v.order_id = o.id), 0),
 coalesce((SELECT CAST(sum(v.units_total) AS bigint) FROM voucher v WHERE v.order_id = o.id), 0),
 (SELECT max(r.at) FROM voucher v JOIN redemption r ON r.voucher_id = v.id WHERE v.order_id = o.id
 AND r.state = 'accepted'),
 coalesce((SELECT CAST(sum(r.net) AS bigint) FROM voucher v JOIN redemption r ON r.voucher_id = v.id
 WHERE v.order_id = o.id AND r.state = 'accepted'), 0), o.refunded_units, o.refunded_won, o.state
 FROM orders o LEFT JOIN account a ON a.id = o.account_id LEFT JOIN deal_option p ON p.id = o.option_id
 WHERE o.deal_id = $1 AND o.id > $2 AND o.paid_at IS NOT NULL AND o.state IN ('paid', 'refunded')
 ORDER BY o.id LIMIT $3`

func scanSale(r db.Row) (Sale, error) {
	var s Sale
	err := r.Scan(&s.OrderID, &s.Name, &s.Option, &s.Units, &s.Amount, db.Time(&s.PaidAt), &s.UsedUnits, &s.UsesAll,
		db.Time(&s.LastUse), &s.Net, &s.RefundedUnits, &s.RefundedWon, &s.State)
	s.Name = Masked(s.Name)
	return s, err
}

// Sales lists a deal's buyers from the first to the last, after an order; from numbers them on.
func Sales(ctx context.Context, q db.Querier, id market.DealID, after SalePage) ([]Sale, error) {
	list, err := db.All(ctx, q, scanSale, sqlSales, string(id), string(after.After), int64(after.Limit))
	for i := range list {
		list[i].Number = after.Passed + int64(i) + 1
	}
	return list, err
}

// SalePage is where a reading of sales goes on.
type SalePage struct {
	After  market.OrderID
	Passed int64 // how many were read before
	Limit  int
}

// SaleSum is all sales of a deal in one line.
type SaleSum struct {
	Orders      int64
	Units       int64 // paid and not given back
	Won         int64
	Used        int64 // uses made
	Net         int64 // earned by them
	RefundUnits int64
	RefundWon   int64
}

// Sums adds a deal's sales up; q must be one view of the database.
func Sums(ctx context.Context, q db.Querier, d deal.Deal) (SaleSum, error) {
	f, err := FiguresOf(ctx, q, d.MerchantID)
	if err != nil {
		return SaleSum{}, err
	}
	x, err := f.Deal(ctx, q, d.ID)
	return SaleSum{Orders: x.Orders, Units: x.Units, Won: x.Won, Used: x.Uses, Net: x.Net, RefundUnits: x.BackUnits,
		RefundWon: x.BackWon}, err
}
