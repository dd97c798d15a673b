// Package settlement is what merchants get and when: statements, objections, payouts, and the lines of bank and gateway
// that must agree with them.
//
// It owns statement, statement_line, statement_apart, statement_seq, payout, bank_entry, bank_cursor, bank_transfer and
// the settlement_* tables. A merchant has at most one draft statement; lines are added to it and never change, and the
// run of the night issues it. A statement pays its body; what is under objection, or was taken back before the payout,
// stands apart. Bodies, what stands apart and payouts not yet sent add up to the merchant's account 2150, always.
//
// It posts no money and calls no bank: flow/settle does both, under the lock of the merchant's settlement (Lock).
package settlement
