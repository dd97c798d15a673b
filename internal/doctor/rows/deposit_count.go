package rows

// deposits compare what sellers put down for their bids with the bids, the book, the payments, the refunds and what
// members got of those that were kept (84, 96).
func deposits() []Table {
	return []Table{
		{Name: "deposits",
			Keys: `SELECT id FROM bid_deposit WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{96, "deposit_held", `SELECT x.id, x.booked, x.down FROM (SELECT d.id AS id,
 CASE WHEN d.state = 'held' THEN d.amount ELSE 0 END AS down,
 CAST(coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2165' AND b.party = d.id), 0) AS bigint)
  AS booked FROM bid_deposit d WHERE d.id > $1 AND d.id <= $2) x WHERE x.booked <> x.down`},
				{96, "deposit_payment", `SELECT d.id, 0, d.amount FROM bid_deposit d WHERE d.id > $1 AND d.id <= $2
 AND d.paid_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.order_id = d.id AND p.wish_id = d.wish_id
 AND p.purpose = 'deposit' AND p.state = 'captured' AND p.amount = d.amount)`},
				{96, "deposit_returned", `SELECT x.id, x.back, x.want FROM (SELECT d.id AS id,
 CASE WHEN d.state = 'returned' THEN d.amount ELSE 0 END AS want,
 CAST(coalesce((SELECT sum(f.amount) FROM refund f WHERE f.order_id = d.id AND f.subject = 'deposit'), 0) AS bigint)
  AS back FROM bid_deposit d WHERE d.id > $1 AND d.id <= $2) x WHERE x.back <> x.want`},
				{96, "deposit_kept", `SELECT x.id, x.booked, x.want FROM (SELECT d.id AS id,
 CASE WHEN d.state = 'kept' THEN d.amount ELSE 0 END AS want,
 CAST(coalesce((SELECT sum(p.amount) FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
  WHERE e.scope = 'R27/' || d.id AND p.account = '4120' AND p.side = 'C'), 0) AS bigint) AS booked
 FROM bid_deposit d WHERE d.id > $1 AND d.id <= $2) x WHERE x.booked <> x.want`},
				{96, "deposit_shared", `SELECT x.id, x.parts, x.shared FROM (SELECT d.id AS id, d.shared AS shared,
 CAST(coalesce((SELECT sum(i.amount) FROM interest i WHERE i.kind = 'deposit'
  AND substr(i.refund_id, 1, length(d.id) + 1) = d.id || '/'), 0) AS bigint) AS parts
 FROM bid_deposit d WHERE d.id > $1 AND d.id <= $2) x WHERE x.parts <> x.shared`},
				{84, "owed_back_differs", `SELECT x.id, x.booked, x.open FROM (SELECT d.id AS id,
 CAST(coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2170' AND b.party = d.id), 0) AS bigint)
  AS booked,
 CAST(coalesce((SELECT sum(f.amount) FROM refund f WHERE f.order_id = d.id
  AND f.state IN ('decided', 'sent', 'stuck')), 0) +
 coalesce((SELECT sum(i.amount) FROM interest i WHERE i.order_id = d.id AND i.state IN ('asked', 'due')), 0)
  AS bigint) AS open
 FROM bid_deposit d WHERE d.id > $1 AND d.id <= $2) x WHERE x.booked <> x.open`},
			}},
		{Name: "deposit_parties",
			Keys: `SELECT party FROM ledger_balance WHERE account = '2165' AND party > $1 ORDER BY party LIMIT $2`,
			Rules: []Rule{{96, "deposit_unknown", `SELECT b.party, b.balance, 0 FROM ledger_balance b
 WHERE b.account = '2165' AND b.party > $1 AND b.party <= $2 AND b.balance <> 0
 AND NOT EXISTS (SELECT 1 FROM bid_deposit d WHERE d.id = b.party)`}}},
		{Name: "deposit_bids",
			Keys: `SELECT id FROM bid WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{96, "deposit_short", `SELECT x.id, x.down, x.asked FROM (SELECT b.id AS id,
 CASE WHEN b.deposit > 0 THEN b.deposit
  ELSE coalesce((SELECT s.deposit FROM bid_seal s WHERE s.bid_id = b.id), 0) END AS asked,
 CAST(coalesce((SELECT sum(d.amount) FROM bid_deposit d WHERE d.wish_id = b.wish_id AND d.merchant_id = b.merchant_id
  AND d.state = 'held'), 0) AS bigint) AS down
 FROM bid b WHERE b.id > $1 AND b.id <= $2 AND (b.state = 'standing' OR b.state = 'winner'
  AND NOT EXISTS (SELECT 1 FROM escrow e WHERE e.wish_id = b.wish_id AND e.phase = 'done'))) x
 WHERE x.down < x.asked`}}},
		{Name: "deposit_parts",
			Keys: `SELECT id FROM interest WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{96, "deposit_part", `SELECT x.id, x.booked, x.amount FROM (SELECT i.id AS id, i.amount AS amount,
 CAST(coalesce((SELECT sum(p.amount) FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
  WHERE e.scope = 'R28/' || i.refund_id AND p.account = '2170' AND p.side = 'C'), 0) AS bigint) AS booked
 FROM interest i WHERE i.id > $1 AND i.id <= $2 AND i.kind = 'deposit') x WHERE x.booked <> x.amount`}}},
	}
}
