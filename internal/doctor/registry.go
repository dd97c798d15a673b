package doctor

import "slices"

// Questions gives everything that doctor asks, in the order of the report.
func Questions() []Question {
	return slices.Concat(
		[]Question{bytesQuestion(), schemaQuestion()},
		ledgerQuestions(),
		orderQuestions(),
		kitQuestions(),
		mediaQuestions(),
		outsideQuestions(),
		settlementQuestions(),
		rowQuestions(),
		roomQuestions(),
		auctionQuestions(),
		fundQuestions(),
		[]Question{{Name: "daybook", Walk: walkDaybook}},
	)
}

// ledgerQuestions are those of the book (invariants 1, 3, 7–11, 17, 18, 25, 34, 35).
func ledgerQuestions() []Question {
	return []Question{
		{Name: "ledger_entries", Walk: walkEntries},
		{Name: "ledger_scopes", Walk: walkScopes},
		{Name: "ledger_mirrors", Walk: walkMirrors},
		{Name: "ledger_balances", Walk: walkBalances},
		{Name: "ledger_parties", Walk: walkParties},
		{Name: "ledger_totals", Walk: walkTotals},
		{Name: "ledger_orders", Walk: walkLedgerOrders},
		{Name: "ledger_clearing", Walk: walkClearing},
		{Name: "ledger_coverage", Walk: walkCoverage},
	}
}
