package ledger_test

import (
	"errors"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// share is what a member of a crowd has in escrow, in the model's words.
type share struct {
	held     int64
	frozen   int64
	released int64
	disputed bool // was, once
	rate     int64
}

func (w *world) payEscrow(amount, rate int64) ledger.Entry {
	o := &order{about: w.about(w.id("ord"), ""), paid: amount, refunding: map[market.RefundID]int64{},
		share: &share{held: amount, rate: rate}}
	o.about.DealID = "" // a wish has no deal
	w.orders = append(w.orders, o)
	w.bank.gateway += amount
	return ledger.PaidToEscrow(ledger.Payment{About: o.about, PaymentID: market.PaymentID(w.id("pay")),
		Gateway: "g-" + w.name, Amount: amount})
}

func (w *world) backFromEscrow(o *order, amount int64) ledger.Return {
	o.share.held -= amount
	o.owed += amount
	return ledger.Return{About: o.about, RefundID: market.RefundID(w.id("ref")), Amount: amount}
}

// earned counts what the seller and the operator get of a share.
func (w *world) earned(o *order, amount int64) ledger.Release {
	commission := amount * o.share.rate / 10_000
	vat := commission / 10
	o.share.released += amount
	w.merchant.pending += amount - commission - vat
	w.merchant.earned += amount - commission - vat
	w.bank.commission, w.bank.vat = w.bank.commission+commission, w.bank.vat+vat
	return ledger.Release{About: o.about, Earning: ledger.Earn(amount, o.share.rate)}
}

func (w *world) release(o *order) ledger.Entry {
	amount := o.share.held
	o.share.held = 0
	return ledger.Released(w.earned(o, amount))
}

func (w *world) dispute(o *order) ledger.Entry {
	amount := o.share.held
	o.share.held, o.share.frozen, o.share.disputed = 0, amount, true
	return ledger.Disputed(o.about, amount)
}

func (w *world) rule(o *order, refunded int64) ledger.Entry {
	amount := o.share.frozen
	o.share.frozen = 0
	o.owed += refunded
	return ledger.Ruled(ledger.Ruling{Release: w.earned(o, amount-refunded), Refunded: refunded})
}

// member draws one whose share stands as wanted.
func (m *machine) member(fits func(*share) bool) *order {
	return pick(m, "member", m.w.orders, func(o *order) bool { return o.share != nil && fits(o.share) })
}

func isHeld(s *share) bool { return s.held > 0 }

func (m *machine) escrow(*rapid.T) {
	var entries []ledger.Entry
	for range m.draw(1, 4, "members at once") {
		entries = append(entries, m.w.payEscrow(m.draw(1, 100_000, "amount"), m.draw(0, 5_000, "rate")))
	}
	m.post(entries...)
}

func (m *machine) fall(*rapid.T) {
	o := m.member(func(s *share) bool { return s.held > 1 })
	m.post(ledger.PriceFell(m.w.backFromEscrow(o, m.draw(1, o.share.held-1, "difference"))))
}

func (m *machine) leave(*rapid.T) {
	o := m.member(isHeld)
	m.post(ledger.EscrowReturned(m.w.backFromEscrow(o, o.share.held)))
}

func (m *machine) release(*rapid.T) { m.post(m.w.release(m.member(isHeld))) }

func (m *machine) dispute(*rapid.T) { m.post(m.w.dispute(m.member(isHeld))) }

func (m *machine) ruling(*rapid.T) {
	o := m.member(func(s *share) bool { return s.frozen > 0 })
	m.post(m.w.rule(o, m.draw(0, o.share.frozen, "back")))
}

// grab is one member's dispute or release that would take a won of the others': 31 and 32.
func (m *machine) grab(*rapid.T) {
	o := m.member(func(s *share) bool { return s.released == 0 && !s.disputed })
	tries := []ledger.Entry{
		ledger.Disputed(o.about, o.share.held+1),
		ledger.Released(ledger.Release{About: o.about, Earning: ledger.Earn(o.share.held+1, 0)}),
		ledger.Ruled(ledger.Ruling{Refunded: 1, Release: ledger.Release{About: o.about}}),
	}
	if err := post(m.t.Context(), m.d, tries[m.draw(0, 2, "how")]); !errors.Is(err, ledger.ErrShort) {
		m.Fatalf("31 another member's won: %v", err)
	}
}
