package fundtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/fund/tell"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// purse is a wish of a class (twelve firm members) for which sellers have bid.
type purse struct {
	*apptest.World
	wish   market.WishID
	spoilt bool // doctor is not asked: something is wrong on purpose
}

// play is what comes before the paying.
type play struct {
	kind   bid.Kind
	offers []bid.Offer
	people int
}

const (
	crowd     = 12
	fundHours = 48 * time.Hour
)

// payIn plays a wish to its award on both engines: the offers are those of sellers 1, 2, …, in their order.
func payIn(t *testing.T, offers []bid.Offer, body func(p *purse)) {
	t.Helper()
	payInA(t, bid.InTheOpen, offers, body)
}

func payInA(t *testing.T, kind bid.Kind, offers []bid.Offer, body func(p *purse)) {
	t.Helper()
	choose(t, kind, offers, func(p *purse) {
		p.Pass(24 * time.Hour)
		body(p)
	})
}

// choose plays a wish to where its members look at the offers.
func choose(t *testing.T, kind bid.Kind, offers []bid.Offer, body func(p *purse)) {
	t.Helper()
	chooseOf(t, play{kind: kind, offers: offers, people: crowd}, body)
}

func chooseOf(t *testing.T, plan play, body func(p *purse)) {
	t.Helper()
	offers := plan.offers
	apptest.Each(t, func(w *apptest.World) {
		p := &purse{World: w}
		for n := 1; n <= crowd; n++ {
			w.Account(apptest.Buyer(n), fmt.Sprint("손님 ", n))
		}
		one, err := w.Wanted.Post(w.Ctx, apptest.Buyer(1), wanted.PostCmd{Draft: wish.Draft{Name: "주말 도예 수업",
			CategoryID: "learn.class"}, Bids: plan.kind, Key: "post"})
		w.Must(err)
		p.wish = one.ID
		for n := range offers {
			w.Shop(potter(n+1), fmt.Sprint("공방 ", n+1), "본점")
			w.Account(apptest.Owner(potter(n+1)), fmt.Sprint("사장 ", n+1))
			w.Approve(potter(n + 1))
		}
		p.join(2, plan.people)
		for n := len(offers); n >= 1; n-- { // the dearest first: whoever bids in the open undercuts
			o := offers[n-1]
			o.PromisedBy = w.Clock.Now().AddDate(0, 0, 30)
			_, err := w.Auction.Place(w.Ctx, auction.PlaceCmd{Actor: apptest.Owner(potter(n)), WishID: p.wish,
				MerchantID: potter(n), Offer: o})
			w.Must(err)
		}
		a, err := bid.Find(w.Ctx, w.DB, p.wish)
		w.Must(err)
		w.Clock.Set(a.DueAt())
		w.Work()
		body(p)
		if !p.spoilt {
			p.sound()
		}
	})
}

// join brings members into the wish, many a transaction.
func (p *purse) join(from, to int) {
	p.T.Helper()
	for ; from <= to; from += 256 {
		var cmds []wanted.JoinCmd
		for n := from; n <= min(to, from+255); n++ {
			cmds = append(cmds, wanted.JoinCmd{Actor: apptest.Buyer(n), WishID: p.wish, Kind: wish.Firm})
		}
		p.Must(p.DB.Write(p.Ctx, func(tx *db.Tx) error {
			_, err := p.Wanted.JoinBatch(p.Ctx, tx, cmds)
			return err
		}))
	}
}

func potter(n int) market.MerchantID { return market.MerchantID(fmt.Sprintf("mer_potter_%d", n)) }

// parcel is an offer that is sent.
func parcel(price, least int64) bid.Offer {
	return bid.Offer{Delivery: bid.Shipping, UnitPrice: price, QuantityMin: least}
}

func (p *purse) collect() collect.Collect {
	p.T.Helper()
	c, err := collect.Find(p.Ctx, p.DB, p.wish)
	p.Must(err)
	return c
}

func (p *purse) escrow() escrow.Escrow {
	p.T.Helper()
	e, err := escrow.Find(p.Ctx, p.DB, p.wish)
	p.Must(err)
	return e
}

func (p *purse) state() wish.State {
	p.T.Helper()
	w, err := wish.Find(p.Ctx, p.DB, p.wish)
	p.Must(err)
	return w.State
}

// wants is what a member says who takes so many units at the price there is.
func (p *purse) wants(quantity int64) fund.StartCmd {
	p.T.Helper()
	return fund.StartCmd{WishID: p.wish, Quantity: quantity, UnitPrice: p.escrow().UnitPrice, Agreed: true, Title: "시험",
		To: collect.Address{Name: "김손님", Phone: "01012345678", Postcode: "04790", Line: "서울 성동구 성수이로 18길 7"}}
}

// authorize starts a member's payment and lets the payer authorise it; nothing is captured yet.
func (p *purse) authorize(n int, quantity int64, instrument string) (market.PaymentID, string) {
	p.T.Helper()
	s, err := p.Fund.Start(p.Ctx, apptest.Buyer(n), p.wants(quantity))
	p.Must(err)
	key, err := p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: s.Payment.CheckoutKey,
		Instrument: instrument})
	p.Must(err)
	return s.Payment.ID, key
}

func (p *purse) pays(n int, quantity int64) fund.Paid {
	p.T.Helper()
	id, key := p.authorize(n, quantity, gateway.InstrumentOK)
	paid, err := p.Fund.Pay(p.Ctx, id, key)
	p.Must(err)
	if !paid.First {
		p.T.Fatalf("member %d has no share: %+v", n, paid)
	}
	return paid
}

// all lets members from one number to another pay one unit each.
func (p *purse) all(from, to int) {
	p.T.Helper()
	for n := from; n <= to; n++ {
		p.pays(n, 1)
	}
}

// round lets the time to pay run out.
func (p *purse) round() {
	p.T.Helper()
	p.Clock.Set(p.collect().Until)
	p.Work()
}

// outcome is how a wish stands: its stage, its paying, and the units that wait.
func (p *purse) outcome() string {
	p.T.Helper()
	units, err := escrow.HeldUnits(p.Ctx, p.DB, p.wish)
	p.Must(err)
	c := p.collect()
	return strings.TrimSpace(fmt.Sprintf("%s %s %d %s", p.state(), c.State, units, c.Outcome))
}

// won is what a member has paid, has back, and has waiting, in won, as the book says it.
func (p *purse) won(n int) string {
	p.T.Helper()
	var paid, back, held int64
	rows, err := db.All(p.Ctx, p.DB, db.Scalar[market.OrderID],
		`SELECT id FROM collect_order WHERE account_id = $1 ORDER BY id`, string(apptest.Buyer(n).AccountID))
	p.Must(err)
	for _, id := range rows {
		attempts, err := payment.OfOrder(p.Ctx, p.DB, id)
		p.Must(err)
		for _, a := range attempts {
			paid += a.Got()
		}
		refunds, err := payment.RefundsOf(p.Ctx, p.DB, id)
		p.Must(err)
		for _, f := range refunds {
			back += f.Amount
		}
		balance, err := ledger.Balance(p.Ctx, p.DB, ledger.EscrowHeld, string(id))
		p.Must(err)
		held += balance
	}
	return fmt.Sprintf("%d %d %d", paid, back, held)
}

func (p *purse) wantWon(n int, want string) {
	p.T.Helper()
	if got := p.won(n); got != want {
		p.T.Errorf("member %d: paid, back, waiting are %s, not %s", n, got, want)
	}
}

func (p *purse) wantOutcome(want string) {
	p.T.Helper()
	if got := p.outcome(); got != want {
		p.T.Errorf("%s, not %s", got, want)
	}
}

// sound lets the refunds go out and asks doctor, and the gateway, whether everything is true; and every member's won
// adds up.
func (p *purse) sound() {
	p.T.Helper()
	p.Pass(time.Minute)
	report, err := doctor.Check(p.Ctx, p.DB, doctor.Options{Gateway: p.Client})
	p.Must(err)
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			// The operator's own buffer, and a bank whose days come in: this world has neither.
			if f.Invariant == 34 || f.Code == "clearing_old" || f.Code == "difference_old" {
				continue
			}
			p.T.Errorf("doctor: %d %s %s %v", f.Invariant, f.Code, f.Row, f.Args)
		}
	}
	for n := 1; n <= crowd; n++ {
		var paid, back, held int64
		_, err := fmt.Sscan(p.won(n), &paid, &back, &held)
		p.Must(err)
		gone, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT CAST(coalesce(SUM(released), 0) AS bigint)
 FROM escrow_share WHERE account_id = $1`, string(apptest.Buyer(n).AccountID))
		p.Must(err)
		if paid != back+held+gone {
			p.T.Errorf("31 member %d: paid %d, back %d, waiting %d, released %d", n, paid, back, held, gone)
		}
	}
	open, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT count(*) FROM refund
 WHERE state NOT IN ('accepted', 'settled')`)
	p.Must(err)
	if open != 0 {
		p.T.Errorf("%d refunds did not go out", open)
	}
}

// eventFundJob is the job of the round that runs.
func eventFundJob(p *purse) event.FundJob {
	p.T.Helper()
	return event.FundJob{WishID: p.wish, Round: p.collect().Round, Step: tell.StepOpen}
}

// suspend takes a shop's right to sell.
func (p *purse) suspend(id market.MerchantID) {
	p.T.Helper()
	p.Must(p.DB.Write(p.Ctx, func(tx *db.Tx) error {
		m, err := merchant.Find(p.Ctx, tx, id)
		if err != nil {
			return err
		}
		return merchant.Move(p.Ctx, tx, m, merchant.Suspended, "시험으로 멈춰요")
	}))
}
