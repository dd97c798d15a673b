package rows

// shareLines ask whether sellers' statements have a line for each share that was released, and none besides (28), and
// whether every dispute has an end in sight (32).
func shareLines() []Table {
	return []Table{
		{Name: "share_stated", Limit: 200,
			Keys: `SELECT order_id FROM escrow_share WHERE order_id > $1 ORDER BY order_id LIMIT $2`,
			Rules: []Rule{
				{28, "share_without_line", `SELECT x.order_id, x.line, x.released FROM (SELECT s.order_id AS order_id,
 s.released AS released, CAST(coalesce((SELECT sum(l.price) FROM statement_line l WHERE l.kind = 'share'
 AND l.source_id = s.order_id AND l.merchant_id = e.merchant_id), 0) AS bigint) AS line
 FROM escrow_share s JOIN escrow e ON e.wish_id = s.wish_id WHERE s.order_id > $1 AND s.order_id <= $2) x
 WHERE x.line <> x.released`},
				{32, "dispute_lost", `SELECT s.order_id, s.due_at, coalesce((SELECT d.due_at FROM escrow_dispute d
 WHERE d.order_id = s.order_id AND d.turn <> 'over'), 0) FROM escrow_share s WHERE s.order_id > $1 AND s.order_id <= $2
 AND s.state = 'disputed' AND NOT EXISTS (SELECT 1 FROM escrow_dispute d WHERE d.order_id = s.order_id
 AND d.turn <> 'over' AND d.due_at = s.due_at AND d.amount = s.amount)`},
			}},
		{Name: "share_disputes",
			Keys: `SELECT order_id FROM escrow_dispute WHERE order_id > $1 ORDER BY order_id LIMIT $2`,
			Rules: []Rule{
				{32, "dispute_without_share", `SELECT d.order_id, d.amount, 0 FROM escrow_dispute d
 WHERE d.order_id > $1 AND d.order_id <= $2 AND d.turn <> 'over' AND NOT EXISTS (SELECT 1 FROM escrow_share s
 WHERE s.order_id = d.order_id AND s.state = 'disputed')`},
			}},
		{Name: "share_lines",
			Keys: `SELECT id FROM statement_line WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{28, "line_without_share", `SELECT l.id, l.price, 0 FROM statement_line l WHERE l.id > $1 AND l.id <= $2
 AND l.kind = 'share' AND l.voucher_id = '' AND NOT EXISTS (SELECT 1 FROM escrow_share s
 WHERE s.order_id = l.source_id AND s.released = l.price)`},
			}},
	}
}
