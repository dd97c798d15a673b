package rows

// A unit counts as paid while its voucher was not given back, or was given back after a use.
const countedVoucher = `(v.refund_id IS NULL OR v.units_used > 0)`

// units compare counters with the rows they count (12, 14, 70–72).
func units() []Table {
	return []Table{
		{Name: "deals", Limit: 50,
			Keys: `SELECT id FROM deal WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{70, "deal_held", `SELECT d.id, d.held_units, CAST(coalesce(x.n, 0) AS bigint) FROM deal d LEFT JOIN
 (SELECT deal_id, sum(quantity) AS n FROM orders WHERE state = 'held' AND deal_id > $1 AND deal_id <= $2
 GROUP BY deal_id) x ON x.deal_id = d.id WHERE d.id > $1 AND d.id <= $2 AND d.held_units <> coalesce(x.n, 0)`},
				{70, "deal_paid", `SELECT d.id, d.paid_units, CAST(coalesce(x.n, 0) AS bigint) FROM deal d LEFT JOIN
 (SELECT v.deal_id, count(*) AS n FROM voucher v WHERE v.deal_id > $1 AND v.deal_id <= $2 AND ` + countedVoucher + `
 GROUP BY v.deal_id) x ON x.deal_id = d.id WHERE d.id > $1 AND d.id <= $2 AND d.paid_units <> coalesce(x.n, 0)`},
				{70, "deal_people", `SELECT d.id, d.people, CAST(coalesce(x.n, 0) AS bigint) FROM deal d LEFT JOIN
 (SELECT v.deal_id, count(DISTINCT v.account_id) AS n FROM voucher v WHERE v.deal_id > $1 AND v.deal_id <= $2
 AND ` + countedVoucher + ` GROUP BY v.deal_id) x ON x.deal_id = d.id
 WHERE d.id > $1 AND d.id <= $2 AND d.people <> coalesce(x.n, 0)`},
				{12, "deal_capacity", `SELECT id, held_units + paid_units, capacity FROM deal
 WHERE id > $1 AND id <= $2 AND held_units + paid_units > capacity`},
				{71, "deal_options_held", `SELECT d.id, d.held_units, CAST(x.n AS bigint) FROM deal d JOIN
 (SELECT deal_id, sum(held_units) AS n FROM deal_option WHERE deal_id > $1 AND deal_id <= $2 GROUP BY deal_id) x
 ON x.deal_id = d.id WHERE d.held_units <> x.n`},
				{71, "deal_options_paid", `SELECT d.id, d.paid_units, CAST(x.n AS bigint) FROM deal d JOIN
 (SELECT deal_id, sum(paid_units) AS n FROM deal_option WHERE deal_id > $1 AND deal_id <= $2 GROUP BY deal_id) x
 ON x.deal_id = d.id WHERE d.paid_units <> x.n`},
			}},
		{Name: "limits",
			Keys: `SELECT id FROM order_limit WHERE id > $1 ORDER BY id LIMIT $2`,
			// The empty text keeps the engine from walking all orders of a deal for each of its buyers.
			Rules: []Rule{
				{72, "limit_held", `SELECT l.id, l.held_units, (SELECT CAST(coalesce(sum(o.quantity), 0) AS bigint) FROM orders o
 WHERE o.account_id = l.account_id AND o.deal_id || '' = l.deal_id AND o.state = 'held') FROM order_limit l
 WHERE l.id > $1 AND l.id <= $2 AND l.held_units <> (SELECT coalesce(sum(o.quantity), 0) FROM orders o
 WHERE o.account_id = l.account_id AND o.deal_id || '' = l.deal_id AND o.state = 'held')`},
				{72, "limit_paid", `SELECT l.id, l.paid_units, (SELECT count(*) FROM voucher v
 WHERE v.account_id = l.account_id AND v.deal_id || '' = l.deal_id AND ` + countedVoucher + `) FROM order_limit l
 WHERE l.id > $1 AND l.id <= $2 AND l.paid_units <> (SELECT count(*) FROM voucher v
 WHERE v.account_id = l.account_id AND v.deal_id || '' = l.deal_id AND ` + countedVoucher + `)`},
			}},
		{Name: "vouchers",
			Keys: `SELECT id FROM voucher WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{14, "voucher_uses", `SELECT v.id, v.units_used, (SELECT CAST(coalesce(sum(r.units), 0) AS bigint)
 FROM redemption r WHERE r.voucher_id = v.id AND r.state = 'accepted') FROM voucher v WHERE v.id > $1 AND v.id <= $2
 AND v.units_used <> (SELECT coalesce(sum(r.units), 0) FROM redemption r
 WHERE r.voucher_id = v.id AND r.state = 'accepted')`},
				{14, "voucher_overused", `SELECT id, units_used, units_total FROM voucher
 WHERE id > $1 AND id <= $2 AND units_used > units_total`},
				{73, "voucher_order", `SELECT v.id, 0, 1 FROM voucher v WHERE v.id > $1 AND v.id <= $2 AND NOT EXISTS
 (SELECT 1 FROM orders o WHERE o.id = v.order_id AND o.deal_id = v.deal_id AND o.account_id = v.account_id)`},
			}},
		{Name: "redemptions",
			Keys: `SELECT id FROM redemption WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{76, "redemption_won", `SELECT id, commission + commission_vat + net, price FROM redemption
 WHERE id > $1 AND id <= $2 AND price <> commission + commission_vat + net`},
				{76, "redemption_entry", `SELECT r.id, 0, 1 FROM redemption r WHERE r.id > $1 AND r.id <= $2 AND NOT EXISTS
 (SELECT 1 FROM ledger_entry e WHERE e.scope = 'R5/' || r.id)`},
			}},
	}
}
