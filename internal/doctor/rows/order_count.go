package rows

// orders compare orders, payments and refunds with each other (18, 21, 73–75).
func orders() []Table {
	return []Table{
		{Name: "orders",
			Keys: `SELECT id FROM orders WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{73, "order_vouchers", `SELECT o.id, (SELECT count(*) FROM voucher v WHERE v.order_id = o.id), o.quantity
 FROM orders o WHERE o.id > $1 AND o.id <= $2 AND o.state IN ('paid', 'refunded')
 AND o.quantity <> (SELECT count(*) FROM voucher v WHERE v.order_id = o.id)`},
				{73, "order_unpaid_vouchers", `SELECT o.id, (SELECT count(*) FROM voucher v WHERE v.order_id = o.id), 0
 FROM orders o WHERE o.id > $1 AND o.id <= $2 AND o.state IN ('held', 'lapsed', 'cancelled')
 AND EXISTS (SELECT 1 FROM voucher v WHERE v.order_id = o.id)`},
				{74, "order_refunded_units", `SELECT o.id, o.refunded_units, (SELECT CAST(coalesce(sum(f.units), 0) AS bigint)
 FROM refund f WHERE f.order_id = o.id) FROM orders o WHERE o.id > $1 AND o.id <= $2
 AND o.state IN ('paid', 'refunded')
 AND o.refunded_units <> (SELECT coalesce(sum(f.units), 0) FROM refund f WHERE f.order_id = o.id)`},
				{74, "order_refunded_won", `SELECT o.id, o.refunded_won, (SELECT CAST(coalesce(sum(f.amount), 0) AS bigint)
 FROM refund f WHERE f.order_id = o.id) FROM orders o WHERE o.id > $1 AND o.id <= $2
 AND o.refunded_won > (SELECT coalesce(sum(f.amount), 0) FROM refund f WHERE f.order_id = o.id)`},
				{21, "order_payment", `SELECT o.id, 0, o.amount FROM orders o WHERE o.id > $1 AND o.id <= $2
 AND o.state IN ('paid', 'refunded') AND NOT EXISTS
 (SELECT 1 FROM payment p WHERE p.order_id = o.id AND p.state = 'captured' AND p.amount = o.amount)`},
			}},
		{Name: "payments",
			Keys: `SELECT id FROM payment WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{18, "payment_rest", `SELECT p.id, p.refundable, (SELECT CAST(p.amount - coalesce(sum(f.amount), 0) AS bigint)
 FROM refund f WHERE f.payment_id = p.id) FROM payment p WHERE p.id > $1 AND p.id <= $2 AND p.state = 'captured'
 AND p.refundable <> p.amount - (SELECT coalesce(sum(f.amount), 0) FROM refund f WHERE f.payment_id = p.id)`},
				{21, "payment_homeless", `SELECT p.id, 0, p.amount FROM payment p WHERE p.id > $1 AND p.id <= $2
 AND p.state = 'captured'
 AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.state IN ('paid', 'refunded'))
 AND NOT EXISTS (SELECT 1 FROM escrow_share s WHERE s.order_id = p.order_id AND s.wish_id = p.wish_id
 AND s.paid = p.amount)
 AND NOT EXISTS (SELECT 1 FROM bid_deposit d WHERE d.id = p.order_id AND d.wish_id = p.wish_id
 AND d.amount = p.amount AND d.paid_at IS NOT NULL)
 AND NOT EXISTS (SELECT 1 FROM refund f WHERE f.payment_id = p.id AND f.amount = p.amount)`},
				{75, "payment_entry", `SELECT p.id, 0, 1 FROM payment p WHERE p.id > $1 AND p.id <= $2
 AND p.state = 'captured' AND NOT EXISTS
 (SELECT 1 FROM ledger_entry e WHERE e.scope IN ('R2/' || p.id, 'R2c/' || p.id))`},
			}},
		{Name: "refunds",
			Keys: `SELECT id FROM refund WHERE id > $1 ORDER BY id LIMIT $2`,
			Rules: []Rule{
				{75, "refund_payment", `SELECT f.id, 0, f.amount FROM refund f WHERE f.id > $1 AND f.id <= $2 AND NOT EXISTS
 (SELECT 1 FROM payment p WHERE p.id = f.payment_id AND p.order_id = f.order_id AND p.state = 'captured')`},
				{75, "refund_entry", `SELECT f.id, 0, 1 FROM refund f WHERE f.id > $1 AND f.id <= $2
 AND f.state IN ('accepted', 'settled') AND NOT EXISTS
 (SELECT 1 FROM ledger_entry e WHERE e.scope = 'R8/' || f.id || '/accepted')`},
			}},
	}
}
