package rows

// Rooms asks whether exactly those up to the last call were called, and nobody stands beyond the last number (90).
func Rooms() Table {
	return Table{Limit: 20,
		Keys: `SELECT deal_id FROM room WHERE deal_id > $1 ORDER BY deal_id LIMIT $2`,
		Rules: []Rule{
			{90, "room_calls", `SELECT p.id, coalesce(p.number, 0), m.called FROM room m JOIN room_place p
 ON p.deal_id = m.deal_id WHERE m.deal_id > $1 AND m.deal_id <= $2 AND m.state <> 'drawing'
 AND (p.called_at IS NULL) = (p.number IS NOT NULL AND p.number <= m.called)`},
			{90, "room_last", `SELECT p.id, p.number, m.last_place FROM room m JOIN room_place p ON p.deal_id = m.deal_id
 WHERE m.deal_id > $1 AND m.deal_id <= $2 AND p.number > m.last_place`},
		}}
}

// waits asks whether an offer of a waiting list is one ordinary hold of one unit (92).
func waits() []Table {
	return []Table{{Name: "waitlist",
		Keys: `SELECT id FROM waitlist WHERE id > $1 ORDER BY id LIMIT $2`,
		Rules: []Rule{{92, "offer_order", `SELECT w.id, 0, 1 FROM waitlist w WHERE w.id > $1 AND w.id <= $2
 AND w.state = 'offered' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = w.order_id AND o.deal_id = w.deal_id
 AND o.option_id = w.option_id AND o.account_id = w.account_id AND o.quantity = 1)`}},
	}}
}
