package settle

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/desk"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Balances are where a merchant's money stands, in won: what was earned and is on no issued statement, what statements
// and payouts say, and what the merchant owes.
type Balances struct {
	Pending int64
	settlement.Sums
	Owed int64
	// Wishes is where the won of members of wishes is that the merchant serves: held until they have what was promised,
	// or frozen by a dispute. What was released of it is pending.
	Wishes escrow.Stand
}

// Balances gives where a merchant's money stands.
func (s *Settle) Balances(ctx context.Context, actor market.Actor, id market.MerchantID) (b Balances, err error) {
	if err := right.Check(actor, right.StatementView, right.Of(id)); err != nil {
		return b, err
	}
	err = s.DB.Read(ctx, func(r *db.ReadTx) error {
		if b.Pending, err = ledger.Balance(ctx, r, ledger.Pending, string(id)); err != nil {
			return err
		}
		if b.Owed, err = ledger.Balance(ctx, r, ledger.MerchantReceivable, string(id)); err != nil {
			return err
		}
		if b.Wishes, err = desk.Stand(ctx, r, id); err != nil {
			return err
		}
		b.Sums, err = settlement.SumsOf(ctx, r, id)
		return err
	})
	return b, err
}

// Statements lists a merchant's statements below a number, 0 for the newest of all. The first may be a draft: what the
// next statement holds so far.
func (s *Settle) Statements(
	ctx context.Context, actor market.Actor, id market.MerchantID, below int64, limit int,
) ([]settlement.Statement, error) {
	if err := right.Check(actor, right.StatementView, right.Of(id)); err != nil {
		return nil, err
	}
	return settlement.List(ctx, s.DB, id, below, limit)
}

// Payouts lists a merchant's payouts before an id, "" for the newest of all.
func (s *Settle) Payouts(
	ctx context.Context, actor market.Actor, id market.MerchantID, before market.PayoutID, limit int,
) ([]settlement.Payout, error) {
	if err := right.Check(actor, right.StatementView, right.Of(id)); err != nil {
		return nil, err
	}
	return settlement.PayoutsOf(ctx, s.DB, id, before, limit)
}

// Row is a line of a statement with everything from the sale to the payout.
type Row struct {
	settlement.Line
	Order   order.Order        // zero when the line is about none
	Voucher voucher.Voucher    // zero when the line is about none
	Title   string             // of the deal, or what was wished for
	Apart   *settlement.Apart  // when the line goes its own way
	Payout  *settlement.Payout // that pays the line, nil before
}

// Detail is a statement with a page of its rows.
type Detail struct {
	Statement settlement.Statement
	Payout    *settlement.Payout // that pays the body, nil before
	Rows      []Row
	More      bool
}

// DetailCmd asks for the rows of a statement after a number in the merchant's sequence.
type DetailCmd struct {
	StatementID market.StatementID
	After       int64
	Limit       int
}

// Statement shows a statement, each voucher from its sale to its payout.
func (s *Settle) Statement(ctx context.Context, actor market.Actor, cmd DetailCmd) (d Detail, err error) {
	err = s.DB.Read(ctx, func(r *db.ReadTx) error {
		d = Detail{}
		if d.Statement, err = settlement.Find(ctx, r, cmd.StatementID); err != nil {
			return err
		}
		if err := right.Check(actor, right.StatementView, right.Of(d.Statement.MerchantID)); err != nil {
			return err
		}
		lines, err := settlement.Lines(ctx, r, cmd.StatementID, cmd.After, cmd.Limit+1)
		if err != nil {
			return err
		}
		if d.More = len(lines) > cmd.Limit; d.More {
			lines = lines[:cmd.Limit]
		}
		return s.rows(ctx, r, &d, lines)
	})
	return d, err
}

// rows adds to the lines what they are about.
func (s *Settle) rows(ctx context.Context, q db.Querier, d *Detail, lines []settlement.Line) error {
	b, err := load(ctx, q, lines)
	if err != nil {
		return err
	}
	aparts, err := settlement.Aparts(ctx, q, d.Statement.ID)
	if err != nil {
		return err
	}
	payouts := map[market.PayoutID]*settlement.Payout{}
	if d.Payout, err = payoutOf(ctx, q, payouts, d.Statement.PayoutID); err != nil {
		return err
	}
	for _, l := range lines {
		row := Row{Line: l, Payout: d.Payout, Title: b.wishes[l.OrderID]}
		if o := b.orders[l.OrderID]; o != nil {
			row.Order = *o
		}
		if v := b.vouchers[l.VoucherID]; v != nil {
			row.Voucher = *v
			if t := b.terms[deal.TermsKey{DealID: v.DealID, Version: v.TermsVersion}]; t != nil {
				row.Title = t.Title
			}
		}
		if a, ok := aparts[l.ID]; ok {
			row.Apart = &a
			if row.Payout, err = payoutOf(ctx, q, payouts, a.PayoutID); err != nil {
				return err
			}
		}
		d.Rows = append(d.Rows, row)
	}
	return nil
}

// behind is what lines are about.
type behind struct {
	orders   map[market.OrderID]*order.Order
	vouchers map[market.VoucherID]*voucher.Voucher
	terms    map[deal.TermsKey]*deal.Terms
	wishes   map[market.OrderID]string // what was wished for
}

func load(ctx context.Context, q db.Querier, lines []settlement.Line) (b behind, err error) {
	orders := make([]market.OrderID, len(lines))
	vouchers := make([]market.VoucherID, len(lines))
	deals := make([]market.DealID, len(lines))
	for i, l := range lines {
		orders[i], vouchers[i], deals[i] = l.OrderID, l.VoucherID, l.DealID
	}
	if b.orders, err = order.Load(ctx, q, orders); err != nil {
		return b, err
	}
	if b.vouchers, err = voucher.Load(ctx, q, vouchers); err != nil {
		return b, err
	}
	if b.terms, err = deal.LoadTerms(ctx, q, deals); err != nil {
		return b, err
	}
	b.wishes, err = wished(ctx, q, orders)
	return b, err
}

// wished gives what was wished for by the orders that are shares of wishes.
func wished(ctx context.Context, q db.Querier, orders []market.OrderID) (map[market.OrderID]string, error) {
	shares, err := escrow.LoadShares(ctx, q, orders)
	if err != nil || len(shares) == 0 {
		return nil, err
	}
	ids := make([]market.WishID, 0, len(shares))
	for _, s := range shares {
		ids = append(ids, s.WishID)
	}
	wishes, err := wish.Load(ctx, q, ids)
	names := make(map[market.OrderID]string, len(shares))
	for id, s := range shares {
		if w := wishes[s.WishID]; w != nil {
			names[id] = w.Name
		}
	}
	return names, err
}

func payoutOf(
	ctx context.Context, q db.Querier, seen map[market.PayoutID]*settlement.Payout, id market.PayoutID,
) (*settlement.Payout, error) {
	if p, ok := seen[id]; ok || id == "" {
		return p, nil
	}
	p, err := settlement.FindPayout(ctx, q, id)
	if err != nil {
		return nil, err
	}
	seen[id] = &p
	return &p, nil
}

// EachRow gives all rows of a statement in order, page by page: for downloads, whatever their number.
func (s *Settle) EachRow(
	ctx context.Context, actor market.Actor, id market.StatementID, each func(settlement.Statement, Row) error,
) error {
	for after := int64(0); ; {
		d, err := s.Statement(ctx, actor, DetailCmd{StatementID: id, After: after, Limit: linesAtOnce})
		if err != nil {
			return err
		}
		for _, row := range d.Rows {
			after = row.Seq
			if err := each(d.Statement, row); err != nil {
				return err
			}
		}
		if !d.More {
			return nil
		}
	}
}
