package rows

// wishes compare a wish's numbers with its members (93), and its stage with the point (94).
func wishes() []Table {
	return []Table{
		{Name: "wishes",
			Keys: `SELECT id FROM wish WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{93, "wish_firm", `SELECT w.id, w.firm, (SELECT count(*) FROM wish_member m WHERE m.wish_id = w.id
 AND m.kind = 'firm') FROM wish w WHERE w.id > $1 AND w.id <= $2 AND w.firm <> (SELECT count(*) FROM wish_member m
 WHERE m.wish_id = w.id AND m.kind = 'firm')`},
				{93, "wish_watching", `SELECT w.id, w.watching, (SELECT count(*) FROM wish_member m WHERE m.wish_id = w.id
 AND m.kind = 'watching') FROM wish w WHERE w.id > $1 AND w.id <= $2 AND w.watching <> (SELECT count(*)
 FROM wish_member m WHERE m.wish_id = w.id AND m.kind = 'watching')`},
				{94, "wish_full", `SELECT id, firm, threshold FROM wish WHERE id > $1 AND id <= $2 AND state = 'gathering'
 AND pause_until IS NULL AND firm >= threshold`},
				{94, "wish_rounds", `SELECT w.id, w.round, (SELECT count(*) FROM wish_round r WHERE r.wish_id = w.id
 AND r.round < w.round) FROM wish w WHERE w.id > $1 AND w.id <= $2 AND w.round - 1 <> (SELECT count(*)
 FROM wish_round r WHERE r.wish_id = w.id AND r.round < w.round)`},
			}},
	}
}
