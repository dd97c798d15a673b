package rows

// policies asks whether an entry about an order carries the policies under which it was bought (11). Entries before the
// mark are as they are: they never change.
func policies() []Table {
	const other = `SELECT e.id, 0, 1 FROM ledger_entry e JOIN orders o ON o.id = e.order_id WHERE e.id > $1 AND e.id <= $2
 AND e.policy_id <> o.policy_id AND e.at > (SELECT m.at FROM ledger_mark m WHERE m.name = 'policy') AND e.policy_id `
	return []Table{{Name: "ledger_policies",
		Keys: `SELECT id FROM ledger_entry WHERE id > $1 ORDER BY id LIMIT $2`,
		Rules: []Rule{{11, "entry_policy_missing", other + `= '' ORDER BY e.id`},
			{11, "entry_policy_other", other + `<> '' ORDER BY e.id`}}}}
}

// attempt names the postings of the present attempt to pay interest.
const attempt = `'R17/' || i.id || '-' || CAST(i.attempt AS text)`

// interests asks what buyers are owed beyond their refunds, and what they are owed at all (83, 84).
func interests() []Table {
	return []Table{
		{Name: "interests",
			Keys: `SELECT id FROM refund WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{83, "interest_lost", `SELECT f.id, 0, f.interest FROM refund f WHERE f.id > $1 AND f.id <= $2 AND f.interest > 0
 AND f.state IN ('accepted', 'settled') AND NOT EXISTS
 (SELECT 1 FROM interest i WHERE i.refund_id = f.id AND i.order_id = f.order_id AND i.amount = f.interest)`},
				{83, "interest_entry", `SELECT i.id, CAST(coalesce(sum(p.amount), 0) AS bigint), i.amount FROM interest i
 LEFT JOIN ledger_entry e ON e.scope = CASE WHEN i.kind = 'deposit' THEN 'R28/' ELSE 'R12/' END || i.refund_id
 LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.side = 'C' AND p.account = '2170'
 WHERE i.refund_id > $1 AND i.refund_id <= $2 GROUP BY i.id, i.amount HAVING i.amount <> coalesce(sum(p.amount), 0)`},
			}},
		{Name: "interest_transfers",
			Keys: `SELECT id FROM interest WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{83, "interest_booking", `SELECT x.id, x.sent + 2 * x.confirmed, x.want FROM (SELECT i.id AS id,
 CASE WHEN i.state = 'paid' THEN 3 WHEN i.state = 'sent' THEN 1 ELSE 0 END AS want,
 (SELECT count(*) FROM ledger_entry e WHERE e.scope = ` + attempt + ` || '/sent') AS sent,
 (SELECT count(*) FROM ledger_entry e WHERE e.scope = ` + attempt + ` || '/confirmed') AS confirmed,
 (SELECT count(*) FROM ledger_entry e WHERE e.scope IN (` + attempt + ` || '/sent/returned', ` + attempt + `
  || '/confirmed/returned')) AS back
 FROM interest i WHERE i.id > $1 AND i.id <= $2) x WHERE x.sent + 2 * x.confirmed <> x.want OR x.back > 0`}}},
		{Name: "owed_back",
			Keys: `SELECT id FROM orders WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{{84, "owed_back_differs", `SELECT x.id, x.booked, x.open FROM (SELECT o.id AS id,
 CAST(coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2170' AND b.party = o.id), 0) AS bigint)
  AS booked,
 CAST(coalesce((SELECT sum(f.amount) FROM refund f WHERE f.order_id = o.id
  AND f.state IN ('decided', 'sent', 'stuck')), 0) +
 coalesce((SELECT sum(i.amount) FROM interest i WHERE i.order_id = o.id AND i.state IN ('asked', 'due')), 0) AS bigint)
  AS open
 FROM orders o WHERE o.id > $1 AND o.id <= $2 AND o.state NOT IN ('held')) x WHERE x.booked <> x.open`}}},
	}
}
