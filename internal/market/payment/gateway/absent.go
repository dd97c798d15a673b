package gateway

import (
	"context"
	"net/http"
	"time"
)

// CodeAbsent is the code of every answer of Absent.
const CodeAbsent = "NO_GATEWAY"

// Absent stands where no gateway is configured: pages open and shops prepare their deals, and every call answers that
// it was not made and may be repeated.
type Absent struct{}

var _ Gateway = Absent{}

func absent(step string) error { return &Error{Outcome: Retryable, Step: step, Code: CodeAbsent} }

// Prepare answers CodeAbsent.
func (Absent) Prepare(context.Context, PrepareRequest) (Checkout, error) {
	return Checkout{}, absent("prepare")
}

// Confirm answers CodeAbsent.
func (Absent) Confirm(context.Context, ConfirmRequest) (Payment, error) {
	return Payment{}, absent("confirm")
}

// Lookup answers CodeAbsent.
func (Absent) Lookup(context.Context, string) (Payment, error) { return Payment{}, absent("lookup") }

// LookupByOrder answers CodeAbsent.
func (Absent) LookupByOrder(context.Context, string) (Payment, error) {
	return Payment{}, absent("lookup")
}

// Cancel answers CodeAbsent.
func (Absent) Cancel(context.Context, CancelRequest) (Payment, error) {
	return Payment{}, absent("cancel")
}

// VerifyWebhook answers CodeAbsent: nobody may tell us anything.
func (Absent) VerifyWebhook(http.Header, []byte, time.Time) (WebhookEvent, error) {
	return WebhookEvent{}, absent("webhook")
}

// Settlements answers CodeAbsent.
func (Absent) Settlements(context.Context, string, string, int) ([]SettlementRow, bool, error) {
	return nil, false, absent("settlements")
}

// Transactions answers CodeAbsent.
func (Absent) Transactions(context.Context, string, string, string) ([]TransactionRow, bool, error) {
	return nil, false, absent("transactions")
}

// Transfer answers CodeAbsent.
func (Absent) Transfer(context.Context, TransferRequest) (Transfer, error) {
	return Transfer{}, absent("transfer")
}

// LookupTransfer answers CodeAbsent.
func (Absent) LookupTransfer(context.Context, string) (Transfer, error) {
	return Transfer{}, absent("transfer")
}

// BankEntries answers CodeAbsent.
func (Absent) BankEntries(context.Context, string, string) ([]BankEntry, error) {
	return nil, absent("bank")
}

// BankAccount answers CodeAbsent.
func (Absent) BankAccount(context.Context, string) (BankAccount, error) {
	return BankAccount{}, absent("bank")
}
