package ledger

import "github.com/dure-commerce/dure/internal/kit/money"

// Moved gives what an entry debits and credits on an account, whoever the party.
func (e Entry) Moved(a Account) (debit, credit money.Won) {
	for _, l := range e.Lines {
		switch {
		case l.Account != a:
		case l.Side == Debit:
			debit += l.Amount
		default:
			credit += l.Amount
		}
	}
	return debit, credit
}
