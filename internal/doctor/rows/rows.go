package rows

import "slices"

// Rule is a statement that gives the rows which break an invariant: the row's key, what is kept, and what it should be.
// Its parameters $1 and $2 bound the keys of a slice.
type Rule struct {
	Number int // in docs/invariants.md
	Code   string
	Text   string
}

// Table is a noun's rows, walked by key.
type Table struct {
	Name  string // of the question
	Keys  string // SELECT of keys after $1, in order, at most $2
	Rules []Rule
	Limit int // rows a slice at most, where a row stands for many; 0 for the caller's
}

// Tables gives all of them, in the order of the report.
func Tables() []Table {
	return slices.Concat(units(), orders(), policies(), interests(), places(), claims(), waits(), wishes(), shareLines(),
		funds(), deposits())
}

// Books names the questions whose findings hold payouts back (decision 31): whether book, statements, payouts, uses,
// payments and refunds say the same. What is only late is not among them: a payout that waits for a late one would make
// it later.
func Books() []string {
	return []string{"ledger_entries", "ledger_scopes", "ledger_mirrors", "ledger_balances", "ledger_parties",
		"ledger_totals", "ledger_orders", "payments", "refunds", "redemptions", "voucher_parts", "interests",
		"interest_transfers", "owed_back", "settlement_lines", "settlement_statements", "settlement_payable",
		"settlement_payouts", "settlement_pending", "settlement_taxes", "settlement_booked", "share_stated",
		"share_lines", "shares", "escrows", "share_orders", "share_parties", "deposits",
		"deposit_parties", "deposit_parts"}
}
