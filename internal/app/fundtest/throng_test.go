package fundtest_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
)

const throng = 300

// throngIn plays a wish of three hundred people to where they pay, on both engines.
func throngIn(t *testing.T, offers []bid.Offer, body func(p *purse)) {
	t.Helper()
	chooseOf(t, play{kind: bid.InTheOpen, offers: offers, people: throng}, func(p *purse) {
		p.Pass(24 * time.Hour)
		body(p)
	})
}

// direct are commands of members from one number to another who pay one unit each, without a page.
func (p *purse) direct(from, to int, instrument string) (cmds []fund.DirectCmd) {
	p.T.Helper()
	for n := from; n <= to; n++ {
		cmds = append(cmds, fund.DirectCmd{Actor: apptest.Buyer(n), StartCmd: p.wants(1), Instrument: instrument})
	}
	return cmds
}

// counts are the numbers that must agree whatever happened: shares and their units, as rows, as the escrow counts them,
// and as the book holds them in won.
func (p *purse) counts() (rows int64) {
	p.T.Helper()
	sum := func(text string) int64 {
		p.T.Helper()
		n, err := db.One(p.Ctx, p.DB, db.Scalar[int64], text, string(p.wish))
		p.Must(err)
		return n
	}
	rows = sum(`SELECT count(*) FROM escrow_share WHERE wish_id = $1`)
	units := sum(`SELECT CAST(coalesce(SUM(quantity), 0) AS bigint) FROM escrow_share WHERE wish_id = $1`)
	won := sum(`SELECT CAST(coalesce(SUM(paid), 0) AS bigint) FROM escrow_share WHERE wish_id = $1`)
	captured := sum(`SELECT CAST(coalesce(SUM(refundable), 0) AS bigint) FROM payment WHERE wish_id = $1`)
	held := sum(`SELECT CAST(coalesce(SUM(amount), 0) AS bigint) FROM escrow_share WHERE wish_id = $1
 AND state IN ('held', 'shipped', 'delivered', 'disputed')`)
	if e := p.escrow(); e.Shares != rows || e.Units != units || e.Paid != won {
		p.T.Errorf("the escrow counts %d shares, %d units, %d won; there are %d, %d, %d", e.Shares, e.Units, e.Paid, rows,
			units, won)
	}
	if captured != held {
		p.T.Errorf("%d won can go back, %d won wait", captured, held)
	}
	for _, twice := range []string{
		`SELECT count(*) FROM (SELECT account_id FROM escrow_share WHERE wish_id = $1
 AND state IN ('held', 'shipped', 'delivered', 'disputed') GROUP BY account_id HAVING count(*) > 1) x`,
		`SELECT count(*) FROM (SELECT account_id FROM collect_order WHERE wish_id = $1 AND state = 'paid'
 GROUP BY account_id HAVING count(*) > 1) x`,
	} {
		if n := sum(twice); n > 0 {
			p.T.Errorf("%d members have two: %s", n, twice)
		}
	}
	return rows
}

// TestThreeHundredPayAtOnce: all of them in one moment, two from two tabs; one card is declined, one answer is lost and
// looked up, one node dies between the charge and its outcome.
func TestThreeHundredPayAtOnce(t *testing.T) {
	throngIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		instruments := map[int]string{7: gateway.InstrumentDecline, 8: gateway.InstrumentTimeoutCharged,
			9: gateway.InstrumentErrorAfterCharge, 10: gateway.InstrumentErrorBeforeCharge}
		before := p.Lanes.Stats()
		answers := make([]error, throng+1)
		var all sync.WaitGroup
		for n := 1; n <= throng; n++ {
			all.Go(func() {
				s, err := p.Fund.Start(p.Ctx, apptest.Buyer(n), p.wants(1))
				if err != nil {
					answers[n] = err
					return
				}
				instrument := instruments[n]
				if instrument == "" {
					instrument = gateway.InstrumentOK
				}
				key, err := p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: s.Payment.CheckoutKey,
					Instrument: instrument})
				if err != nil {
					answers[n] = err
					return
				}
				if n == 11 { // charged, and then the node dies
					if _, err = p.Fund.Begin(p.Ctx, s.Payment.ID, key); err == nil {
						_, err = p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: key, OrderID: string(s.Payment.ID),
							Amount: s.Payment.Amount, IdempotencyKey: "confirm-" + string(s.Payment.ID) + "-" + key})
					}
					answers[n] = err
					return
				}
				if n <= 2 { // the same return from two tabs
					all.Go(func() { _, _ = p.Fund.Pay(p.Ctx, s.Payment.ID, key) })
				}
				_, answers[n] = p.Fund.Pay(p.Ctx, s.Payment.ID, key)
			})
		}
		all.Wait()
		for n := 1; n <= throng; n++ {
			switch err := answers[n]; {
			case n == 7 && errors.Is(err, payment.ErrDeclined), n == 10 && errors.Is(err, payment.ErrPending), err == nil:
			default:
				t.Errorf("member %d: %v", n, err)
			}
		}
		after := p.Lanes.Stats()
		if batches, commands := after.Batches-before.Batches, after.Commands-before.Commands; batches >= commands {
			t.Errorf("%d commands in %d transactions", commands, batches)
		}
		p.Pass(time.Minute)
		if rows := p.counts(); rows != throng-1 {
			t.Errorf("%d shares", rows)
		}
		// The declined one may pay with another card; the others have their answer for ever.
		p.pays(7, 1)
		if _, err := p.Fund.Start(p.Ctx, apptest.Buyer(11), p.wants(1)); !errors.Is(err, collect.ErrPaid) {
			t.Errorf("pays twice: %v", err)
		}
		p.round()
		p.wantOutcome(fmt.Sprintf("fulfilling over %d enough", throng))
		p.counts()
	})
}

// TestOneBatchOfPayments: three hundred in one go, in the order of their coming. The same member stands in it twice for
// the same, and twice for something else; one is a stranger, one is declined.
func TestOneBatchOfPayments(t *testing.T) {
	throngIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		cmds := p.direct(1, 200, gateway.InstrumentOK)
		again, other, stranger, declined := cmds[4], cmds[5], cmds[0], cmds[7]
		other.Quantity, stranger.Actor, declined.Instrument = 2, apptest.Buyer(9_999), gateway.InstrumentDecline
		cmds[7] = declined
		cmds = append(cmds, again, other, stranger)
		answers := p.Fund.PayMany(p.Ctx, cmds)
		for i, a := range answers {
			want := map[int]error{5: payment.ErrLate, 7: payment.ErrDeclined, 202: collect.ErrFirm}[i]
			if !errors.Is(a.Err, want) || want == nil && (a.Err != nil || a.Value.First != (i != 200)) {
				t.Errorf("command %d: %v, %+v", i, a.Err, a.Value)
			}
		}
		if first, second := answers[4].Value, answers[200].Value; first.Payment.ID != second.Payment.ID {
			t.Errorf("pressed twice: %s and %s", first.Payment.ID, second.Payment.ID)
		}
		if q := answers[201].Value.Order.Quantity; q != 2 {
			t.Errorf("asked for two, has %d", q)
		}
		if rows := p.counts(); rows != 199 {
			t.Errorf("%d shares", rows)
		}
		for i, a := range p.Fund.PayMany(p.Ctx, p.direct(1, 5, gateway.InstrumentOK)) {
			if !errors.Is(a.Err, collect.ErrPaid) {
				t.Errorf("member %d again: %v", i+1, a.Err)
			}
		}
		p.counts()
	})
}

// TestABadOneFailsAlone: the book refuses one member's payment, for what it says was booked otherwise. All others of
// the batch have their shares.
func TestABadOneFailsAlone(t *testing.T) {
	throngIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		var cmds []fund.ConfirmCmd
		for n := 1; n <= 20; n++ {
			id, key := p.authorize(n, 1, gateway.InstrumentOK)
			begun, err := p.Fund.Begin(p.Ctx, id, key)
			p.Must(err)
			answer, err := p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: key, OrderID: string(id),
				Amount: begun.Amount, IdempotencyKey: "confirm-" + string(id) + "-" + key})
			p.Must(err)
			cmds = append(cmds, fund.ConfirmCmd{PaymentID: id,
				Answer: gateway.Answer{PaymentKey: answer.PaymentKey, Captured: true, Amount: answer.Amount}})
		}
		bad := cmds[6].PaymentID
		p.Must(p.DB.Write(p.Ctx, func(tx *db.Tx) error { // an entry of the same name
			return ledger.Post(p.Ctx, tx, []ledger.Entry{ledger.PaidToEscrow(ledger.Payment{About: ledger.About{
				OrderID: "ord_other", MerchantID: potter(1), PolicyID: p.escrow().PolicyID}, PaymentID: bad,
				Gateway: "sandbox", Amount: 1})})
		}))
		for i, a := range p.Fund.ConfirmMany(p.Ctx, cmds) {
			if (a.Err != nil) != (i == 6) || a.Err == nil && !a.Value.First {
				t.Errorf("command %d: %v, %+v", i, a.Err, a.Value)
			}
		}
		if e := p.escrow(); e.Shares != 19 || e.Paid != 19*30_000 {
			t.Errorf("%+v", e)
		}
		p.spoilt = true
	})
}

// TestTheWindowClosesInTheMiddleOfABatch: the seller is at work when the answers to a batch come, of which some were
// written before. Nobody's money is lost: it goes back by itself.
func TestTheWindowClosesInTheMiddleOfABatch(t *testing.T) {
	throngIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		var cmds []fund.ConfirmCmd
		for n := 1; n <= 20; n++ {
			id, key := p.authorize(n, 1, gateway.InstrumentOK)
			begun, err := p.Fund.Begin(p.Ctx, id, key)
			p.Must(err)
			answer, err := p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: key, OrderID: string(id),
				Amount: begun.Amount, IdempotencyKey: "confirm-" + string(id) + "-" + key})
			p.Must(err)
			cmds = append(cmds, fund.ConfirmCmd{PaymentID: id, WishID: p.wish,
				Answer: gateway.Answer{PaymentKey: answer.PaymentKey, Captured: true, Amount: answer.Amount}})
		}
		for _, a := range p.Fund.ConfirmMany(p.Ctx, cmds[:10]) {
			p.Must(a.Err)
		}
		p.Clock.Set(p.collect().Until.Add(2 * time.Hour)) // longer than the end waits
		p.Must(p.Fund.Close(p.Ctx, eventFundJob(p)))
		for i, a := range p.Fund.ConfirmMany(p.Ctx, cmds) {
			if a.Err != nil || a.Value.Late != (i >= 10) || a.Value.First {
				t.Errorf("answer %d: %v, %+v", i, a.Err, a.Value)
			}
		}
		p.wantOutcome("fulfilling over 10 enough")
		p.counts()
		p.wantWon(3, "30000 0 30000")
		p.wantWon(12, "30000 30000 0")
	})
}

// TestTheWindowClosesWhileAllPay: whoever comes a moment before the end, at it and after it, from everywhere, while the
// end is being decided.
func TestTheWindowClosesWhileAllPay(t *testing.T) {
	throngIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		const from, to = 21, 120
		for _, a := range p.Fund.PayMany(p.Ctx, p.direct(1, from-1, gateway.InstrumentOK)) {
			p.Must(a.Err)
		}
		p.Clock.Set(p.collect().Until.Add(-time.Minute)) // the gateway forgets within ten who did not go on
		ids, keys := make([]market.PaymentID, to+1), make([]string, to+1)
		for n := from; n <= to; n++ {
			ids[n], keys[n] = p.authorize(n, 1, gateway.InstrumentOK)
		}
		job := eventFundJob(p)
		p.Clock.Set(p.collect().Until.Add(-time.Microsecond))
		var closer sync.WaitGroup
		closer.Go(func() {
			for p.collect().Round == job.Round && p.state() == wish.Paying {
				if err := p.Fund.Close(p.Ctx, job); err != nil && !errors.Is(err, fund.ErrWait) {
					t.Errorf("close: %v", err)
					return
				}
			}
		})
		paid := p.together(from, to, func(n int) error {
			if n == (from+to)/2 {
				p.Clock.Advance(time.Microsecond)
			}
			_, err := p.Fund.Pay(p.Ctx, ids[n], keys[n])
			return err
		}, payment.ErrLate)
		closer.Wait()
		p.Work()
		if rows := p.counts(); rows != int64(paid+from-1) {
			t.Errorf("%d shares of %d payments", rows, paid+from-1)
		}
		p.wantOutcome(fmt.Sprintf("fulfilling over %d enough", paid+from-1))
	})
}

// another is a second node over the same database.
func (p *purse) another() *app.Core {
	p.T.Helper()
	o := p.CoreOptions
	o.Node = "other"
	core, err := app.NewCore(o)
	p.Must(err)
	p.T.Cleanup(core.Close)
	return core
}

// scarce plays to where three members keep thirty units of an earlier seller's, and the next one has ten more: for
// thirty-seven people.
func scarce(t *testing.T, body func(p *purse)) {
	t.Helper()
	next := parcel(30_000, 8)
	next.QuantityMax = 40
	chooseOf(t, play{kind: bid.Sealed, offers: []bid.Offer{next, parcel(30_000, 35)}, people: 40}, func(p *purse) {
		p.Pass(24 * time.Hour)
		for n := 1; n <= 3; n++ {
			p.pays(n, 10)
		}
		p.round()
		first := p.collect().MerchantID
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(first), fund.AnswerCmd{WishID: p.wish, MerchantID: first}))
		p.Work()
		if c := p.collect(); c.Round != 2 || c.Room != 40 || c.Most != 1 {
			t.Fatalf("%+v", c)
		}
		body(p)
		if units, err := escrow.HeldUnits(p.Ctx, p.DB, p.wish); err != nil || units != 40 {
			t.Errorf("%d units, %v", units, err)
		}
		if _, err := p.Fund.Start(p.Ctx, apptest.Buyer(40), p.wants(1)); !errors.Is(err, collect.ErrFull) {
			t.Errorf("nothing is left: %v", err)
		}
		p.counts()
		p.round()
		p.wantOutcome("fulfilling over 40 enough")
	})
}

// TestNobodyIsChargedForWhatThereIsNot: all pay at once for what is left, and whoever comes too late is not charged.
func TestNobodyIsChargedForWhatThereIsNot(t *testing.T) {
	scarce(t, func(p *purse) {
		ids, keys := make([]market.PaymentID, 31), make([]string, 31)
		for n := 4; n <= 30; n++ {
			ids[n], keys[n] = p.authorize(n, 1, gateway.InstrumentOK)
		}
		if paid := p.together(4, 30, func(n int) error {
			_, err := p.Fund.Pay(p.Ctx, ids[n], keys[n])
			return err
		}, payment.ErrLate); paid != 10 {
			p.T.Errorf("%d of ten", paid)
		}
		got, err := db.One(p.Ctx, p.DB, db.Scalar[int64],
			`SELECT count(*) FROM payment WHERE wish_id = $1 AND state = 'captured'`, string(p.wish))
		if err != nil || got != 13 {
			p.T.Errorf("%d were charged, %v", got, err)
		}
	})
}

// TestNoMoreThanTheSellerHas: two nodes write at once what was charged all the same. What there is no room for goes
// back by itself.
func TestNoMoreThanTheSellerHas(t *testing.T) {
	scarce(t, func(p *purse) {
		nodes := []*app.Core{p.Core, p.another()}
		cmds := make([]fund.ConfirmCmd, 31)
		for n := 4; n <= 30; n++ {
			id, key := p.authorize(n, 1, gateway.InstrumentOK)
			answer, err := p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: key, OrderID: string(id),
				Amount: 30_000, IdempotencyKey: "confirm-" + string(id) + "-" + key})
			p.Must(err)
			cmds[n] = fund.ConfirmCmd{PaymentID: id, WishID: p.wish,
				Answer: gateway.Answer{PaymentKey: answer.PaymentKey, Captured: true, Amount: answer.Amount}}
		}
		late := make([]bool, 31)
		p.together(4, 30, func(n int) error {
			paid, err := nodes[n%2].Fund.Confirm(p.Ctx, cmds[n])
			late[n] = paid.Late
			return err
		}, lane.ErrHot)
		back := 0
		for _, l := range late {
			if l {
				back++
			}
		}
		if back != 17 {
			p.T.Errorf("%d of seventeen go back", back)
		}
	})
}

// together runs steps of members at once and counts those that went well; the others must have been refused so.
func (p *purse) together(from, to int, step func(n int) error, refused *fail.Error) (well int) {
	p.T.Helper()
	errs := make([]error, to+1)
	var all sync.WaitGroup
	for n := from; n <= to; n++ {
		all.Go(func() { errs[n] = step(n) })
	}
	all.Wait()
	for n := from; n <= to; n++ {
		switch err := errs[n]; {
		case err == nil:
			well++
		case !errors.Is(err, refused):
			p.T.Errorf("member %d: %v", n, err)
		}
	}
	return well
}
