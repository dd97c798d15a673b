package ceiling

// Purchase is what one hold and its payment write.
func Purchase() []Rows {
	intent := map[string]any{"state": "intent", "payment_key": nil, "refundable": int64(0), "captured_at": nil,
		"version": int64(1)}
	return []Rows{
		{Table: "orders", Key: "id", First: map[string]any{"state": "held", "paid_at": nil, "version": int64(1)},
			Moves: [][]string{{"state", "paid_at", "version"}}, Types: map[string]string{"state": "text"}},
		{Table: "payment", Key: "id", First: intent, Types: map[string]string{"state": "text", "payment_key": "text"},
			Moves: [][]string{{"payment_key", "version"}, {"state", "refundable", "captured_at", "version"}}},
		{Table: "order_limit", Key: "id", First: map[string]any{"held_units": int64(1), "paid_units": int64(0)},
			Moves: [][]string{{"held_units", "paid_units"}}},
		{Table: "voucher", Key: "id"},
		{Table: "ledger_entry", Key: "id"},
		{Table: "ledger_posting", Key: "entry_id", Of: "ledger_entry"},
		{Table: "kit_event", Key: "id", Where: "kind IN ('order.held', 'order.paid')", First: map[string]any{"seq": nil}},
		{Table: "kit_answer", Key: "actor"},
	}
}

// Redemption is what one use of a voucher writes, beside the voucher itself.
func Redemption() []Rows {
	return []Rows{
		{Table: "redemption", Key: "id"},
		{Table: "voucher", Key: "id", Where: "units_used > 0", First: map[string]any{"state": "active",
			"units_used": int64(0)}, Kept: true, Moves: [][]string{{"state", "units_used", "ended_at", "version"}},
			Types: map[string]string{"state": "text"}},
		{Table: "ledger_entry", Key: "id", Where: "rule = 'R5'"},
		{Table: "ledger_posting", Key: "entry_id", Of: "ledger_entry",
			Where: "entry_id IN (SELECT id FROM ledger_entry WHERE rule = 'R5')"},
		{Table: "kit_event", Key: "id", Where: "kind = 'voucher.redeemed'", First: map[string]any{"seq": nil}},
	}
}

// Join is what one place in a wish writes, beside the wish's own row.
func Join() []Rows {
	return []Rows{
		{Table: "wish_member", Key: "id"},
		{Table: "kit_event", Key: "id", Where: "kind = 'wish.member'", First: map[string]any{"seq": nil}},
	}
}
