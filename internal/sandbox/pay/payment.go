package pay

import "time"

// Status is the state of a payment.
type Status string

// The states of a payment.
const (
	Ready           Status = "READY"
	InProgress      Status = "IN_PROGRESS"
	Done            Status = "DONE"
	PartialCanceled Status = "PARTIAL_CANCELED"
	Canceled        Status = "CANCELED"
	Aborted         Status = "ABORTED"
	Expired         Status = "EXPIRED"
)

// Captured reports whether money was ever taken.
func (s Status) Captured() bool { return s == Done || s == PartialCanceled || s == Canceled }

// Times after which an unfinished payment expires.
const (
	readyLife      = 30 * time.Minute
	inProgressLife = 10 * time.Minute
)

// The instruments: what the payer's pretended card does at the confirm.
const (
	InstrumentOK          = "ok"
	InstrumentDecline     = "decline"
	InstrumentSlow        = "slow"
	InstrumentTimeout     = "timeout_charged"
	InstrumentErrorAfter  = "error_after_charge"
	InstrumentErrorBefore = "error_before_charge"
)

// Instruments lists all instruments in the order in which the payment page offers them.
func Instruments() []string {
	return []string{InstrumentOK, InstrumentDecline, InstrumentSlow, InstrumentTimeout, InstrumentErrorAfter,
		InstrumentErrorBefore}
}

// methodCard is the one method: the name is the gateway's own, as its API writes it.
const methodCard = "카드"

// Payment is one try to pay an order. Amounts are in won.
type Payment struct {
	Key            string    `json:"key"`
	Checkout       string    `json:"checkout"`
	OrderID        string    `json:"orderId"`
	OrderName      string    `json:"orderName"`
	Customer       string    `json:"customer,omitempty"`
	Locale         string    `json:"locale,omitempty"`
	SuccessURL     string    `json:"successUrl"`
	FailURL        string    `json:"failUrl"`
	Amount         int64     `json:"amount"`
	Balance        int64     `json:"balance"` // still cancellable; the amount until capture
	Method         string    `json:"method"`
	Status         Status    `json:"status"`
	Instrument     string    `json:"instrument,omitempty"`
	Spoiled        bool      `json:"spoiled,omitempty"` // the instrument's one server error has been given
	TransactionKey string    `json:"transactionKey,omitempty"`
	RequestedAt    time.Time `json:"requestedAt"`
	ApprovedAt     time.Time `json:"approvedAt,omitzero"`
	ExpiresAt      time.Time `json:"expiresAt,omitzero"` // zero once nothing can expire
	Cancels        []Cancel  `json:"cancels,omitempty"`
	FailureCode    string    `json:"failureCode,omitempty"`
	FailureMessage string    `json:"failureMessage,omitempty"`
}

// Cancel is one part given back.
type Cancel struct {
	TransactionKey string    `json:"transactionKey"`
	Reason         string    `json:"reason"`
	Amount         int64     `json:"amount"`
	BalanceAfter   int64     `json:"balanceAfter"`
	At             time.Time `json:"at"`
}
