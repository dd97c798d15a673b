package settlement

import "slices"

// State is where a statement stands.
type State string

// The states of a statement.
const (
	Draft     State = "draft"
	Issued    State = "issued"
	Confirmed State = "confirmed"
	Paid      State = "paid"
)

// PayoutState is where a payout stands.
type PayoutState string

// The states of a payout. A returned one is followed by another that names it.
const (
	PayoutDue       PayoutState = "due"
	PayoutHeld      PayoutState = "held"
	PayoutSent      PayoutState = "sent"
	PayoutConfirmed PayoutState = "confirmed"
	PayoutReturned  PayoutState = "returned"
)

// TransferState is where a transfer between the operator's own accounts stands.
type TransferState string

// The states of a transfer.
const (
	TransferIntent    TransferState = "intent"
	TransferSent      TransferState = "sent"
	TransferConfirmed TransferState = "confirmed"
	TransferFailed    TransferState = "failed"
)

// Step is one allowed change of state, with who makes it.
type Step struct {
	From, Action, To, By string
}

// Steps are the whole lives of a statement, a payout and a transfer: the guards follow this table, and docs/states is
// drawn from it.
func Steps() map[string][]Step {
	return map[string][]Step{
		"statement": {
			{string(Draft), "issue", string(Issued), "clock"},
			{string(Issued), "confirm", string(Confirmed), "merchant, or silence at the deadline"},
			{string(Confirmed), "pay", string(Paid), "bank"},
			{string(Paid), "return", string(Confirmed), "bank"},
		},
		"payout": {
			{string(PayoutDue), "hold", string(PayoutHeld), "operator"},
			{string(PayoutHeld), "release", string(PayoutDue), "operator, or a new bank account"},
			{string(PayoutDue), "send", string(PayoutSent), "clock"},
			{string(PayoutSent), "confirm", string(PayoutConfirmed), "bank"},
			{string(PayoutSent), "fail", string(PayoutReturned), "bank"},
			{string(PayoutConfirmed), "return", string(PayoutReturned), "bank"},
		},
		"transfer": {
			{string(TransferIntent), "send", string(TransferSent), "clock"},
			{string(TransferSent), "confirm", string(TransferConfirmed), "bank"},
			{string(TransferSent), "fail", string(TransferFailed), "bank"},
		},
	}
}

// allowed tells whether a step stands in the table.
func allowed(life, from, action string) bool {
	return slices.ContainsFunc(Steps()[life], func(s Step) bool { return s.From == from && s.Action == action })
}
