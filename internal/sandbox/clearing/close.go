package clearing

import (
	"context"
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

// Worker closes days and pays them out.
type Worker struct {
	Store *record.Store
	House *House
}

// RunOnce closes one day or pays one out; worked is false when neither is due.
func (w *Worker) RunOnce(ctx context.Context) (worked bool, err error) {
	var after fault.Point
	err = w.Store.Do(ctx, func(tx *record.Tx) {
		if worked = w.House.closeDay(tx); worked {
			after = fault.SettlementAfter
			return
		}
		if worked = w.House.payOut(tx); worked {
			after = fault.PayoutAfter
		}
	})
	if err == nil && worked {
		w.House.crash.Reach(after)
	}
	return worked, err
}

// closeDay writes the settlement rows of the earliest day that is over and has something to settle.
func (h *House) closeDay(tx *record.Tx) bool {
	today := Day(tx.Now())
	for _, day := range slices.Sorted(maps.Keys(h.unsettled)) {
		if day >= today {
			return false
		}
		var ready, left []string
		for _, key := range h.unsettled[day] {
			t, _ := h.transactions.Get(key)
			if h.plans.SettlementOf(t.OrderID).Omit {
				left = append(left, key)
			} else {
				ready = append(ready, key)
			}
		}
		if len(ready) == 0 {
			continue
		}
		h.crash.Reach(fault.SettlementBefore)
		paidOut := h.paidOutDate(day, today)
		for _, key := range ready {
			h.settle(tx, key, paidOut)
		}
		if h.unsettled[day] = left; len(left) == 0 {
			delete(h.unsettled, day)
		}
		return true
	}
	return false
}

// paidOutDate is the contract's day, or the first possible one when that is over.
func (h *House) paidOutDate(sold, today string) string {
	day := h.calendar.After(sold, h.contract.BusinessDays)
	if day < today {
		day = h.calendar.After(today, 0)
	}
	if day <= h.lastPaid {
		day = h.calendar.After(h.lastPaid, 1)
	}
	return day
}

func (h *House) settle(tx *record.Tx, key, paidOut string) {
	t, _ := h.transactions.Get(key)
	planted := h.plans.SettlementOf(t.OrderID)
	t.Settled = true
	h.transactions.Put(tx, key, t)
	row := Row{
		ID: tx.NewID("set"), Transaction: t, Amount: t.Amount() + planted.AddWon,
		Fee: h.contract.FeeOf(t.Before, t.After), PaidOutDate: paidOut,
	}
	h.rows.Put(tx, row.ID, row)
	if planted.ExtraWon != 0 {
		h.rows.Put(tx, row.ID+"x", h.stranger(tx, row, planted.ExtraWon))
	}
}

// stranger is a row for a payment that this gateway never made.
func (h *House) stranger(tx *record.Tx, beside Row, won int64) Row {
	t := beside.Transaction
	t.Key, t.PaymentKey, t.OrderID = tx.NewID("trx"), tx.NewID("pay"), tx.NewID("ord")
	t.Before, t.After, t.CancelReason = 0, won, ""
	fee := h.contract.FeeOf(0, won)
	return Row{ID: beside.ID + "x", Transaction: t, Amount: won, Fee: fee, PaidOutDate: beside.PaidOutDate}
}

// payOut pays the earliest day that has come.
func (h *House) payOut(tx *record.Tx) bool {
	if len(h.unpaid) == 0 {
		return false
	}
	day := slices.Min(slices.Collect(maps.Keys(h.unpaid)))
	if day > Day(tx.Now()) {
		return false
	}
	p := Payout{Day: day, At: tx.Now()}
	for _, id := range h.byPaid[day] {
		r, _ := h.rows.Get(id)
		p.Net += r.PayOut()
		p.Rows++
	}
	ref := "settlement:" + day
	if paid := p.Net + h.plans.PayoutDifference(ref); paid != 0 {
		h.crash.Reach(fault.PayoutBefore)
		entry, ok := h.bank.PaySettlement(tx, ref, "PG 정산 "+day, paid)
		if !ok {
			return false
		}
		p.Entry = entry.ID
	}
	h.payouts.Put(tx, day, p)
	return true
}

// Sums is the back office's part of the books, in won.
type Sums struct {
	Captured       int64 `json:"captured"`
	Canceled       int64 `json:"canceled"`
	UnsettledGross int64 `json:"unsettledGross"` // captured less cancelled, in no settlement row yet
	SettledGross   int64 `json:"settledGross"`   // sum of the rows' amounts
	SettledFee     int64 `json:"settledFee"`     // with VAT
	SettledFeeVAT  int64 `json:"settledFeeVat"`
	AwaitingPayout int64 `json:"awaitingPayout"` // net of rows not paid out yet
	PaidOut        int64 `json:"paidOut"`
}

// Sums adds everything up.
func (h *House) Sums() Sums {
	var s Sums
	for _, key := range h.order {
		t, _ := h.transactions.Get(key)
		if won := t.Amount(); won > 0 {
			s.Captured += won
		} else {
			s.Canceled -= won
		}
		if !t.Settled {
			s.UnsettledGross += t.Amount()
		}
	}
	for paid, ids := range h.byPaid {
		_, waits := h.unpaid[paid]
		for _, id := range ids {
			r, _ := h.rows.Get(id)
			s.SettledGross += r.Amount
			s.SettledFee += r.Fee.Total()
			s.SettledFeeVAT += r.Fee.VAT
			if waits {
				s.AwaitingPayout += r.PayOut()
			} else {
				s.PaidOut += r.PayOut()
			}
		}
	}
	return s
}

// Payouts gives the payments of the days from..to, oldest first.
func (h *House) Payouts(from, to string) []Payout {
	out := []Payout{}
	for _, day := range h.payouts.Keys() {
		if p, _ := h.payouts.Get(day); day >= from && day <= to {
			out = append(out, p)
		}
	}
	return out
}
