package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/bank"
	"github.com/dure-commerce/dure/internal/sandbox/clearing"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/pay"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

// pageMax is the most rows of one page, as the gateway documents it.
const pageMax = 5000

type settlementRow struct {
	MID            string          `json:"mId"`
	PaymentKey     string          `json:"paymentKey"`
	TransactionKey string          `json:"transactionKey"`
	OrderID        string          `json:"orderId"`
	Currency       string          `json:"currency"`
	Method         string          `json:"method"`
	Amount         int64           `json:"amount"`
	InterestFee    int64           `json:"interestFee"`
	Fees           []settlementFee `json:"fees"`
	Fee            int64           `json:"fee"`
	SupplyAmount   int64           `json:"supplyAmount"`
	VAT            int64           `json:"vat"`
	PayOutAmount   int64           `json:"payOutAmount"`
	ApprovedAt     string          `json:"approvedAt"`
	SoldDate       string          `json:"soldDate"`
	PaidOutDate    string          `json:"paidOutDate"`
	Cancel         *pay.WireCancel `json:"cancel"`
}

type settlementFee struct {
	Type string `json:"type"`
	Fee  int64  `json:"fee"`
}

// listSettlements shows the settlement file of some days.
func (s *Server) listSettlements(w http.ResponseWriter, r *http.Request) {
	from, to, ok := daysOf(r)
	page, pageOK := numberOf(r, "page", 1, 1_000_000)
	size, sizeOK := numberOf(r, "size", 100, pageMax)
	kind := r.URL.Query().Get("dateType")
	if !ok || !pageOK || !sizeOK || kind != "" && kind != "soldDate" && kind != "paidOutDate" {
		writeRefusal(w, refusal.InvalidRequest("조회 조건이 올바르지 않습니다."))
		return
	}
	s.view(w, r, fault.Statement, "settlements", func() (any, *refusal.Refusal) {
		rows, _ := s.House.Rows(clearing.Query{
			From: from, To: to, ByPaidOut: kind == "paidOutDate", Page: page, Size: size,
		})
		out := make([]settlementRow, len(rows))
		for i, row := range rows {
			out[i] = wireRow(row)
		}
		return out, nil
	})
}

func wireRow(row clearing.Row) settlementRow {
	t := row.Transaction
	out := settlementRow{
		MID: pay.Shop, PaymentKey: t.PaymentKey, TransactionKey: t.Key, OrderID: t.OrderID, Currency: "KRW",
		Method: t.Method, Amount: row.Amount, Fees: []settlementFee{{"BASE", row.Fee.Total()}}, Fee: row.Fee.Total(),
		SupplyAmount: row.Fee.Supply, VAT: row.Fee.VAT, PayOutAmount: row.PayOut(), ApprovedAt: pay.Stamp(t.ApprovedAt),
		SoldDate: t.SoldDate, PaidOutDate: row.PaidOutDate,
	}
	if t.Amount() < 0 {
		out.Cancel = &pay.WireCancel{
			TransactionKey: t.Key, CancelReason: t.CancelReason, CancelAmount: -t.Amount(), RefundableAmount: t.After,
			CanceledAt: pay.Stamp(t.At), CancelStatus: "DONE",
		}
	}
	return out
}

type transactionRow struct {
	MID            string `json:"mId"`
	TransactionKey string `json:"transactionKey"`
	PaymentKey     string `json:"paymentKey"`
	OrderID        string `json:"orderId"`
	Method         string `json:"method"`
	CustomerKey    string `json:"customerKey"`
	Status         string `json:"status"`
	TransactionAt  string `json:"transactionAt"`
	Currency       string `json:"currency"`
	Amount         int64  `json:"amount"`
}

// listTransactions shows captures and cancels of some days after a transaction.
func (s *Server) listTransactions(w http.ResponseWriter, r *http.Request) {
	from, to, ok := daysOf(r)
	limit, limitOK := numberOf(r, "limit", 100, pageMax)
	if !ok || !limitOK {
		writeRefusal(w, refusal.InvalidRequest("조회 조건이 올바르지 않습니다."))
		return
	}
	after := r.URL.Query().Get("startingAfter")
	s.view(w, r, fault.Statement, "transactions", func() (any, *refusal.Refusal) {
		rows, _ := s.House.Transactions(from, to, after, limit)
		out := make([]transactionRow, len(rows))
		for i, t := range rows {
			out[i] = transactionRow{
				MID: pay.Shop, TransactionKey: t.Key, PaymentKey: t.PaymentKey, OrderID: t.OrderID, Method: t.Method,
				CustomerKey: t.Customer, Status: t.Status, TransactionAt: pay.Stamp(t.At), Currency: "KRW",
				Amount: t.Amount(),
			}
		}
		return out, nil
	})
}

// daysOf reads startDate and endDate; a time of day after the date is allowed and ignored.
func daysOf(r *http.Request) (from, to string, ok bool) {
	q := r.URL.Query()
	from, to = firstTen(q.Get("startDate")), firstTen(q.Get("endDate"))
	_, errFrom := time.Parse(time.DateOnly, from)
	_, errTo := time.Parse(time.DateOnly, to)
	return from, to, errFrom == nil && errTo == nil && from <= to
}

func firstTen(s string) string { return s[:min(len(s), len(time.DateOnly))] }

// numberOf reads a positive number of the query, or the default when it is not given.
func numberOf(r *http.Request, name string, otherwise, most int) (int, bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n > 0 && n <= most
}

// books is everything added up, for the platform's doctor to compare with its own.
type books struct {
	clearing.Sums
	Payments     map[pay.Status]int    `json:"payments"`
	Accounts     []bank.Account        `json:"accounts"`
	AccountsSum  int64                 `json:"accountsSum"` // always 0
	Transfers    map[bank.Status]int64 `json:"transfers"`   // won, by state
	Payouts      []clearing.Payout     `json:"settlementPayouts"`
	WebhooksLeft int                   `json:"webhooksLeft"`
	At           time.Time             `json:"at"`
}

// showBooks adds everything up.
func (s *Server) showBooks(w http.ResponseWriter, r *http.Request) {
	b := books{Transfers: map[bank.Status]int64{}}
	err := s.Store.View(r.Context(), func(now time.Time) {
		b.At, b.Sums, b.Payments = now, s.House.Sums(), s.Desk.Counts()
		b.Accounts = s.Bank.Accounts()
		for _, a := range b.Accounts {
			b.AccountsSum += a.Balance
		}
		s.Bank.Transfers(func(t bank.Transfer) { b.Transfers[t.Status] += t.Amount })
		b.Payouts = s.House.Payouts("", "9999-12-31")
		b.WebhooksLeft = s.Outbox.Left()
	})
	if err != nil {
		writeRefusal(w, refusal.FailedProcessing())
		return
	}
	writeJSON(w, http.StatusOK, b)
}
