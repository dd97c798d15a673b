package ledger_test

import (
	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/ledger/deposited"
)

// putDown is a seller's deposit.
func (m *machine) putDown(*rapid.T) {
	w, amount := m.w, m.draw(1, 300_000, "deposit")
	o := &order{about: w.about(w.id("ord"), ""), paid: amount, refunding: map[market.RefundID]int64{}, put: true,
		down: amount}
	o.about.DealID = ""
	w.orders = append(w.orders, o)
	w.bank.gateway += amount
	m.post(deposited.Paid(ledger.Payment{About: o.about, PaymentID: market.PaymentID(w.id("pay")),
		Gateway: "g-" + w.name, Amount: amount}))
}

func (m *machine) deposit() *order {
	return pick(m, "deposit", m.w.orders, func(o *order) bool { return o.down > 0 })
}

// free gives a deposit back.
func (m *machine) free(*rapid.T) {
	o := m.deposit()
	amount := o.down
	o.down, o.owed = 0, o.owed+amount
	m.post(deposited.Returned(ledger.Return{About: o.about, RefundID: market.RefundID(m.w.id("ref")), Amount: amount}))
}

// keep takes a deposit, and gives a part of it to a member.
func (m *machine) keep(*rapid.T) {
	o := m.deposit()
	amount := o.down
	o.down, o.kept = 0, amount
	m.w.pot += amount
	entries := []ledger.Entry{deposited.Kept(o.about, amount)}
	for _, x := range m.w.orders {
		if x.share != nil {
			part := m.draw(1, amount, "part")
			x.owed, x.interest, m.w.pot = x.owed+part, x.interest+part, m.w.pot-part
			entries = append(entries, deposited.Shared(deposited.Part{About: x.about,
				Ref: string(o.about.OrderID) + "/" + string(x.about.OrderID), Amount: part}))
			break
		}
	}
	m.post(entries...)
}
