package escrowtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/escrowtest"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/till"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

var rules = escrow.Rules{ConfirmDays: 7, ConfirmDaysMax: 14, UndeliveredDays: 14, EvidenceDays: 7, DisputeDays: 60,
	AddressDays: 14}

// TestWholeEscrows plays random escrows, in whatever order of shipping, tracking, confirming, silence, disputing and
// deciding, against the book. After every step each member's won is where the model says (17, 31), nothing that is
// disputed was released (32), and nobody else's share has moved; in the end the clock has ended everything.
func TestWholeEscrows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		seen := map[escrow.Outcome]int{}
		var missing []escrow.Outcome
		for range 10 { // seeds are fresh each time, and the rarest outcome may miss a hundred plays
			playAll(t, d, w, seen)
			if missing = unseen(seen); len(missing) == 0 || t.Failed() {
				return
			}
		}
		t.Errorf("no share ended by %v: the play does not reach it", missing)
	})
}

// playAll is a hundred plays, which count in seen how each share ended.
func playAll(t *testing.T, d *db.DB, w *dbtest.World, seen map[escrow.Outcome]int) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(t, rt, d, w)
		rt.Repeat(map[string]func(*rapid.T){
			"pay": p.pay, "pay more": p.pay, "lower": p.lower, "next bid": p.nextBid, "dearer": p.nextBid,
			"begin": p.begin, "begun": p.begin, "cancel": p.cancel, "ship": p.ship, "ship again": p.ship,
			"track": p.track, "track more": p.track, "confirm": p.act, "dispute": p.dispute,
			"dispute more": p.dispute, "word": p.word, "words": p.word,
			"argue": p.word, "wait": p.wait, "days": p.days, "sweep": p.sweep, "lost": p.lost, "arrive": p.arrive,
			"quarrel": p.quarrel, "quarrel more": p.quarrel, "quarrel again": p.quarrel, "quiet": p.quiet, "act": p.act,
			"": p.compare,
		})
		p.end()
		for _, m := range p.members {
			seen[m.outcome]++
		}
	})
}

// unseen are the outcomes that no share has come to.
func unseen(seen map[escrow.Outcome]int) (missing []escrow.Outcome) {
	for _, out := range []escrow.Outcome{escrow.OutConfirmed, escrow.OutSilence, escrow.OutWithdrawn, escrow.OutGivenBack,
		escrow.OutOperator, escrow.OutUnsent, escrow.OutUndelivered, escrow.OutVoid, escrow.OutPrice, escrow.OutRuled,
		escrow.OutOffer, escrow.OutSellerGaveIn, escrow.OutBuyerGaveIn, escrow.OutSellerSilent, escrow.OutBuyerSilent,
		escrow.OutOperatorSilent} {
		if seen[out] == 0 {
			missing = append(missing, out)
		}
	}
	return missing
}

// one is a member as the model knows it: won and nothing else.
type one struct {
	paid, held, frozen, released, refunded int64
	outcome                                escrow.Outcome
	row                                    escrow.Share // as it was after the last step
	disputed                               bool
	offer, ruling                          int64 // what the seller last offered, and the operator last said
}

// back is what a share's end gives back of what was in it, by how it ended; false when only the evidence tells.
func (m one) back(out escrow.Outcome) (won int64, known bool) {
	switch out {
	case escrow.OutConfirmed, escrow.OutSilence, escrow.OutUsed, escrow.OutBuyerGaveIn:
		return 0, true
	case escrow.OutOffer:
		return m.offer, true
	case escrow.OutRuled:
		return m.ruling, true
	case escrow.OutBuyerSilent, escrow.OutOperatorSilent:
		return 0, false
	}
	return m.held + m.frozen, true
}

type play struct {
	*rapid.T
	t       *testing.T
	d       *db.DB
	w       *dbtest.World
	wish    market.WishID
	seller  market.MerchantID
	unit    int64
	rate    int64
	order   []market.OrderID
	members map[market.OrderID]*one
	touched map[market.OrderID]bool // by the step that was taken
	falls   int
	number  int
}

func newPlay(t *testing.T, rt *rapid.T, d *db.DB, w *dbtest.World) *play {
	p := &play{T: rt, t: t, d: d, w: w, wish: market.WishID(w.IDs.New("wsh")), seller: market.MerchantID(w.IDs.New("mer")),
		unit: rapid.Int64Range(1, 50_000).Draw(rt, "unit"), rate: rapid.Int64Range(0, 3_000).Draw(rt, "rate"),
		members: map[market.OrderID]*one{}, touched: map[market.OrderID]bool{}}
	p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		return nil, escrow.Open(t.Context(), tx, p.wish, p.award(), rules)
	})
	for range p.draw(0, 2, "payments") {
		p.pay(rt)
	}
	if p.draw(0, 2, "begun") > 0 {
		p.begin(rt)
	}
	return p
}

func (p *play) award() escrow.Award {
	return escrow.Award{BidID: "bid_1", MerchantID: p.seller, Delivery: escrow.ByParcel, UnitPrice: p.unit,
		CommissionBP: p.rate, PolicyID: "pol_1", ShipBy: p.w.Clock.Now().AddDate(0, 0, 10)}
}

func (p *play) ctx() context.Context { return p.t.Context() }

func (p *play) draw(low, high int, what string) int { return rapid.IntRange(low, high).Draw(p.T, what) }

func (p *play) now() time.Time { return p.w.Clock.Now() }

// do takes a step, which may be refused in words that people can read; whatever else comes back is a fault.
func (p *play) do(step func(tx *db.Tx) ([]ledger.Entry, error)) bool {
	err := escrowtest.Post(p.ctx(), p.d, step)
	_, told := fail.As(err)
	if err != nil && (!told || errors.Is(err, ledger.ErrShort) || errors.Is(err, escrow.ErrMoved)) {
		p.Fatalf("a step broke: %v", err)
	}
	return err == nil
}

// ended books into the model what shares say of their ends.
func (p *play) ended(ends []escrow.End) []ledger.Entry {
	for _, e := range ends {
		m := p.members[e.OrderID]
		if m == nil {
			continue // of an earlier play, which the clock reaches only now
		}
		if m.outcome != "" {
			p.Fatalf("%s ends twice: %s, %s", e.OrderID, m.outcome, e.Outcome)
		}
		if back, known := m.back(e.Outcome); known && e.Refunded != back {
			p.Fatalf("31 %s ends by %s: %d refunded of %+v", e.OrderID, e.Outcome, e.Refunded, *m)
		}
		if e.Frozen() != m.disputed || e.Released+e.Refunded != m.held+m.frozen {
			p.Fatalf("31, 32 %s: %d released and %d refunded of %+v", e.OrderID, e.Released, e.Refunded, *m)
		}
	}
	return escrowtest.Ends(ends)
}

// book is ended for a step that was taken.
func (p *play) book(ends []escrow.End) {
	for _, e := range ends {
		if m := p.members[e.OrderID]; m != nil {
			m.held, m.frozen, m.outcome = 0, 0, e.Outcome
			m.released, m.refunded = m.released+e.Released, m.refunded+e.Refunded
			p.touched[e.OrderID] = true
		}
	}
}

func (p *play) pick() market.OrderID {
	if len(p.order) == 0 {
		p.Skip("nobody has paid")
	}
	id := p.order[p.draw(0, len(p.order)-1, "member")]
	p.touched[id] = true
	return id
}

func (p *play) about(id market.OrderID) ledger.About {
	return ledger.About{OrderID: id, MerchantID: p.seller, PolicyID: "pol_1"}
}

func account(id market.OrderID) market.AccountID { return market.AccountID("acc_" + id) }

func (p *play) pay(*rapid.T) {
	var list []escrow.Payment
	var entries []ledger.Entry
	fresh := map[market.OrderID]*one{}
	for range p.draw(1, 3, "members at once") {
		id, units := market.OrderID(p.w.IDs.New("ord")), int64(p.draw(1, 3, "units"))
		amount := units * p.unit
		if p.draw(0, 3, "more") == 0 {
			amount += int64(p.draw(1, 500, "too much"))
		}
		list = append(list, escrow.Payment{OrderID: id, AccountID: account(id), Quantity: units, Amount: amount})
		entries = append(entries, ledger.PaidToEscrow(ledger.Payment{PaymentID: market.PaymentID("pay_" + id),
			About: p.about(id), Gateway: "sandbox", Amount: amount}))
		fresh[id] = &one{paid: amount, held: amount}
	}
	if !p.do(func(tx *db.Tx) ([]ledger.Entry, error) { return entries, till.Pay(p.ctx(), tx, p.wish, list) }) {
		return
	}
	for _, x := range list {
		p.order = append(p.order, x.OrderID)
		p.members[x.OrderID] = fresh[x.OrderID]
		p.touched[x.OrderID] = true
	}
}

// fall gives back what shares are worth more than their units, in chunks.
func (p *play) fall() {
	for left := true; left; {
		var falls []escrow.Fall
		p.falls++
		p.do(func(tx *db.Tx) (entries []ledger.Entry, err error) {
			falls, err = escrow.Lower(p.ctx(), tx, p.wish, 2)
			return escrowtest.Falls(falls, p.falls), err
		})
		for _, f := range falls {
			m := p.members[f.OrderID]
			m.held, m.refunded = m.held-f.Difference, m.refunded+f.Difference
			p.touched[f.OrderID] = true
		}
		left = len(falls) > 0
	}
}

func (p *play) lower(*rapid.T) {
	unit := max(1, p.unit-int64(p.draw(1, 300, "lower by")))
	if p.do(func(tx *db.Tx) ([]ledger.Entry, error) { return nil, escrow.LowerPrice(p.ctx(), tx, p.wish, unit) }) {
		p.unit = unit
	}
	p.fall()
}

// nextBid changes the seller while members pay; who has not paid enough goes.
func (p *play) nextBid(*rapid.T) {
	was := p.seller
	p.seller = market.MerchantID(p.w.IDs.New("mer"))
	unit := p.unit
	p.unit += int64(p.draw(-100, 400, "dearer by"))
	p.unit = max(1, p.unit)
	if !p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		return nil, escrow.Reassign(p.ctx(), tx, p.wish, p.award(), rules)
	}) {
		p.seller, p.unit = was, unit
		return
	}
	short, err := escrow.Underpaid(p.ctx(), p.d, p.wish, "", 100)
	if err != nil {
		p.Fatal(err)
	}
	var acts []escrow.Act
	for _, s := range short {
		acts = append(acts, escrow.Act{OrderID: s.OrderID, Action: escrow.ActLapse, By: escrow.ByClock})
	}
	p.take(acts...)
	p.fall()
}

func (p *play) begin(*rapid.T) {
	p.fall()
	p.do(func(tx *db.Tx) ([]ledger.Entry, error) { return nil, escrow.Begin(p.ctx(), tx, p.wish) })
}

func (p *play) cancel(*rapid.T) {
	if p.draw(0, 2, "really") == 0 {
		p.do(func(tx *db.Tx) ([]ledger.Entry, error) { return nil, escrow.Cancel(p.ctx(), tx, p.wish) })
	}
}

func (p *play) ship(*rapid.T) {
	var sent []escrow.Sent
	for range p.draw(1, 4, "parcels") {
		p.number++
		sent = append(sent, escrow.Sent{OrderID: p.pick(), Name: p.name(p.number)})
	}
	p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		_, err := escrow.Ship(p.ctx(), tx, rules, escrow.Shipping{WishID: p.wish, MerchantID: p.seller, Parcels: sent})
		return nil, err
	})
}

// name is a parcel of this play alone.
func (p *play) name(n int) parcel.Name {
	return parcel.Name{Carrier: parcel.Other, Number: fmt.Sprintf("%s%04d", p.wish[len(p.wish)-20:], n)}
}

// track tells of parcels what a carrier may tell, also of those that are not there, late and twice.
func (p *play) track(*rapid.T) {
	if p.number == 0 {
		p.Skip("nothing sent")
	}
	var heard []escrow.Heard
	for range p.draw(1, 4, "events") {
		kind := rapid.SampledFrom(append(parcel.Kinds(), parcel.Delivered)).Draw(p.T, "kind")
		ago := time.Duration(p.draw(0, 72, "hours ago")) * time.Hour
		heard = append(heard, escrow.Heard{Name: p.name(p.draw(1, p.number+1, "parcel")),
			Event: parcel.Event{Kind: kind, At: p.now().Add(-ago)}})
	}
	p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		moved, err := escrow.Follow(p.ctx(), tx, rules, heard)
		for _, s := range moved {
			p.touched[s.OrderID] = true
		}
		return nil, err
	})
}

func (p *play) take(acts ...escrow.Act) {
	var ends []escrow.End
	if p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		ends = nil
		answers, err := escrow.Take(p.ctx(), tx, rules, acts)
		for _, a := range answers {
			if a.End != nil {
				ends = append(ends, *a.End)
			}
		}
		return p.ended(ends), err
	}) {
		p.book(ends)
	}
}

// act is one or two people's act on their shares, which may be the same share.
func (p *play) act(*rapid.T) {
	var acts []escrow.Act
	for range p.draw(1, 2, "acts") {
		id := p.pick()
		a := rapid.SampledFrom([]escrow.Act{{Action: escrow.ActConfirm, By: escrow.ByBuyer},
			{Action: escrow.ActConfirm, By: escrow.ByBuyer}, {Action: escrow.ActWithdraw, By: escrow.ByBuyer},
			{Action: escrow.ActGiveBack, By: escrow.BySeller}, {Action: escrow.ActGiveBack, By: escrow.ByOperator},
			{Action: escrow.ActConfirm, By: escrow.BySeller}, {Action: escrow.ActUse, By: escrow.ByBranch},
			{Action: escrow.ActDecide, By: escrow.ByClock}, {Action: escrow.ActShip, By: escrow.BySeller}}).Draw(p.T, "act")
		a.OrderID, a.AccountID, a.MerchantID = id, account(id), p.seller
		acts = append(acts, a)
	}
	p.take(acts...)
}

func (p *play) dispute(*rapid.T) {
	id := p.pick()
	var amount int64
	if p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		d, err := escrow.OpenDispute(p.ctx(), tx, rules, escrow.Opening{OrderID: id, AccountID: account(id),
			Reason: escrow.Broken, Words: "깨졌어요"})
		amount = d.Amount
		if err != nil {
			return nil, err
		}
		return []ledger.Entry{ledger.Disputed(p.about(id), amount)}, nil
	}) {
		m := p.members[id]
		if m.held != amount {
			p.Fatalf("31 %d disputed of %+v", amount, *m)
		}
		m.held, m.frozen, m.disputed = 0, amount, true
	}
}

func (p *play) word(*rapid.T) {
	var open []market.OrderID
	for _, id := range p.order {
		if p.members[id].frozen > 0 {
			open = append(open, id)
		}
	}
	if len(open) == 0 {
		p.Skip("nothing to say")
	}
	id := rapid.SampledFrom(open).Draw(p.T, "dispute")
	p.touched[id] = true
	w := rapid.SampledFrom([]escrow.Word{{Say: escrow.SayAnswer, By: escrow.BySeller},
		{Say: escrow.SayAnswer, By: escrow.BySeller, Offered: true}, {Say: escrow.SayReply, By: escrow.ByBuyer},
		{Say: escrow.SayTake, By: escrow.ByBuyer}, {Say: escrow.SayTake, By: escrow.ByBuyer},
		{Say: escrow.SayGiveIn, By: escrow.ByBuyer}, {Say: escrow.SayGiveIn, By: escrow.BySeller},
		{Say: escrow.SayMore, By: escrow.BySeller}, {Say: escrow.SayRule, By: escrow.ByOperator},
		{Say: escrow.SayRule, By: escrow.ByOperator}, {Say: escrow.SayRule, By: escrow.ByOperator}}).Draw(p.T, "word")
	w.OrderID = id
	w.Refunded = rapid.Int64Range(-1, p.members[id].frozen+1).Draw(p.T, "back")
	p.say(w)
}

// say puts a word into a dispute, by whose it is.
func (p *play) say(w escrow.Word) {
	w.AccountID, w.MerchantID, w.Words = account(w.OrderID), p.seller, "그렇지 않습니다. 사진을 보세요."
	m, was := p.members[w.OrderID], *p.members[w.OrderID]
	switch w.Say { // heard or not: what is refused is put back
	case escrow.SayAnswer:
		m.offer = w.Refunded
	case escrow.SayRule:
		m.ruling = w.Refunded
	}
	var heed escrow.Heed
	taken := p.do(func(tx *db.Tx) (entries []ledger.Entry, err error) {
		if heed, err = escrow.Hear(p.ctx(), tx, rules, w); err != nil || heed.End == nil {
			return nil, err
		}
		return p.ended([]escrow.End{*heed.End}), nil
	})
	switch {
	case !taken:
		*m = was
	case heed.End != nil:
		p.book([]escrow.End{*heed.End})
	}
}

// arrive is a parcel sent and delivered, as most are.
func (p *play) arrive(*rapid.T) {
	id := p.pick()
	p.number++
	name := p.name(p.number)
	p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		if _, err := escrow.Ship(p.ctx(), tx, rules, escrow.Shipping{WishID: p.wish, MerchantID: p.seller,
			Parcels: []escrow.Sent{{OrderID: id, Name: name}}}); err != nil {
			return nil, err
		}
		_, err := escrow.Follow(p.ctx(), tx, rules, []escrow.Heard{{Name: name,
			Event: parcel.Event{Kind: parcel.Delivered, At: p.now()}}})
		return nil, err
	})
}

// quarrel is a dispute in which the seller speaks, and perhaps the member answers or takes what is offered.
func (p *play) quarrel(t *rapid.T) {
	p.dispute(t)
	for id := range p.touched {
		if p.members[id].frozen == 0 {
			continue
		}
		p.say(escrow.Word{OrderID: id, Say: escrow.SayAnswer, By: escrow.BySeller, Offered: true,
			Refunded: p.members[id].frozen / 3})
		switch p.draw(0, 4, "answer") {
		case 1, 2, 3:
			p.say(escrow.Word{OrderID: id, Say: escrow.SayReply, By: escrow.ByBuyer})
		case 4:
			p.say(escrow.Word{OrderID: id, Say: escrow.SayTake, By: escrow.ByBuyer})
		}
	}
}

// quiet is a week in which nobody does anything but the clock.
func (p *play) quiet(*rapid.T) {
	p.w.Clock.Advance(8 * 24 * time.Hour)
	for p.clock(5) > 0 {
	}
}

func (p *play) wait(*rapid.T) {
	id := p.pick()
	p.do(func(tx *db.Tx) ([]ledger.Entry, error) {
		_, err := escrow.Wait(p.ctx(), tx, id, account(id), rules)
		return nil, err
	})
}

func (p *play) days(*rapid.T) {
	p.w.Clock.Advance(time.Duration(p.draw(1, 15*24, "hours")) * time.Hour)
}

// clock is one chunk of the clock's work, and how much it did.
func (p *play) clock(limit int) int {
	var ends []escrow.End
	p.do(func(tx *db.Tx) (entries []ledger.Entry, err error) {
		if ends, err = escrow.Sweep(p.ctx(), tx, rules, limit); err != nil {
			return nil, err
		}
		return p.ended(ends), nil
	})
	p.book(ends)
	return len(ends)
}

func (p *play) sweep(*rapid.T) { p.clock(p.draw(1, 4, "chunk")) }

var errLost = errors.New("lost")

// lost is a chunk whose transaction is lost at the last moment: nothing of it remains (5).
func (p *play) lost(*rapid.T) {
	err := p.d.Write(p.ctx(), func(tx *db.Tx) error {
		ends, err := escrow.Sweep(p.ctx(), tx, rules, 10)
		if err != nil {
			return err
		}
		if err := ledger.Post(p.ctx(), tx, p.ended(ends)); err != nil {
			return err
		}
		return errLost
	})
	if !errors.Is(err, errLost) {
		p.Fatal(err)
	}
}

// compare holds the book and the rows against the model, and everybody whom the step did not mean against what was.
func (p *play) compare(*rapid.T) {
	rows, err := escrow.ListShares(p.ctx(), p.d, p.wish, "", 1000)
	if err != nil || len(rows) != len(p.order) {
		p.Fatalf("%d rows of %d members, %v", len(rows), len(p.order), err)
	}
	held := p.balances(ledger.EscrowHeld)
	frozen := p.balances(ledger.EscrowDisputed)
	owed := p.balances(ledger.RefundPayable)
	var released, net int64
	for _, s := range rows {
		m := p.members[s.OrderID]
		want := escrow.Stand{Held: m.held, Frozen: m.frozen, Released: m.released, Refunded: m.refunded}
		if got := s.Stands(); got != want {
			p.Fatalf("%s stands %+v, the model has %+v", s.OrderID, got, *m)
		}
		if held[s.OrderID] != m.held || frozen[s.OrderID] != m.frozen || owed[s.OrderID] != m.refunded {
			p.Fatalf("%s: the book has %d held, %d frozen, %d owed, the model %+v", s.OrderID, held[s.OrderID],
				frozen[s.OrderID], owed[s.OrderID], *m)
		}
		if m.held+m.frozen+m.released+m.refunded != m.paid {
			p.Fatalf("17, 31 %s: %+v", s.OrderID, *m)
		}
		if m.frozen > 0 && (m.released > 0 || s.State != escrow.Disputed) {
			p.Fatalf("32 %s is %s with %+v", s.OrderID, s.State, *m)
		}
		if !p.touched[s.OrderID] && s != m.row {
			p.Fatalf("nobody meant %s, which was %+v and is %+v", s.OrderID, m.row, s)
		}
		m.row = s
		released += m.released
		x := ledger.Earn(s.Released, p.rate)
		net += x.Net()
	}
	clear(p.touched)
	if pending, err := ledger.Balance(p.ctx(), p.d, ledger.Pending, string(p.seller)); err != nil || pending != net {
		p.Fatalf("27 %d pending of %d released, want %d (%v)", pending, released, net, err)
	}
}

func (p *play) balances(a ledger.Account) map[market.OrderID]int64 {
	all, err := ledger.Balances(p.ctx(), p.d, a, p.order)
	if err != nil {
		p.Fatal(err)
	}
	return all
}

// end stops everybody and lets the clock run: every share ends, and nothing stays held or frozen.
func (p *play) end() {
	p.cancelOrBegin()
	for range 3 { // the longest silence, the last day of sending again, the longest dispute
		p.w.Clock.Advance(63 * 24 * time.Hour)
		for p.clock(3) > 0 {
		}
	}
	p.compare(p.T)
	for id, m := range p.members {
		if m.held != 0 || m.frozen != 0 || m.outcome == "" {
			p.Fatalf("32 %s never ends: %+v", id, *m)
		}
	}
	var over []market.WishID
	p.do(func(tx *db.Tx) (_ []ledger.Entry, err error) {
		over, err = escrow.Finish(p.ctx(), tx, 10)
		return nil, err
	})
	if e, err := escrow.Find(p.ctx(), p.d, p.wish); err != nil || e.EndedAt.IsZero() {
		p.Fatalf("the escrow does not end: %+v %v %v", e, over, err)
	}
}

// cancelOrBegin ends the time to pay, which is the wish's to end.
func (p *play) cancelOrBegin() {
	if p.draw(0, 1, "fails") == 1 {
		p.do(func(tx *db.Tx) ([]ledger.Entry, error) { return nil, escrow.Cancel(p.ctx(), tx, p.wish) })
		return
	}
	p.begin(p.T)
}
