package doctor

// BookQuestions names the questions whose findings hold payouts back (decision 31): whether book, statements, payouts,
// uses, payments and refunds say the same. What is only late is not among them: a payout that waits for a late one would
// make it later.
func BookQuestions() []string {
	return []string{"ledger_entries", "ledger_scopes", "ledger_mirrors", "ledger_balances", "ledger_parties",
		"ledger_totals", "ledger_orders", "payments", "refunds", "redemptions", "interests",
		"interest_transfers", "owed_back", "settlement_lines", "settlement_statements",
		"settlement_payable", "settlement_payouts", "settlement_pending", "settlement_taxes", "settlement_booked",
		"voucher_parts"}
}
