package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// interestQuestions are those of what buyers are owed beyond their refunds (83, 84).
func interestQuestions() []Question {
	return []Question{
		{Name: "interests", Walk: walkTable(table{
			keys: `SELECT id FROM refund WHERE id > $1 ORDER BY id LIMIT $2`,
			rules: []rule{
				{83, "interest_lost", `SELECT f.id, 0, f.interest FROM refund f WHERE f.id > $1 AND f.id <= $2 AND f.interest > 0
 AND f.state IN ('accepted', 'settled') AND NOT EXISTS
 (SELECT 1 FROM interest i WHERE i.refund_id = f.id AND i.order_id = f.order_id AND i.amount = f.interest)`},
				{83, "interest_entry", `SELECT i.id, CAST(coalesce(sum(p.amount), 0) AS bigint), i.amount FROM interest i
 LEFT JOIN ledger_entry e ON e.scope = 'R12/' || i.refund_id
 LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.side = 'C' AND p.account = '2170'
 WHERE i.refund_id > $1 AND i.refund_id <= $2 GROUP BY i.id, i.amount HAVING i.amount <> coalesce(sum(p.amount), 0)`},
			}})},
		{Name: "interest_transfers", Walk: walkInterestTransfers},
		{Name: "owed_back", Walk: walkTable(table{
			keys: `SELECT id FROM orders WHERE id > $1 ORDER BY id LIMIT $2`,
			rules: []rule{{84, "owed_back_differs", `SELECT x.id, x.booked, x.open FROM (SELECT o.id AS id,
 CAST(coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2170' AND b.party = o.id), 0) AS bigint)
  AS booked,
 CAST(coalesce((SELECT sum(f.amount) FROM refund f WHERE f.order_id = o.id
  AND f.state IN ('decided', 'sent', 'stuck')), 0) +
 coalesce((SELECT sum(i.amount) FROM interest i WHERE i.order_id = o.id AND i.state IN ('asked', 'due')), 0) AS bigint)
  AS open
 FROM orders o WHERE o.id > $1 AND o.id <= $2 AND o.state NOT IN ('held')) x WHERE x.booked <> x.open`}},
		})},
	}
}

// transferOf is interest beside what is booked of its present attempt.
type transferOf struct {
	id, state             string
	sent, confirmed, back int64
}

func scanTransferOf(r db.Row) (transferOf, error) {
	var t transferOf
	err := r.Scan(&t.id, &t.state, &t.sent, &t.confirmed, &t.back)
	return t, err
}

const sqlInterestTransfers = `SELECT i.id, i.state,
 (SELECT count(*) FROM ledger_entry e WHERE e.scope = 'R17/' || i.id || '-' || CAST(i.attempt AS text) || '/sent'),
 (SELECT count(*) FROM ledger_entry e WHERE e.scope = 'R17/' || i.id || '-' || CAST(i.attempt AS text) || '/confirmed'),
 (SELECT count(*) FROM ledger_entry e WHERE e.scope IN
  ('R17/' || i.id || '-' || CAST(i.attempt AS text) || '/sent/returned',
   'R17/' || i.id || '-' || CAST(i.attempt AS text) || '/confirmed/returned'))
 FROM interest i WHERE i.id > $1 ORDER BY i.id LIMIT $2`

// walkInterestTransfers: interest is booked as its state says, and one attempt is one transfer (83).
func walkInterestTransfers(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		rows, err := db.All(ctx, r, scanTransferOf, sqlInterestTransfers, after, min(w.Limit(), 200))
		if err != nil || len(rows) == 0 {
			return "", 0, err
		}
		for _, t := range rows {
			sound := t.back == 0
			switch t.state {
			case "sent":
				sound = sound && t.sent == 1 && t.confirmed == 0
			case "paid":
				sound = sound && t.sent == 1 && t.confirmed == 1
			default:
				sound = sound && t.sent == 0 && t.confirmed == 0
			}
			if !sound {
				w.Found(83, "interest_booking", t.id, "State", t.state)
			}
		}
		return rows[len(rows)-1].id, len(rows), nil
	})
}
