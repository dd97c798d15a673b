package load

import (
	"context"
	"fmt"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
)

type kept struct{ id, who, state string }

func scanKept(r db.Row) (k kept, err error) { return k, r.Scan(&k.id, &k.who, &k.state) }

// Verify holds a database to what was promised: each acknowledged command is there exactly once, and nothing was done
// twice that was asked twice. Then doctor asks everything else. It gives what is wrong, in words for a log.
func Verify(ctx context.Context, d *db.DB, promised []*Purchase) (wrong []string, err error) {
	lost, err := Lost(ctx, d, promised)
	if err != nil {
		return nil, err
	}
	twice, err := db.All(ctx, d, db.Scalar[string], `SELECT what FROM (
 SELECT 'orders of ' || account_id AS what FROM orders GROUP BY account_id HAVING count(*) > 1
 UNION ALL SELECT 'vouchers of ' || order_id FROM voucher GROUP BY order_id HAVING count(*) > 1
 UNION ALL SELECT 'captures of ' || order_id FROM payment WHERE state = 'captured' GROUP BY order_id HAVING count(*) > 1
 UNION ALL SELECT 'uses of ' || voucher_id FROM redemption GROUP BY voucher_id HAVING count(*) > 1) doubled
 ORDER BY what`)
	if err != nil {
		return nil, err
	}
	wrong = lost
	for _, what := range twice {
		wrong = append(wrong, "twice: "+what)
	}
	report, err := doctor.Check(ctx, d, doctor.Options{Resting: true})
	if err != nil {
		return wrong, err
	}
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			wrong = append(wrong, fmt.Sprintf("doctor: %d %s %s %v", f.Invariant, f.Code, f.Row, f.Args))
		}
	}
	return wrong, nil
}

// Lost names the acknowledged commands that a database does not hold.
func Lost(ctx context.Context, d *db.DB, promised []*Purchase) (lost []string, err error) {
	orders, err := mapped(ctx, d, `SELECT id, account_id, state FROM orders`)
	if err != nil {
		return nil, err
	}
	vouchers, err := mapped(ctx, d, `SELECT id, order_id, state FROM voucher`)
	if err != nil {
		return nil, err
	}
	uses, err := mapped(ctx, d, `SELECT id, nonce, state FROM redemption`)
	if err != nil {
		return nil, err
	}
	miss := func(p *Purchase, what, id string) {
		lost = append(lost, fmt.Sprintf("lost: %s %s of buyer %d", what, id, p.Buyer))
	}
	for _, p := range promised {
		if p.Order.Answered && orders[p.Order.ID].id == "" {
			miss(p, "order", p.Order.ID)
		}
		if p.Payment.Answered && (orders[p.Payment.ID].state != "paid" || vouchers[p.Voucher].who != p.Payment.ID) {
			miss(p, "payment", p.Payment.ID)
		}
		if use := uses[p.Use.ID]; p.Use.Answered && (use.who != p.useKey() || use.state != "accepted") {
			miss(p, "use", p.Use.ID)
		}
	}
	return lost, nil
}

func mapped(ctx context.Context, d *db.DB, text string) (map[string]kept, error) {
	rows, err := db.All(ctx, d, scanKept, text)
	out := make(map[string]kept, len(rows))
	for _, k := range rows {
		out[k.id] = k
	}
	return out, err
}
