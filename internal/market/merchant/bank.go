package merchant

import (
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// BankCodes lists the institutions that take transfers, by their common code (금융결제원 금융기관공동코드), the much-used
// first. The catalogue names them: merchant.bank_004.
func BankCodes() []string {
	return []string{
		"004", "088", "020", "081", "011", "003", "090", "092", "089", "045", "048", "071", "012", "007", "031", "032",
		"039", "034", "037", "035", "002", "023", "027", "064", "050",
	}
}

// Empty reports that no account is known.
func (b Bank) Empty() bool { return b == Bank{} }

// Masked is the account as screens show it: only its end.
func (b Bank) Masked() string {
	if len(b.Account) <= 4 {
		return b.Account
	}
	return "···" + b.Account[len(b.Account)-4:]
}

// Parse cleans a bank account; an empty one stays empty.
func (b Bank) Parse() (Bank, error) {
	if b.Empty() {
		return b, nil
	}
	var faults fail.List
	if !slices.Contains(BankCodes(), b.Code) {
		faults = append(faults, ErrBank.On("bank_code"))
	}
	digits, ok := digitsOf(b.Account)
	if !ok || len(digits) < 8 || len(digits) > 16 {
		faults = append(faults, ErrBankAccount.On("bank_account"))
	}
	b.Account = digits
	holder, refusal := line(1, HolderMax, ErrBankHolder, "bank_holder")(b.Holder)
	if refusal != nil {
		faults = append(faults, refusal)
	}
	b.Holder = holder
	return b, faults.Err()
}

// Rebank decides what a new payout account means: a registration that nobody approved takes it at once; an approved
// shop's waits for the given time, so that whoever stole a password cannot lead money away unseen.
func (m Merchant) Rebank(next Bank, now time.Time, wait time.Duration) (Merchant, error) {
	switch {
	case m.Open():
		m.Bank = next
		return m, nil
	case next.Empty():
		return m, ErrBankAccount.On("bank_account")
	case next == m.Bank:
		return m, ErrBankSame.On("bank_account")
	}
	m.NextBank, m.NextBankAt = next, now.Add(wait)
	return m, nil
}

// BankDue reports a waiting account whose time has come.
func (m Merchant) BankDue(now time.Time) bool {
	return !m.NextBankAt.IsZero() && !now.Before(m.NextBankAt)
}

// Rebanked takes the waiting account when its time has come, or refuses with ErrNothingWaits.
func (m Merchant) Rebanked(now time.Time) (Merchant, error) {
	if !m.BankDue(now) {
		return m, ErrNothingWaits
	}
	m.Bank = m.NextBank
	return m.Unbanked()
}

// Unbanked forgets the waiting account, or refuses with ErrNothingWaits.
func (m Merchant) Unbanked() (Merchant, error) {
	if m.NextBankAt.IsZero() {
		return m, ErrNothingWaits
	}
	m.NextBank, m.NextBankAt = Bank{}, time.Time{}
	return m, nil
}
