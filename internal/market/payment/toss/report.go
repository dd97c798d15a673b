package toss

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// pageRows is the most rows the gateway gives at once: a full page means that more may follow.
const pageRows = 5000

type wireSettlement struct {
	PaymentKey     string    `json:"paymentKey"`
	TransactionKey string    `json:"transactionKey"`
	OrderID        string    `json:"orderId"`
	Method         string    `json:"method"`
	Currency       string    `json:"currency"`
	Amount         int64     `json:"amount"`
	InterestFee    int64     `json:"interestFee"`
	Fee            int64     `json:"fee"`
	SupplyAmount   int64     `json:"supplyAmount"`
	VAT            int64     `json:"vat"`
	PayOutAmount   int64     `json:"payOutAmount"`
	ApprovedAt     string    `json:"approvedAt"`
	SoldDate       string    `json:"soldDate"`
	PaidOutDate    string    `json:"paidOutDate"`
	Cancel         *struct{} `json:"cancel"`
}

// Settlements lists settlement rows by the day of pay-out. A file whose rows do not add up in themselves is refused:
// it is never booked in part.
func (c *Client) Settlements(ctx context.Context, from, to string, page int) ([]gateway.SettlementRow, bool, error) {
	q := url.Values{
		"startDate": {from}, "endDate": {to}, "dateType": {"paidOutDate"}, "page": {strconv.Itoa(page)},
		"size": {strconv.Itoa(pageRows)},
	}
	var out []wireSettlement
	if err := c.list(ctx, "/v1/settlements?"+q.Encode(), &out); err != nil {
		return nil, false, err
	}
	rows := make([]gateway.SettlementRow, len(out))
	for i, w := range out {
		rows[i] = gateway.SettlementRow{
			PaymentKey: w.PaymentKey, TransactionKey: w.TransactionKey, OrderID: w.OrderID, Method: w.Method,
			Amount: w.Amount, InterestFee: w.InterestFee, Fee: w.Fee, FeeSupply: w.SupplyAmount, FeeVAT: w.VAT,
			PayOut: w.PayOutAmount, ApprovedAt: instant(w.ApprovedAt), SoldDate: w.SoldDate, PaidOutDate: w.PaidOutDate,
			Cancel: w.Cancel != nil,
		}
		sound := w.Fee == w.SupplyAmount+w.VAT && w.PayOutAmount == w.Amount-w.Fee-w.InterestFee
		if !sound || w.Currency != "KRW" || w.PaidOutDate < from || w.PaidOutDate > to {
			return nil, false, mismatch(stepStatement, "settlement row "+w.TransactionKey)
		}
	}
	return rows, len(rows) == pageRows, nil
}

type wireTransaction struct {
	TransactionKey string `json:"transactionKey"`
	PaymentKey     string `json:"paymentKey"`
	OrderID        string `json:"orderId"`
	Status         string `json:"status"`
	TransactionAt  string `json:"transactionAt"`
	Amount         int64  `json:"amount"`
}

// Transactions lists captures and cancels of some days after a transaction key.
func (c *Client) Transactions(ctx context.Context, from, to, after string) ([]gateway.TransactionRow, bool, error) {
	q := url.Values{
		"startDate": {from + "T00:00:00"}, "endDate": {to + "T23:59:59"}, "limit": {strconv.Itoa(pageRows)},
	}
	if after != "" {
		q.Set("startingAfter", after)
	}
	var out []wireTransaction
	if err := c.list(ctx, "/v1/transactions?"+q.Encode(), &out); err != nil {
		return nil, false, err
	}
	rows := make([]gateway.TransactionRow, len(out))
	for i, w := range out {
		rows[i] = gateway.TransactionRow{
			TransactionKey: w.TransactionKey, PaymentKey: w.PaymentKey, OrderID: w.OrderID,
			Status: gateway.Status(w.Status), Amount: w.Amount, At: instant(w.TransactionAt),
		}
	}
	return rows, len(rows) == pageRows, nil
}

func (c *Client) list(ctx context.Context, path string, out any) error {
	return c.do(ctx, request{
		step: stepStatement, method: http.MethodGet, path: path, timeout: listTimeout, answerMax: listMax,
	}, out)
}
