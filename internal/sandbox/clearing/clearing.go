package clearing

import (
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/bank"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

// Transaction is one capture or cancel. Before and After are what the payment had charged around it.
type Transaction struct {
	Key          string    `json:"key"`
	PaymentKey   string    `json:"paymentKey"`
	OrderID      string    `json:"orderId"`
	Customer     string    `json:"customerKey,omitempty"`
	Method       string    `json:"method"`
	Status       string    `json:"status"`
	Before       int64     `json:"before"`
	After        int64     `json:"after"`
	At           time.Time `json:"at"`
	ApprovedAt   time.Time `json:"approvedAt"`
	CancelReason string    `json:"cancelReason,omitempty"`
	SoldDate     string    `json:"soldDate"`
	Settled      bool      `json:"settled,omitempty"`
}

// Amount is positive for a capture and negative for a cancel.
func (t Transaction) Amount() int64 { return t.After - t.Before }

// Row is one line of the settlement file.
type Row struct {
	ID          string      `json:"id"`
	Transaction Transaction `json:"transaction"`
	Amount      int64       `json:"amount"` // the transaction's, unless a difference was planted
	Fee         Fee         `json:"fee"`
	PaidOutDate string      `json:"paidOutDate"`
}

// PayOut is what the row adds to the pay-out.
func (r Row) PayOut() int64 { return r.Amount - r.Fee.Total() }

// Payout is a day's payment into the custody account. There is at most one a day.
type Payout struct {
	Day   string    `json:"day"`
	Rows  int       `json:"rows"`
	Net   int64     `json:"net"`
	Entry string    `json:"entry,omitempty"` // "" when the net was 0
	At    time.Time `json:"at"`
}

// House is the back office.
type House struct {
	plans        *fault.Plans
	bank         *bank.Bank
	calendar     Calendar
	contract     Contract
	crash        *fault.Crasher
	transactions *record.Table[Transaction]
	rows         *record.Table[Row]
	payouts      *record.Table[Payout]

	order     []string            // transaction keys in the order of time
	unsettled map[string][]string // day of sale → transaction keys
	bySold    map[string][]string // day of sale → row ids
	byPaid    map[string][]string // day of pay-out → row ids
	unpaid    map[string]int      // day of pay-out without a payout → rows
	lastPaid  string
}

// Options say how the back office behaves.
type Options struct {
	Plans    *fault.Plans
	Bank     *bank.Bank
	Calendar Calendar
	Contract Contract
	Crash    *fault.Crasher
}

// New registers the back office with a store.
func New(s *record.Store, o Options) *House {
	h := &House{
		plans: o.Plans, bank: o.Bank, calendar: o.Calendar, contract: o.Contract, crash: o.Crash,
		unsettled: map[string][]string{}, bySold: map[string][]string{}, byPaid: map[string][]string{},
		unpaid: map[string]int{},
	}
	h.transactions = record.NewTable(s, "transaction", h.watchTransaction)
	h.rows = record.NewTable(s, "settlement_row", h.watchRow)
	h.payouts = record.NewTable(s, "settlement_payout", h.watchPayout)
	return h
}

func (h *House) watchTransaction(key string, before, after *Transaction) {
	if before == nil {
		h.order = append(h.order, key)
		if !after.Settled {
			h.unsettled[after.SoldDate] = append(h.unsettled[after.SoldDate], key)
		}
	}
}

func (h *House) watchRow(key string, before, after *Row) {
	if before != nil {
		return
	}
	sold, paid := after.Transaction.SoldDate, after.PaidOutDate
	h.bySold[sold] = append(h.bySold[sold], key)
	h.byPaid[paid] = append(h.byPaid[paid], key)
	if paid > h.lastPaid {
		h.unpaid[paid]++
	}
}

// watchPayout runs before watchRow when a store is opened, because kinds are read in the order of their names:
// days are paid in order, so that every row after the last paid day is unpaid.
func (h *House) watchPayout(day string, _, _ *Payout) {
	delete(h.unpaid, day)
	h.lastPaid = max(h.lastPaid, day)
}

// Book writes down a capture or cancel.
func (h *House) Book(tx *record.Tx, t Transaction) {
	t.At, t.SoldDate = tx.Now(), Day(tx.Now())
	h.transactions.Put(tx, t.Key, t)
}

// Transactions lists captures and cancels of the days from..to after a key, oldest first, and whether more follow.
func (h *House) Transactions(from, to, after string, limit int) (page []Transaction, more bool) {
	start, found := slices.BinarySearch(h.order, after)
	if found {
		start++
	}
	page = []Transaction{}
	for _, key := range h.order[start:] {
		t, _ := h.transactions.Get(key)
		if t.SoldDate < from || t.SoldDate > to {
			continue
		}
		if len(page) == limit {
			return page, true
		}
		page = append(page, t)
	}
	return page, false
}

// Rows lists the settlement file's rows of the days from..to, by day of sale or of pay-out; pages begin at 1.
func (h *House) Rows(q Query) (page []Row, more bool) {
	index := h.bySold
	if q.ByPaidOut {
		index = h.byPaid
	}
	skip := (q.Page - 1) * q.Size
	page = []Row{}
	for _, day := range slices.Sorted(days(index, q.From, q.To)) {
		ids := index[day]
		if skip >= len(ids) {
			skip -= len(ids)
			continue
		}
		for _, id := range ids[skip:] {
			if len(page) == q.Size {
				return page, true
			}
			r, _ := h.rows.Get(id)
			page = append(page, r)
		}
		skip = 0
	}
	return page, false
}

// Query selects settlement rows.
type Query struct {
	From, To   string
	ByPaidOut  bool
	Page, Size int
}

func days(index map[string][]string, from, to string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for day := range index {
			if day >= from && day <= to && !yield(day) {
				return
			}
		}
	}
}
