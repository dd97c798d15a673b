package rows

import "strings"

// places asks whether money stands where the rows say that it must (16, 17, 19, 20, 26, 27, 36, 37).
func places() []Table {
	return []Table{
		{Name: "deal_money", Limit: 20,
			Keys: `SELECT id FROM deal WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{17, "pledge_differs", dealMoney("2100", `SELECT v.price AS won FROM voucher v
 WHERE v.deal_id = d.id AND v.state = 'issued'`)},
				{17, "unredeemed_differs", dealMoney("2110", `SELECT v.price - coalesce((SELECT sum(r.price) FROM redemption r
 WHERE r.voucher_id = v.id AND r.state = 'accepted'), 0) AS won FROM voucher v
 WHERE v.deal_id = d.id AND v.state IN ('active', 'used', 'blocked')`)},
				{20, "deal_tipped_and_failed", `SELECT id, 1, 0 FROM deal WHERE id > $1 AND id <= $2 AND state = 'failed'
 AND tipped_at IS NOT NULL`},
			}},
		{Name: "failed_deals",
			Keys: `SELECT id FROM deal WHERE id > $1 ORDER BY id LIMIT $2`,
			// While the refunds are being decided, the job that does it stands in the queue.
			Rules: []Rule{{19, "failed_deal_money", `SELECT d.id, b.balance, 0 FROM deal d
 JOIN ledger_balance b ON b.account = '2100' AND b.party = d.id AND b.balance > 0 WHERE d.id > $1 AND d.id <= $2
 AND d.state IN ('failed', 'cancelled') AND NOT EXISTS (SELECT 1 FROM kit_job j WHERE j.kind = 'deal.refund'
 AND j.key = d.id AND j.state = 'ready')`}}},
		{Name: "voucher_parts",
			Keys: `SELECT id FROM voucher WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{16, "voucher_parts", `SELECT x.id, x.parts, x.price FROM (SELECT v.id AS id, v.price AS price,
 v.units_used AS used, v.units_total AS total, CAST(coalesce((SELECT sum(r.price) FROM redemption r
 WHERE r.voucher_id = v.id AND r.state = 'accepted'), 0) AS bigint) AS parts FROM voucher v
 WHERE v.id > $1 AND v.id <= $2) x WHERE x.parts > x.price OR x.used = x.total AND x.parts <> x.price`}}},
		{Name: "reminded",
			Keys: `SELECT id FROM ledger_entry WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{26, "expired_unreminded", `SELECT e.id, 0, 1 FROM ledger_entry e WHERE e.id > $1 AND e.id <= $2
 AND e.rule = 'R13b' AND NOT EXISTS (SELECT 1 FROM settlement_run s WHERE s.kind = 'reminders' AND s.day = e.day
 AND s.ended_at <= e.at)`}}},
		{Name: "settlement_pending", Limit: 50,
			Keys: `SELECT party FROM ledger_balance WHERE account = '2140' AND party > $1 ORDER BY party LIMIT $2`,
			Rules: []Rule{{27, "pending_differs", `SELECT x.party, x.booked, x.open FROM (SELECT b.party AS party,
 b.balance AS booked, CAST(coalesce((SELECT sum(r.net) FROM redemption r WHERE r.merchant_id = b.party
  AND r.statement_id IS NULL AND r.state = 'accepted'), 0) + coalesce((SELECT s.net - s.apart FROM statement s
  WHERE s.merchant_id = b.party AND s.state = 'draft'), 0) AS bigint) AS open
 FROM ledger_balance b WHERE b.account = '2140' AND b.party > $1 AND b.party <= $2) x WHERE x.booked <> x.open`}}},
		{Name: "settlement_taxes", Limit: 200,
			Keys: `SELECT id FROM statement WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{37, "statement_tax", statementSumOf("commission_vat")},
				{37, "statement_commission", statementSumOf("commission")},
			}},
		{Name: "settlement_booked",
			Keys: `SELECT id FROM bank_entry WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{36, "bank_unbooked", `SELECT b.id, 0, b.amount FROM bank_entry b WHERE b.id > $1 AND b.id <= $2
 AND b.matched_at IS NOT NULL AND b.ledger_scope <> ''
 AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.scope = b.ledger_scope)`}}},
	}
}

// dealMoney compares a deal's balance with what its vouchers say stands there.
func dealMoney(account, vouchers string) string {
	return strings.NewReplacer("{account}", account, "{vouchers}", vouchers).Replace(`SELECT x.id, x.booked,
 x.open FROM (SELECT d.id AS id, CAST(coalesce((SELECT b.balance FROM ledger_balance b
 WHERE b.account = '{account}' AND b.party = d.id), 0) AS bigint) AS booked,
 CAST(coalesce((SELECT sum(y.won) FROM ({vouchers}) y), 0) AS bigint) AS open
 FROM deal d WHERE d.id > $1 AND d.id <= $2) x WHERE x.booked <> x.open`)
}

// statementSumOf compares a column of a statement with its lines.
func statementSumOf(column string) string {
	return strings.ReplaceAll(`SELECT x.id, x.said, x.lines FROM (SELECT s.id AS id, s.{c} AS said,
 CAST(coalesce((SELECT sum(l.{c}) FROM statement_line l WHERE l.statement_id = s.id), 0) AS bigint) AS lines
 FROM statement s WHERE s.id > $1 AND s.id <= $2) x WHERE x.said <> x.lines`, "{c}", column)
}
