package ledger_test

import (
	"fmt"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// world is the reference model: one deal of one merchant, told in what people have and owe, without accounts. Every
// verb says what it does to the world and gives the entry that should say the same in the book.
type world struct {
	pot      int64  // of deposits that were kept: the operator's
	name     string // makes the ids of this world its own
	deal     string // "open", "tipped", "failed"
	orders   []*order
	merchant merchant
	bank     bank
	ids      int
	posted   []ledger.Entry
}

type order struct {
	put        bool  // what a seller put down for a bid
	down, kept int64 // of that
	about      ledger.About
	paid       int64
	vouchers   []*voucher
	owed       int64 // decided, not yet accepted by the gateway; with interest
	moving     int64 // accepted, settlement line not yet seen
	returned   int64 // settled
	interest   int64 // ever owed
	refunding  map[market.RefundID]int64
	share      *share // a member's of a crowd
}

type voucher struct {
	about  ledger.About
	price  int64
	rate   int64
	uses   int64
	used   int64
	state  string // "pledged", "live", "refunded", "expired"
	claim  int64  // waiting after expiry
	rest   int64  // of an expired voucher, gone to the merchant or nobody
	scans  []*scan
	refund int64 // given back of unused value
}

type scan struct {
	entry    ledger.Entry
	earning  ledger.Earning
	back     int64 // taken back by refunds
	undone   bool
	stated   bool
	redeemed market.RedemptionID
}

type merchant struct {
	pending, payable, owes, moving, paidOut int64
	payouts                                 map[market.PayoutID]ledger.Entry
	earned, lost                            int64 // by uses and shares, by undoing and taking back
}

type bank struct {
	gateway, custody, operating    int64
	commission, vat, interest, fee int64
	feeVAT, breakage, equity       int64
	compensation                   int64
}

func newWorld(name string) *world {
	return &world{name: name, deal: "open", merchant: merchant{payouts: map[market.PayoutID]ledger.Entry{}}}
}

func (w *world) id(prefix string) string {
	w.ids++
	return fmt.Sprintf("%s_%s_%d", prefix, w.name, w.ids)
}

func (w *world) about(orderID, voucherID string) ledger.About {
	return ledger.About{DealID: market.DealID("dea_" + w.name), MerchantID: market.MerchantID("mer_" + w.name),
		OrderID: market.OrderID(orderID), VoucherID: market.VoucherID(voucherID), PolicyID: "pol_1"}
}

// pay buys count vouchers at a price each.
func (w *world) pay(count, price, rate, uses int64) ledger.Entry {
	o := &order{about: w.about(w.id("ord"), ""), paid: count * price, refunding: map[market.RefundID]int64{}}
	state := "pledged"
	if w.deal == "tipped" {
		state = "live"
	}
	for range count {
		about := o.about
		about.VoucherID = market.VoucherID(w.id("vch"))
		o.vouchers = append(o.vouchers, &voucher{about: about, price: price, rate: rate, uses: uses, state: state})
	}
	w.orders = append(w.orders, o)
	w.bank.gateway += o.paid
	return ledger.Paid(ledger.Payment{About: o.about, PaymentID: market.PaymentID(w.id("pay")), Gateway: "g-" + w.name,
		Amount: o.paid, Tipped: w.deal == "tipped"})
}

func (w *world) payLate(amount int64) ledger.Entry {
	o := &order{about: w.about(w.id("ord"), ""), paid: amount, owed: amount, refunding: map[market.RefundID]int64{}}
	w.orders = append(w.orders, o)
	w.bank.gateway += amount
	return ledger.PaidLate(ledger.Payment{About: o.about, PaymentID: market.PaymentID(w.id("pay")),
		Gateway: "g-" + w.name, Amount: amount})
}

func (v *voucher) tip() ledger.Entry {
	v.state = "live"
	return ledger.Tipped(ledger.Tip{About: v.about, Price: v.price})
}

func (w *world) giveBack(o *order, v *voucher, amount int64) ledger.Return {
	o.owed += amount
	return ledger.Return{About: v.about, RefundID: market.RefundID(w.id("ref")), Amount: amount}
}

// notTipped gives one voucher of a failed deal back.
func (w *world) notTipped(o *order, v *voucher) ledger.Entry {
	v.state, v.refund = "refunded", v.price
	return ledger.NotTipped(w.giveBack(o, v, v.price))
}

// unused gives back what is left of a voucher.
func (w *world) unused(o *order, v *voucher) ledger.Entry {
	tipped, left := v.state == "live", v.left()
	v.state, v.refund = "refunded", left
	return ledger.RefundDecided(w.giveBack(o, v, left), tipped)
}

// left is the price of the unused uses.
func (v *voucher) left() int64 { return v.price - v.price*v.used/v.uses }

func (w *world) redeem(v *voucher, uses int64) ledger.Entry {
	commission := v.price * v.rate / 10_000
	vat := commission / 10
	part := func(whole int64) int64 { return whole*(v.used+uses)/v.uses - whole*v.used/v.uses }
	s := &scan{earning: ledger.Earning{Price: part(v.price), Commission: part(commission), VAT: part(vat)}}
	v.used += uses
	v.scans = append(v.scans, s)
	net := s.earning.Price - s.earning.Commission - s.earning.VAT
	w.merchant.pending, w.merchant.earned = w.merchant.pending+net, w.merchant.earned+net
	w.bank.commission, w.bank.vat = w.bank.commission+s.earning.Commission, w.bank.vat+s.earning.VAT
	s.redeemed = market.RedemptionID(w.id("red"))
	s.entry = ledger.Redeemed(ledger.Use{About: v.about, RedemptionID: s.redeemed, Earning: s.earning})
	return s.entry
}

func (w *world) undo(v *voucher, s *scan, uses int64) ledger.Entry {
	s.undone = true
	v.used -= uses
	net := s.earning.Net()
	w.merchant.pending, w.merchant.lost = w.merchant.pending-net, w.merchant.lost+net
	w.bank.commission, w.bank.vat = w.bank.commission-s.earning.Commission, w.bank.vat-s.earning.VAT
	return ledger.Undone(s.entry, s.redeemed)
}

// state makes all that is pending payable.
func (w *world) state() ledger.Entry {
	amount := w.merchant.pending
	w.merchant.pending, w.merchant.payable = 0, w.merchant.payable+amount
	for _, o := range w.orders {
		for _, v := range o.vouchers {
			for _, s := range v.scans {
				s.stated = true
			}
		}
	}
	return ledger.Due(ledger.Statement{About: w.about("", ""), Net: amount,
		StatementID: market.StatementID(w.id("stm"))})
}

// takeBack gives back a part of a use, from whoever has it.
func (w *world) takeBack(o *order, v *voucher, s *scan, amount int64) ledger.Entry {
	share := func(back int64) (commission, vat int64) {
		commission = s.earning.Commission * back / s.earning.Price
		return commission, s.earning.VAT * (back - commission) / (s.earning.Price - s.earning.Commission)
	}
	commission, vat := share(s.back + amount)
	c, v2 := share(s.back)
	commission, vat = commission-c, vat-v2
	net := amount - commission - vat
	pending := int64(0)
	if !s.stated {
		pending = min(net, w.merchant.pending)
	}
	payable := min(net-pending, w.merchant.payable)
	t := ledger.TakeBack{Return: w.giveBack(o, v, amount), Use: s.earning, Before: s.back, Payable: w.merchant.payable}
	if !s.stated {
		t.Pending = w.merchant.pending
	}
	s.back += amount
	w.merchant.pending -= pending
	w.merchant.payable -= payable
	w.merchant.owes += net - pending - payable
	w.merchant.lost += net
	w.bank.commission, w.bank.vat = w.bank.commission-commission, w.bank.vat-vat
	return ledger.TakenBack(t)
}

// expire ends a voucher; nobody's part of the rest is breakage.
func (w *world) expire(v *voucher, claimBP, breakageBP int64, points bool) ledger.Entry {
	left := v.left()
	v.state, v.claim = "expired", (left*claimBP+9_999)/10_000
	v.rest = left - v.claim
	breakage := v.rest * breakageBP / 10_000
	w.merchant.pending += v.rest - breakage
	w.merchant.earned += v.rest - breakage
	w.bank.breakage += breakage
	x := ledger.Expiry{About: v.about, Price: left, ClaimBP: claimBP, BreakageBP: breakageBP}
	if points {
		return ledger.ExpiredToPoints(x)
	}
	return ledger.Expired(x)
}

func (w *world) claim(o *order, v *voucher) ledger.Entry {
	amount := v.claim
	v.claim, v.refund = 0, v.refund+amount
	return ledger.Claimed(w.giveBack(o, v, amount))
}

func (w *world) owesInterest(o *order, amount int64) ledger.Entry {
	o.owed, o.interest = o.owed+amount, o.interest+amount
	w.bank.interest += amount
	return ledger.InterestOwed(ledger.Return{About: o.about, RefundID: market.RefundID(w.id("ref")), Amount: amount})
}

func (w *world) accept(o *order, amount int64) ledger.Entry {
	r := ledger.Return{About: o.about, RefundID: market.RefundID(w.id("ref")), Amount: amount}
	o.owed, o.moving = o.owed-amount, o.moving+amount
	o.refunding[r.RefundID] = amount
	return ledger.RefundAccepted(r)
}

func (w *world) settleRefund(o *order, id market.RefundID) ledger.Entry {
	amount := o.refunding[id]
	delete(o.refunding, id)
	o.moving, o.returned = o.moving-amount, o.returned+amount
	w.bank.gateway -= amount
	return ledger.RefundSettled(ledger.Return{About: o.about, RefundID: id, Amount: amount}, "g-"+w.name)
}

func (w *world) sendPayout(amount int64) ledger.Entry {
	p := ledger.Payout{About: w.about("", ""), PayoutID: market.PayoutID(w.id("out")), Amount: amount}
	w.merchant.payable, w.merchant.moving = w.merchant.payable-amount, w.merchant.moving+amount
	e := ledger.PayoutSent(p)
	w.merchant.payouts[p.PayoutID] = e
	return e
}

func (w *world) endPayout(id market.PayoutID, confirmed bool) ledger.Entry {
	e := w.merchant.payouts[id]
	delete(w.merchant.payouts, id)
	amount := e.Amount()
	w.merchant.moving -= amount
	if !confirmed {
		w.merchant.payable += amount
		return ledger.PayoutReturned(e)
	}
	w.merchant.paidOut += amount
	w.bank.custody -= amount
	return ledger.PayoutConfirmed(ledger.Payout{About: w.about("", ""), PayoutID: id, Amount: amount})
}

func (w *world) net(amount int64) ledger.Entry {
	w.merchant.payable, w.merchant.owes = w.merchant.payable-amount, w.merchant.owes-amount
	s := ledger.Statement{About: w.about("", ""), StatementID: market.StatementID(w.id("stm"))}
	return ledger.Netted(s, amount)
}

func (w *world) gatewayPays(gross, fee int64) ledger.Entry {
	vat := fee / 10
	w.bank.gateway -= gross
	w.bank.custody += gross - fee - vat
	w.bank.fee, w.bank.feeVAT = w.bank.fee+fee, w.bank.feeVAT+vat
	return ledger.Settled(ledger.Settlement{Gateway: "g-" + w.name, SettlementID: w.id("set"), Gross: gross, Fee: fee,
		FeeVAT: vat})
}

func (w *world) compensate(amount int64) ledger.Entry {
	w.merchant.pending, w.merchant.earned = w.merchant.pending+amount, w.merchant.earned+amount
	w.bank.compensation += amount
	return ledger.Compensated(ledger.CompensationDue{About: w.about("", ""), ID: w.id("lin"), Amount: amount})
}

func (w *world) open(amount int64) ledger.Entry {
	w.bank.operating, w.bank.equity = w.bank.operating+amount, w.bank.equity+amount
	return ledger.Opening(w.id("cap"), amount)
}

func (w *world) transfer(amount int64, sweep bool) ledger.Entry {
	t := ledger.Transfer{ID: w.id("btr"), Amount: amount}
	if sweep {
		w.bank.custody, w.bank.operating = w.bank.custody-amount, w.bank.operating+amount
		return ledger.Swept(t)
	}
	w.bank.custody, w.bank.operating = w.bank.custody+amount, w.bank.operating-amount
	return ledger.ToppedUp(t)
}
