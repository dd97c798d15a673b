package doctor

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
)

type orderSum struct {
	order string
	totalRow
}

func scanOrderSum(r db.Row) (orderSum, error) {
	var o orderSum
	err := r.Scan(&o.order, &o.account, &o.rule, &o.debit, &o.credit)
	return o, err
}

// walkLedgerOrders: an order takes no more out of its deal's pot than it put in (17), and gets back no more than it
// paid (18). The pot has a floor, but all orders of a deal share it.
func walkLedgerOrders(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[string], `SELECT order_id FROM ledger_entry
 WHERE order_id > $1 AND order_id <> '' GROUP BY order_id ORDER BY order_id LIMIT $2`, after, w.Limit())
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		last := ids[len(ids)-1]
		rows, err := db.All(ctx, r, scanOrderSum, rows.OrderSums, after, last)
		if err != nil {
			return "", 0, err
		}
		books := map[string]*orderBook{}
		for _, row := range rows {
			if books[row.order] == nil {
				books[row.order] = &orderBook{}
			}
			books[row.order].add(row)
		}
		for _, order := range ids {
			w.judgeOrder(order, books[order])
		}
		return last, len(ids), nil
	})
}

// orderBook is what an order's entries come to.
type orderBook struct{ paid, refunds, pledge, unredeemed money.Won }

func (b *orderBook) add(s orderSum) {
	switch s.account {
	case ledger.GatewayReceivable:
		if s.rule == ledger.RulePaid || s.rule == ledger.RulePaidLate {
			b.paid += s.debit - s.credit
		}
	case ledger.RefundPayable:
		// Interest and parts of kept deposits are owed beyond what was paid, and may come back from a bank.
		if s.rule != ledger.RuleInterest && s.rule != ledger.RulePayout && s.rule != ledger.RuleDepositShared {
			b.refunds += s.credit
		}
	case ledger.Pledge:
		b.pledge += s.credit - s.debit
	case ledger.Unredeemed:
		b.unredeemed += s.credit - s.debit
	default: // other accounts say nothing of an order
	}
}

func (w *Walk) judgeOrder(order string, b *orderBook) {
	if b == nil {
		return // all postings are gone: the entries' own question names each
	}
	if b.pledge < 0 || b.unredeemed < 0 {
		w.Found(17, "order_overdrawn", order, "Pledge", b.pledge, "Unused", b.unredeemed)
	}
	if b.refunds > b.paid {
		w.Found(18, "order_refunds", order, "Paid", b.paid, "Refunds", b.refunds)
	}
}

// walkClearing: money on its way arrives within its limit (35).
func walkClearing(ctx context.Context, w *Walk) error {
	custody := policy.At(w.Now()).Custody
	for account, hours := range map[ledger.Account]int{
		ledger.PayoutTransit: custody.PayoutTransitHours,
		ledger.RefundTransit: custody.RefundTransitHours,
	} {
		before := w.Now().Add(-time.Duration(hours) * time.Hour)
		err := w.Once(ctx, func(r *db.ReadTx) (int, error) {
			items, err := ledger.OpenItems(ctx, r, account, before, w.Limit())
			for _, i := range items {
				w.Found(35, "clearing_old", balanceRow(i.Account, i.Party), "Amount", i.Balance, "Since", i.Since,
					"Hours", hours)
			}
			return len(items), err
		})
		if err != nil {
			return err
		}
	}
	return w.Once(ctx, func(r *db.ReadTx) (int, error) {
		return w.judgeSuspense(ctx, r, w.Now().Add(-time.Duration(custody.SuspenseHours)*time.Hour))
	})
}

// judgeSuspense: what could not be matched is cleared within its limit; its last movement tells its age.
func (w *Walk) judgeSuspense(ctx context.Context, r *db.ReadTx, before time.Time) (int, error) {
	totals, err := ledger.Sum(ctx, r)
	if err != nil {
		return 0, err
	}
	amount := totals.Balance(ledger.Suspense)
	if amount == 0 {
		return 0, nil
	}
	last, err := db.One(ctx, r, db.Scalar[int64], `SELECT e.at FROM ledger_posting p
 JOIN ledger_entry e ON e.id = p.entry_id WHERE p.account = '1190' AND p.account >= '1110' AND p.account <= '1190'
 ORDER BY p.entry_id DESC LIMIT 1`)
	if err != nil && !db.IsNoRow(err) {
		return 0, err
	}
	if since := db.FromMicros(last); since.Before(before) {
		w.Found(35, "clearing_old", string(ledger.Suspense), "Amount", amount, "Since", since,
			"Hours", int(w.Now().Sub(before)/time.Hour))
	}
	return 1, nil
}

// coverageAge is how old the last checkpoint may be: a day, and the hours in which it is written.
const coverageAge = 36 * time.Hour

// walkCoverage: clients' money is covered, or a dated task stands open for what is missing (34).
func walkCoverage(ctx context.Context, w *Walk) error {
	custody := policy.At(w.Now()).Custody
	return w.Once(ctx, func(r *db.ReadTx) (int, error) {
		totals, err := ledger.Sum(ctx, r)
		if err != nil {
			return 0, err
		}
		s := totals.Segregate(ledger.Custody{ExternalGateways: custody.ExternalGateways, CoverageBP: custody.CoverageBP})
		days, err := ledger.SegregationDays(ctx, r, "", 1)
		if err != nil {
			return 0, err
		}
		open, err := ledger.OpenTopUps(ctx, r)
		if err != nil {
			return 0, err
		}
		fresh := len(days) > 0 && w.Now().Sub(days[0].At) < coverageAge
		if s.Broken() && len(open) == 0 && !fresh {
			w.Found(34, "coverage_broken", string(ledger.BankCustody), "Owed", s.Liabilities, "Held", s.Assets)
		}
		today := ledger.DayOf(w.Now())
		for _, d := range open {
			if d.DueDay < today {
				w.Found(34, "top_up_late", d.Day, "Amount", d.TopUp, "Due", d.DueDay)
			}
		}
		return len(totals), nil
	})
}
