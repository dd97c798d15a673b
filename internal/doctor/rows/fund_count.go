package rows

// funds compare escrows with their shares, shares with what members agreed to and paid, and the book's parties with
// both (31, 84, 95).
func funds() []Table {
	return []Table{
		{Name: "escrows",
			Keys: `SELECT wish_id FROM escrow WHERE wish_id > $1 ORDER BY wish_id LIMIT $2`,
			Rules: []Rule{
				{31, "escrow_shares", escrowSum("shares", "count(*)")},
				{31, "escrow_units", escrowSum("units", "coalesce(sum(s.quantity), 0)")},
				{31, "escrow_paid", escrowSum("paid", "coalesce(sum(s.paid), 0)")},
			}},
		{Name: "share_orders",
			Keys: `SELECT order_id FROM escrow_share WHERE order_id > $1 ORDER BY order_id LIMIT $2`,
			Rules: []Rule{
				{95, "share_payment", `SELECT s.order_id, 0, s.paid FROM escrow_share s
 WHERE s.order_id > $1 AND s.order_id <= $2 AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.order_id = s.order_id
 AND p.wish_id = s.wish_id AND p.account_id = s.account_id AND p.state = 'captured' AND p.amount = s.paid)`},
				{95, "share_member", `SELECT s.order_id, 0, s.quantity FROM escrow_share s
 WHERE s.order_id > $1 AND s.order_id <= $2 AND NOT EXISTS (SELECT 1 FROM collect_order o WHERE o.id = s.order_id
 AND o.wish_id = s.wish_id AND o.account_id = s.account_id AND o.quantity = s.quantity AND o.state <> 'open')`},
				{84, "owed_back_differs", `SELECT x.id, x.booked, x.open FROM (SELECT s.order_id AS id,
 CAST(coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2170' AND b.party = s.order_id), 0) AS bigint)
  AS booked,
 CAST(coalesce((SELECT sum(f.amount) FROM refund f WHERE f.order_id = s.order_id
  AND f.state IN ('decided', 'sent', 'stuck')), 0) +
 coalesce((SELECT sum(i.amount) FROM interest i WHERE i.order_id = s.order_id AND i.state IN ('asked', 'due')), 0)
  AS bigint) AS open
 FROM escrow_share s WHERE s.order_id > $1 AND s.order_id <= $2) x WHERE x.booked <> x.open`},
			}},
		{Name: "share_orders_paid",
			Keys: `SELECT id FROM collect_order WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{95, "share_lost", `SELECT o.id, 0, o.quantity FROM collect_order o
 WHERE o.id > $1 AND o.id <= $2 AND o.state = 'paid'
 AND NOT EXISTS (SELECT 1 FROM escrow_share s WHERE s.order_id = o.id)`}}},
		{Name: "share_parties",
			Keys: `SELECT party FROM ledger_balance WHERE account IN ('2120', '2130') AND party > $1
 GROUP BY party ORDER BY party LIMIT $2`,
			Rules: []Rule{{31, "share_unknown", `SELECT b.party, b.balance, 0 FROM ledger_balance b
 WHERE b.account IN ('2120', '2130') AND b.party > $1 AND b.party <= $2 AND b.balance <> 0
 AND NOT EXISTS (SELECT 1 FROM escrow_share s WHERE s.order_id = b.party)`}}},
	}
}

// escrowSum compares a number that an escrow keeps with its shares.
func escrowSum(column, sum string) string {
	return `SELECT x.id, x.kept, x.found FROM (SELECT e.wish_id AS id, e.` + column + ` AS kept,
 (SELECT CAST(` + sum + ` AS bigint) FROM escrow_share s WHERE s.wish_id = e.wish_id) AS found
 FROM escrow e WHERE e.wish_id > $1 AND e.wish_id <= $2) x WHERE x.kept <> x.found`
}
