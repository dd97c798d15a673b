package gateway

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Gateway charges buyers, pays money back, reports settlements and moves bank money.
type Gateway interface {
	// Prepare registers what a buyer is about to pay and gives the address of the payment page.
	// It charges nothing; calling it again for one order is harmless.
	Prepare(ctx context.Context, request PrepareRequest) (Checkout, error)
	// Confirm captures an authorised payment. The answer is checked against the request before it is believed.
	Confirm(ctx context.Context, request ConfirmRequest) (Payment, error)
	// Lookup finds a payment by the gateway's key.
	Lookup(ctx context.Context, paymentKey string) (Payment, error)
	// LookupByOrder finds the payment of an order: the captured one, else the latest try.
	LookupByOrder(ctx context.Context, orderID string) (Payment, error)
	// Cancel gives money of a captured payment back, wholly or in part.
	Cancel(ctx context.Context, request CancelRequest) (Payment, error)
	// VerifyWebhook checks signature and age of a notice and reads it; now is the receiver's instant.
	VerifyWebhook(header http.Header, body []byte, now time.Time) (WebhookEvent, error)
	// Settlements lists the gateway's settlement rows paid out between two days, both included; pages begin at 1.
	Settlements(ctx context.Context, from, to string, page int) (rows []SettlementRow, more bool, err error)
	// Transactions lists captures and cancels made between two days, both included, after a transaction key.
	Transactions(ctx context.Context, from, to, after string) (rows []TransactionRow, more bool, err error)
	// Transfer instructs the bank; Ref makes it happen at most once.
	Transfer(ctx context.Context, request TransferRequest) (Transfer, error)
	// LookupTransfer finds a transfer by our reference.
	LookupTransfer(ctx context.Context, ref string) (Transfer, error)
	// BankEntries lists the statement of one of our accounts after an entry id ("" from the beginning).
	BankEntries(ctx context.Context, account, after string) ([]BankEntry, error)
	// BankAccount gives the balance of one of our accounts.
	BankAccount(ctx context.Context, account string) (BankAccount, error)
}

// Simulator is what only a sandbox offers: it plays the payer and the outside world. No real adapter has it.
type Simulator interface {
	// Authorize plays the payer at the payment page and gives the payment key to confirm.
	Authorize(ctx context.Context, request AuthorizeRequest) (paymentKey string, err error)
	// Charge takes money with an instrument at once, in one call and without a page, as a card on file would. The
	// payment key is the caller's, made by ChargeKey; asking again repeats the answer.
	Charge(ctx context.Context, request ConfirmRequest) (Payment, error)
	// Deposit brings money from outside into one of our bank accounts; Ref makes it happen at most once.
	Deposit(ctx context.Context, request DepositRequest) (BankEntry, error)
}

// The platform's accounts at the bank.
const (
	AccountCustody   = "custody"   // trust account: client money only
	AccountOperating = "operating" // the operator's own money
)

// PrepareRequest names what is to be paid and where the payer returns to. Amount is in won.
type PrepareRequest struct {
	OrderID, OrderName  string
	Amount              int64
	SuccessURL, FailURL string
	Customer            string // pseudonymous key of the buyer
	Locale              string // "ko" or "en"; "" lets the page decide
}

// Checkout is a prepared payment: its key and the address of the payment page.
type Checkout struct{ Key, URL string }

// AuthorizeRequest plays the payer: Instrument is one of the Instrument constants.
type AuthorizeRequest struct {
	CheckoutKey string // "" makes a checkout of Direct's, of which nobody sees the page
	Direct      PrepareRequest
	Instrument  string
}

// Instruments of the sandbox: what the payer's pretended card will do when the payment is confirmed.
const (
	InstrumentOK                = "ok"
	InstrumentDecline           = "decline"
	InstrumentSlow              = "slow"
	InstrumentTimeoutCharged    = "timeout_charged"     // charged, but the answer never comes
	InstrumentErrorAfterCharge  = "error_after_charge"  // charged, but the answer is a server error
	InstrumentErrorBeforeCharge = "error_before_charge" // not charged, server error once
)

// chargeMark begins the keys of payments that are charged without a page.
const chargeMark = "direct."

// ChargeKey is the payment key of an order that is charged with an instrument, without a page.
func ChargeKey(instrument, orderID string) string { return chargeMark + instrument + "." + orderID }

// IsCharge tells whether a payment key was made by ChargeKey.
func IsCharge(paymentKey string) bool { return strings.HasPrefix(paymentKey, chargeMark) }

// DepositRequest brings Amount won from outside into Account.
type DepositRequest struct {
	Ref, Account, Memo string
	Amount             int64
}

// ConfirmRequest captures an authorised payment. IdempotencyKey must contain the identity of the intent.
type ConfirmRequest struct {
	PaymentKey, OrderID string
	Amount              int64
	IdempotencyKey      string
}

// CancelRequest gives back Amount won, or all that is left when Amount is 0. IdempotencyKey must contain the
// identity of the refund.
type CancelRequest struct {
	PaymentKey, Reason string
	Amount             int64
	IdempotencyKey     string
}

// Status is the state of a payment at the gateway.
type Status string

// The states of a payment. Captured money is there in Done and PartialCanceled.
const (
	StatusReady           Status = "READY"
	StatusInProgress      Status = "IN_PROGRESS" // authorised by the payer, not yet captured
	StatusDone            Status = "DONE"
	StatusPartialCanceled Status = "PARTIAL_CANCELED"
	StatusCanceled        Status = "CANCELED"
	StatusAborted         Status = "ABORTED"
	StatusExpired         Status = "EXPIRED"
)

// Captured reports whether the payment was ever captured.
func (s Status) Captured() bool {
	return s == StatusDone || s == StatusPartialCanceled || s == StatusCanceled
}

// CodeTakenBack is why an attempt failed whose money came and went back whole before we heard of it.
const CodeTakenBack = "ALREADY_CANCELED_PAYMENT"

// Final reports whether the payment can never be captured any more.
func (s Status) Final() bool { return s == StatusAborted || s == StatusExpired || s == StatusCanceled }

// Payment is the gateway's view of one payment. Balance is what can still be cancelled, in won.
type Payment struct {
	PaymentKey, OrderID     string
	TransactionKey          string // of the capture, "" before it
	Status                  Status
	Currency, Method        string
	Amount, Balance         int64
	RequestedAt, ApprovedAt time.Time
	Cancels                 []Cancel
	FailureCode             string // why it was aborted, "" otherwise
	FailureMessage          string
}

// Canceled gives the sum of the cancels in won.
func (p Payment) Canceled() int64 {
	var sum int64
	for _, c := range p.Cancels {
		sum += c.Amount
	}
	return sum
}

// Cancel is one part given back.
type Cancel struct {
	TransactionKey, Reason string
	Amount                 int64
	At                     time.Time
}

// The kinds of webhook.
const (
	EventPaymentStatusChanged = "PAYMENT_STATUS_CHANGED"
	EventPayoutStatusChanged  = "PAYOUT_STATUS_CHANGED"
)

// WebhookEvent is a verified notice. It is a hint to look, never the truth: ask the gateway before posting.
type WebhookEvent struct {
	ID        string // same for every repetition of one notice
	Kind      string
	CreatedAt time.Time
	Attempt   int // 0 for the first try
	Payment   Payment
	Transfer  Transfer
}

// SettlementRow is one line of the gateway's settlement file; cancels carry negative amounts. All in won.
type SettlementRow struct {
	PaymentKey, TransactionKey, OrderID string
	Method                              string
	Amount                              int64
	InterestFee                         int64
	Fee                                 int64 // FeeSupply + FeeVAT
	FeeSupply, FeeVAT                   int64
	PayOut                              int64 // Amount - Fee - InterestFee
	ApprovedAt                          time.Time
	SoldDate, PaidOutDate               string
	Cancel                              bool
}

// TransactionRow is one capture (positive) or cancel (negative) in the gateway's own list.
type TransactionRow struct {
	TransactionKey, PaymentKey, OrderID string
	Status                              Status
	Amount                              int64
	At                                  time.Time
}

// TransferRequest moves Amount won from one of our accounts to a bank account, or to another account of ours
// when ToAccount is given.
type TransferRequest struct {
	Ref, From                 string
	BankCode, Account, Holder string
	ToAccount                 string
	Amount                    int64
	Memo                      string
}

// TransferStatus is the state of a transfer at the bank.
type TransferStatus string

// The states of a transfer. Completed is not the end: a bank may still return the money.
const (
	TransferAccepted  TransferStatus = "ACCEPTED"
	TransferCompleted TransferStatus = "COMPLETED"
	TransferFailed    TransferStatus = "FAILED"   // never left the account
	TransferReturned  TransferStatus = "RETURNED" // left and came back
)

// Transfer is the bank's view of one transfer.
type Transfer struct {
	Ref, From                          string
	Status                             TransferStatus
	Amount                             int64
	FailureCode                        string
	AcceptedAt, ExecutedAt, ReturnedAt time.Time
}

// BankEntry is one line of an account's statement; Amount is positive when money came in.
type BankEntry struct {
	ID, Account, Kind, Ref, Memo string
	Amount, Balance              int64
	At                           time.Time
}

// The kinds of a statement line.
const (
	EntryDeposit    = "deposit"    // from outside
	EntrySettlement = "settlement" // from the payment gateway; Ref is "settlement:" + its pay-out day
	EntryTransfer   = "transfer"   // Ref is the transfer's
	EntryReturn     = "return"     // a transfer that came back; Ref is the transfer's
)

// BankAccount is one of our accounts; Held is promised to accepted transfers and still part of Balance.
type BankAccount struct {
	ID            string
	Balance, Held int64
}
