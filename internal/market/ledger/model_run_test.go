package ledger_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// TestModel runs random histories through the book and through a model that knows people but no accounts, and compares
// both after every step: invariants 1–11 (the ledger's own), 17–19 (per order and deal), 27 (per merchant), 31 and 32
// (what is held of a member is what was paid in less what went out; nothing disputed is released).
func TestModel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		seen := map[ledger.Rule]int{}
		worlds := 0
		var missing []ledger.Rule
		for range 5 { // seeds are fresh each time, and the rarest rule may miss a hundred histories
			rapid.Check(t, func(rt *rapid.T) {
				worlds++
				w := newWorld(fmt.Sprintf("w%d", worlds))
				m := &machine{T: rt, t: t, d: d, w: w, before: sum(t, d), seen: seen}
				rt.Repeat(m.steps())
			})
			missing = slices.DeleteFunc(ledger.Rules(), func(r ledger.Rule) bool { return seen[r] > 0 })
			if len(missing) == 0 || t.Failed() {
				return
			}
		}
		t.Errorf("%v were never posted: the model does not reach them", missing)
	})
}

// steps are all that can happen to money.
func (m *machine) steps() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"pay": m.pay, "pay late": m.payLate, "end": m.end, "redeem": m.redeem, "scan": m.redeem,
		"undo": m.undo, "take back now": m.undo, "state": m.state, "refund": m.refund,
		"take back": m.takeBack, "expire": m.expire, "end of year": m.expire, "claim": m.claim,
		"accept": m.accept, "settle": m.settle, "interest": m.interest, "payout": m.payout, "bank": m.bank,
		"again": m.again, "overdraw": m.overdraw, "fold": m.fold, "late regret": m.lateRegret, "": m.compare,
		"escrow": m.escrow, "fall": m.fall, "leave": m.leave, "release": m.release, "dispute": m.dispute,
		"ruling": m.ruling, "grab": m.grab, "put down": m.putDown, "free": m.free, "keep": m.keep,
	}
}

type machine struct {
	*rapid.T
	t      *testing.T
	d      *db.DB
	w      *world
	before ledger.Totals
	seen   map[ledger.Rule]int
}

// post puts entries made by the model into the book, which must take them.
func (m *machine) post(entries ...ledger.Entry) {
	if len(entries) == 0 {
		m.Skip("nothing to do")
	}
	if err := post(m.t.Context(), m.d, entries...); err != nil {
		m.Fatalf("%v", err)
	}
	m.w.posted = append(m.w.posted, entries...)
	for _, e := range entries {
		m.seen[e.Rule]++
	}
	for _, o := range m.w.orders { // what is undone later names the posted entry
		for _, v := range o.vouchers {
			for _, s := range v.scans {
				for _, e := range entries {
					if e.Scope == s.entry.Scope {
						s.entry = e
					}
				}
			}
		}
	}
	for id, sent := range m.w.merchant.payouts {
		for _, e := range entries {
			if e.Scope == sent.Scope {
				m.w.merchant.payouts[id] = e
			}
		}
	}
}

func (m *machine) draw(low, high int64, what string) int64 {
	return rapid.Int64Range(low, high).Draw(m.T, what)
}

// pick draws one of those that fit, or skips the step.
func pick[T any](m *machine, what string, all []T, fits func(T) bool) T {
	fitting := slices.DeleteFunc(slices.Clone(all), func(x T) bool { return !fits(x) })
	if len(fitting) == 0 {
		m.Skip("no " + what)
	}
	return fitting[m.draw(0, int64(len(fitting))-1, what)]
}

func (m *machine) voucher(fits func(*order, *voucher) bool) (*order, *voucher) {
	type pair struct {
		o *order
		v *voucher
	}
	var all []pair
	for _, o := range m.w.orders {
		for _, v := range o.vouchers {
			all = append(all, pair{o, v})
		}
	}
	p := pick(m, "voucher", all, func(p pair) bool { return fits(p.o, p.v) })
	return p.o, p.v
}

func (m *machine) pay(*rapid.T) {
	if m.w.deal == "failed" {
		m.Skip("the deal is over")
	}
	var entries []ledger.Entry
	for range m.draw(1, 4, "orders at once") {
		// Below some ten won a use, rounding could leave a single use nothing to share out.
		uses := m.draw(1, 7, "uses")
		entries = append(entries, m.w.pay(m.draw(1, 3, "vouchers"), m.draw(10*uses, 100_000, "price"),
			m.draw(0, 5_000, "rate"), uses))
	}
	m.post(entries...)
}

func (m *machine) payLate(*rapid.T) { m.post(m.w.payLate(m.draw(1, 100_000, "amount"))) }

// end decides the deal once; vouchers follow in chunks.
func (m *machine) end(*rapid.T) {
	if m.w.deal == "open" {
		m.w.deal = rapid.SampledFrom([]string{"tipped", "tipped", "tipped", "failed"}).Draw(m.T, "decision")
	}
	chunk, left := []ledger.Entry{}, m.draw(1, 5, "chunk")
	for _, o := range m.w.orders {
		for _, v := range o.vouchers {
			if v.state != "pledged" || left == 0 {
				continue
			}
			left--
			if m.w.deal == "tipped" {
				chunk = append(chunk, v.tip())
			} else {
				chunk = append(chunk, m.w.notTipped(o, v))
			}
		}
	}
	m.post(chunk...)
}

func (m *machine) redeem(*rapid.T) {
	_, v := m.voucher(func(_ *order, v *voucher) bool { return v.state == "live" && v.used < v.uses })
	uses := m.draw(1, v.uses-v.used, "uses")
	m.post(m.w.redeem(v, uses))
}

func (m *machine) undo(*rapid.T) {
	_, v := m.voucher(func(_ *order, v *voucher) bool {
		s := v.last()
		return v.state == "live" && s != nil && !s.undone && !s.stated && s.back == 0
	})
	s := v.last()
	total, uses := int64(0), int64(0)
	for _, x := range v.scans {
		if !x.undone && x != s {
			total += x.earning.Price
		}
	}
	for v.price*(v.used-uses)/v.uses > total { // the uses that the last scan took
		uses++
	}
	m.post(m.w.undo(v, s, uses))
}

func (v *voucher) last() *scan {
	for _, s := range slices.Backward(v.scans) {
		if !s.undone {
			return s
		}
	}
	return nil
}

func (m *machine) state(*rapid.T) {
	if m.w.merchant.pending == 0 {
		m.Skip("nothing earned")
	}
	m.post(m.w.state())
}

func (m *machine) refund(*rapid.T) {
	o, v := m.voucher(func(_ *order, v *voucher) bool {
		return (v.state == "live" || v.state == "pledged") && v.left() > 0
	})
	m.post(m.w.unused(o, v))
}

func (m *machine) takeBack(*rapid.T) {
	o, v := m.voucher(func(_ *order, v *voucher) bool {
		return slices.ContainsFunc(v.scans, func(s *scan) bool { return !s.undone && s.back < s.earning.Price })
	})
	s := pick(m, "use", v.scans, func(s *scan) bool { return !s.undone && s.back < s.earning.Price })
	amount := s.earning.Price - s.back
	if m.draw(0, 1, "in part") == 1 {
		amount = m.draw(1, amount, "amount")
	}
	m.post(m.w.takeBack(o, v, s, amount))
}

func (m *machine) expire(*rapid.T) {
	_, v := m.voucher(func(_ *order, v *voucher) bool { return v.state == "live" && v.left() > 0 })
	m.post(m.w.expire(v, m.draw(0, 10_000, "claim"), m.draw(0, 1, "nobody's")*5_000, m.draw(0, 2, "points") == 0))
}

func (m *machine) claim(*rapid.T) {
	o, v := m.voucher(func(_ *order, v *voucher) bool { return v.claim > 0 && !m.points(v) })
	m.post(m.w.claim(o, v))
}

func (m *machine) points(v *voucher) bool {
	return slices.ContainsFunc(m.w.posted, func(e ledger.Entry) bool {
		return e.Rule == ledger.RuleExpiredToPoints && e.VoucherID == v.about.VoucherID
	})
}

func (m *machine) accept(*rapid.T) {
	o := pick(m, "order", m.w.orders, func(o *order) bool { return o.owed > 0 })
	m.post(m.w.accept(o, m.draw(1, o.owed, "amount")))
}

func (m *machine) settle(*rapid.T) {
	o := pick(m, "order", m.w.orders, func(o *order) bool { return len(o.refunding) > 0 })
	ids := slices.Sorted(maps.Keys(o.refunding))
	m.post(m.w.settleRefund(o, pick(m, "refund", ids, func(market.RefundID) bool { return true })))
}

func (m *machine) interest(*rapid.T) {
	o := pick(m, "order", m.w.orders, func(o *order) bool { return o.owed > 0 })
	m.post(m.w.owesInterest(o, m.draw(1, 500, "interest")))
}

func (m *machine) payout(*rapid.T) {
	x := &m.w.merchant
	switch {
	case len(x.payouts) > 0 && m.draw(0, 1, "end one") == 1:
		id := pick(m, "payout", slices.Sorted(maps.Keys(x.payouts)), func(market.PayoutID) bool { return true })
		m.post(m.w.endPayout(id, m.draw(0, 2, "confirmed") > 0))
	case x.owes > 0 && x.payable > 0:
		m.post(m.w.net(min(x.owes, x.payable)))
	case x.payable > 0:
		m.post(m.w.sendPayout(m.draw(1, x.payable, "amount")))
	default:
		m.Skip("nothing payable")
	}
}

// lateRegret is a use taken back after it was paid out, and the next sale that makes up for it.
func (m *machine) lateRegret(t *rapid.T) {
	for _, step := range []func(*rapid.T){m.redeem, m.state} {
		step(t)
	}
	m.post(m.w.sendPayout(m.w.merchant.payable))
	for _, step := range []func(*rapid.T){m.takeBack, m.redeem, m.state, m.payout} {
		step(t)
	}
}

func (m *machine) bank(*rapid.T) {
	amount := m.draw(1, 1_000_000, "amount")
	switch m.draw(0, 4, "which") {
	case 0:
		m.post(m.w.open(amount))
	case 1:
		m.post(m.w.gatewayPays(amount, amount*m.draw(0, 300, "fee")/10_000))
	case 2:
		m.post(m.w.gatewayPays(-amount, 0))
	case 3:
		m.post(m.w.transfer(amount, m.draw(0, 1, "sweep") == 1))
	case 4:
		m.post(m.w.compensate(amount))
	}
}

// again sends what stands in the book already: as it was, with another amount, and corrected twice.
func (m *machine) again(*rapid.T) {
	e := pick(m, "entry", m.w.posted, func(ledger.Entry) bool { return true })
	if err := post(m.t.Context(), m.d, e); !errors.Is(err, ledger.ErrPosted) {
		m.Fatalf("the same again: %v", err)
	}
	other := e
	other.Lines = slices.Clone(e.Lines)
	for i := range other.Lines {
		other.Lines[i].Amount *= 2
	}
	if err := post(m.t.Context(), m.d, other); !errors.Is(err, ledger.ErrScope) {
		m.Fatalf("another body: %v", err)
	}
	if e.Mirrors == "" {
		return
	}
	first := slices.IndexFunc(m.w.posted, func(x ledger.Entry) bool { return x.ID == e.Mirrors })
	twice := ledger.Mirror(m.w.posted[first], e.Rule, e.Scope+"/again")
	if err := post(m.t.Context(), m.d, twice); !errors.Is(err, ledger.ErrMirrored) {
		m.Fatalf("corrected twice: %v", err)
	}
}

// overdraw asks for a won more than there is, behind an entry that would be good alone.
func (m *machine) overdraw(*rapid.T) {
	good := m.w.payLateTry()
	o := pick(m, "order", m.w.orders, func(*order) bool { return true })
	r := ledger.Return{About: o.about, RefundID: market.RefundID(m.w.id("ref")), Amount: o.owed + 1}
	if err := post(m.t.Context(), m.d, good, ledger.RefundAccepted(r)); !errors.Is(err, ledger.ErrShort) {
		m.Fatalf("overdrawn: %v", err)
	}
}

// payLateTry is an entry that the model does not count.
func (w *world) payLateTry() ledger.Entry {
	return ledger.PaidLate(ledger.Payment{About: w.about(w.id("ord"), ""), PaymentID: market.PaymentID(w.id("pay")),
		Gateway: "g-" + w.name, Amount: 7})
}

func (m *machine) fold(*rapid.T) {
	fold(m.t, m.d, int(m.draw(1, 50, "movements")))
	err := m.d.Write(m.t.Context(), func(tx *db.Tx) error {
		_, err := ledger.Prune(m.t.Context(), tx, 20)
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
}

// compare holds the book against the model.
func (m *machine) compare(*rapid.T) {
	want := m.w.expected()
	for key, won := range want {
		if got := balance(m.t, m.d, key.account, key.party); got != won {
			m.Fatalf("%s %s: the book has %d, the model %d", key.account, key.party, got, won)
		}
	}
	m.compareTotals(want)
	for _, o := range m.w.orders {
		m.conserve(o)
	}
	x := m.w.merchant
	if x.earned-x.lost != x.pending+x.payable-x.owes+x.moving+x.paidOut {
		m.Fatalf("27 the merchant's money: %+v", x)
	}
}

type partyKey struct {
	account ledger.Account
	party   string
}

// expected is the model's view of every guarded balance of its world.
func (w *world) expected() map[partyKey]int64 {
	about, x := w.about("", ""), w.merchant
	deal, shop := string(about.DealID), string(about.MerchantID)
	out := map[partyKey]int64{
		{ledger.Pledge, deal}: 0, {ledger.Unredeemed, deal}: 0,
		{ledger.Pending, shop}: x.pending, {ledger.Payable, shop}: x.payable, {ledger.MerchantReceivable, shop}: x.owes,
	}
	for id, e := range x.payouts {
		out[partyKey{ledger.PayoutTransit, string(id)}] = e.Amount()
	}
	for _, o := range w.orders {
		out[partyKey{ledger.RefundPayable, string(o.about.OrderID)}] = o.owed
		if o.put {
			out[partyKey{ledger.BidDeposit, string(o.about.OrderID)}] = o.down
		}
		if o.share != nil {
			out[partyKey{ledger.EscrowHeld, string(o.about.OrderID)}] = o.share.held
			out[partyKey{ledger.EscrowDisputed, string(o.about.OrderID)}] = o.share.frozen
		}
		for id, amount := range o.refunding {
			out[partyKey{ledger.RefundTransit, string(id)}] = amount
		}
		for _, v := range o.vouchers {
			switch v.state {
			case "pledged":
				out[partyKey{ledger.Pledge, deal}] += v.price
			case "live":
				out[partyKey{ledger.Unredeemed, deal}] += v.left()
			}
			points := partyKey{ledger.PointsPaid, string(v.about.VoucherID)}
			if w.pointed(v) {
				out[points] = v.claim
			} else {
				out[partyKey{ledger.Unclaimed, string(v.about.VoucherID)}] = v.claim
			}
		}
	}
	return out
}

func (w *world) pointed(v *voucher) bool {
	return slices.ContainsFunc(w.posted, func(e ledger.Entry) bool {
		return e.Rule == ledger.RuleExpiredToPoints && e.VoucherID == v.about.VoucherID
	})
}

// compareTotals compares what moved in this world with the sums of the whole book since it began.
func (m *machine) compareTotals(want map[partyKey]int64) {
	now, b := sum(m.t, m.d), m.w.bank
	wantTotals := map[ledger.Account]int64{
		ledger.GatewayReceivable: b.gateway, ledger.BankCustody: b.custody, ledger.BankOperating: b.operating,
		ledger.Commission: b.commission, ledger.VATOutput: b.vat, ledger.LateInterest: b.interest,
		ledger.GatewayFee: b.fee, ledger.VATInput: b.feeVAT, ledger.Breakage: b.breakage, ledger.Equity: b.equity,
		ledger.Compensation: b.compensation, ledger.DepositsKept: m.w.pot,
	}
	for key, won := range want {
		wantTotals[key.account] += won
	}
	var debits, credits int64
	for _, info := range ledger.Chart() {
		if got := now.Balance(info.Account) - m.before.Balance(info.Account); got != wantTotals[info.Account] {
			m.Fatalf("%s: the book moved by %d, the model by %d", info.Account, got, wantTotals[info.Account])
		}
		debit, credit := now.Of(info.Account)
		debits, credits = debits+debit, credits+credit
	}
	if debits != credits {
		m.Fatalf("1 the book's debits are %d, its credits %d", debits, credits)
	}
}

// conserve is invariant 17 for an order, with 18 and 19.
func (m *machine) conserve(o *order) {
	held, used, expired := int64(0), int64(0), int64(0)
	for _, v := range o.vouchers {
		switch v.state {
		case "pledged", "live":
			held += v.left()
		case "expired":
			expired += v.claim + v.rest
		}
		for _, s := range v.scans {
			if !s.undone {
				used += s.earning.Price - s.back
			}
		}
		if m.w.deal == "failed" && v.state == "refunded" && v.refund != v.price {
			m.Fatalf("19 a failed deal gave %d of %d back", v.refund, v.price)
		}
	}
	refunds := o.owed + o.moving + o.returned - o.interest
	if len(o.vouchers) == 0 {
		held = 0
	}
	if o.put {
		held, used = o.down, o.kept
	}
	if o.share != nil { // 31, with 32: nothing of what is frozen is released
		held, used = o.share.held+o.share.frozen, o.share.released
		if o.share.frozen > 0 && used > 0 {
			m.Fatalf("32 %d disputed and %d released", o.share.frozen, used)
		}
	}
	if o.paid != held+used+expired+refunds {
		m.Fatalf("17 paid %d, held %d, used %d, expired %d, refunds %d", o.paid, held, used, expired, refunds)
	}
	if refunds > o.paid {
		m.Fatalf("18 refunds of %d on %d paid", refunds, o.paid)
	}
}
