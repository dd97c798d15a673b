package rows

// claims compare the register's claimed entries with the claims that were granted and the shops they belong to
// (83).
func claims() []Table {
	return []Table{
		{Name: "claimed_entries",
			Keys: `SELECT merchant_id FROM directory_entry WHERE merchant_id > $1 GROUP BY merchant_id ORDER BY merchant_id
 LIMIT $2`,
			Rules: []Rule{
				{83, "entry_member", `SELECT e.id, 0, 1 FROM directory_entry e WHERE e.merchant_id > $1 AND e.merchant_id <= $2
 AND NOT EXISTS (SELECT 1 FROM merchant m WHERE m.id = e.merchant_id AND m.state IN ('approved', 'suspended'))`},
				{83, "entry_claims", `SELECT e.id, (SELECT count(*) FROM directory_claim c WHERE c.entry_id = e.id
 AND c.merchant_id = e.merchant_id AND c.state = 'granted'), 1 FROM directory_entry e
 WHERE e.merchant_id > $1 AND e.merchant_id <= $2 AND 1 <> (SELECT count(*) FROM directory_claim c
 WHERE c.entry_id = e.id AND c.merchant_id = e.merchant_id AND c.state = 'granted')`},
			}},
		{Name: "claims",
			Keys: `SELECT id FROM directory_claim WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{83, "claim_entry", `SELECT c.id, 0, 1 FROM directory_claim c WHERE c.id > $1 AND c.id <= $2
 AND c.state = 'granted' AND NOT EXISTS (SELECT 1 FROM directory_entry e WHERE e.id = c.entry_id
 AND e.state = 'claimed' AND e.merchant_id = c.merchant_id)`},
			}},
	}
}
