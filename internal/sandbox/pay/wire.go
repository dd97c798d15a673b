package pay

import "time"

// Wire is a payment as the API and the webhooks write it.
type Wire struct {
	MID                 string        `json:"mId"`
	Version             string        `json:"version"`
	PaymentKey          string        `json:"paymentKey"`
	LastTransactionKey  string        `json:"lastTransactionKey"`
	OrderID             string        `json:"orderId"`
	OrderName           string        `json:"orderName"`
	Currency            string        `json:"currency"`
	Method              string        `json:"method"`
	Type                string        `json:"type"`
	Status              Status        `json:"status"`
	TotalAmount         int64         `json:"totalAmount"`
	BalanceAmount       int64         `json:"balanceAmount"`
	SuppliedAmount      int64         `json:"suppliedAmount"`
	VAT                 int64         `json:"vat"`
	RequestedAt         string        `json:"requestedAt"`
	ApprovedAt          *string       `json:"approvedAt"`
	IsPartialCancelable bool          `json:"isPartialCancelable"`
	Cancels             []WireCancel  `json:"cancels"`
	Failure             *WireFailure  `json:"failure"`
	Checkout            *WireCheckout `json:"checkout"`
}

// WireCancel is one cancel as the API writes it.
type WireCancel struct {
	TransactionKey   string `json:"transactionKey"`
	CancelReason     string `json:"cancelReason"`
	CancelAmount     int64  `json:"cancelAmount"`
	RefundableAmount int64  `json:"refundableAmount"`
	CanceledAt       string `json:"canceledAt"`
	CancelStatus     string `json:"cancelStatus"`
}

// WireFailure says why a payment was aborted.
type WireFailure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// WireCheckout gives the address of the payment page.
type WireCheckout struct {
	URL string `json:"url"`
}

// Shop is the one shop of this sandbox, as rows and payments name it.
const Shop = "dure-sandbox"

const apiVersion = "2022-11-16"

var seoul = time.FixedZone("KST", 9*60*60)

// Stamp writes an instant as the gateway does: Korean wall time with offset, whole seconds.
func Stamp(t time.Time) string { return t.In(seoul).Format(time.RFC3339) }

// Wire gives the payment as the API writes it. base is the address of the payment pages, "" leaves it out.
func (p Payment) Wire(base string) Wire {
	vat := (2*p.Balance + 11) / 22 // a card slip shows a eleventh, rounded half up
	w := Wire{
		MID: Shop, Version: apiVersion, PaymentKey: p.Key, LastTransactionKey: p.TransactionKey,
		OrderID: p.OrderID, OrderName: p.OrderName, Currency: "KRW", Method: p.Method, Type: "NORMAL",
		Status: p.Status, TotalAmount: p.Amount, BalanceAmount: p.Balance, SuppliedAmount: p.Balance - vat, VAT: vat,
		RequestedAt: Stamp(p.RequestedAt), IsPartialCancelable: true,
	}
	if !p.ApprovedAt.IsZero() {
		at := Stamp(p.ApprovedAt)
		w.ApprovedAt = &at
	}
	for _, c := range p.Cancels {
		w.LastTransactionKey = c.TransactionKey
		w.Cancels = append(w.Cancels, WireCancel{
			TransactionKey: c.TransactionKey, CancelReason: c.Reason, CancelAmount: c.Amount,
			RefundableAmount: c.BalanceAfter, CanceledAt: Stamp(c.At), CancelStatus: "DONE",
		})
	}
	if p.FailureCode != "" {
		w.Failure = &WireFailure{p.FailureCode, p.FailureMessage}
	}
	if base != "" {
		w.Checkout = &WireCheckout{base + "/pay/" + p.Checkout}
	}
	return w
}
