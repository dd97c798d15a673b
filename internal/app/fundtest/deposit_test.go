package fundtest_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	flow "github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	parcels "github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// auctioned is an auction under a policy that asks for deposits: twelve people are complete, sellers are approved, and
// nobody has bid.
func auctioned(t *testing.T, sellers int, body func(p *purse)) {
	t.Helper()
	apptest.Each(t, func(w *apptest.World) {
		p := auctionOf(w, bid.InTheOpen, sellers)
		body(p)
		p.sound()
	})
}

func auctionOf(w *apptest.World, kind bid.Kind, sellers int) *purse {
	w.T.Helper()
	w.Clock.Set(time.Date(2027, time.March, 3, 10, 0, 0, 0, bizday.Seoul()))
	p := &purse{World: w}
	for n := 1; n <= crowd; n++ {
		w.Account(apptest.Buyer(n), fmt.Sprint("손님 ", n))
	}
	one, err := w.Wanted.Post(w.Ctx, apptest.Buyer(1), wanted.PostCmd{Draft: wish.Draft{Name: "주말 도예 수업",
		CategoryID: "learn.class"}, Bids: kind, Key: "post"})
	w.Must(err)
	p.wish = one.ID
	for n := 1; n <= sellers; n++ {
		w.Shop(potter(n), fmt.Sprint("공방 ", n), "본점")
		w.Account(apptest.Owner(potter(n)), fmt.Sprint("사장 ", n))
		w.Approve(potter(n))
	}
	for n := 2; n <= crowd; n++ {
		_, err := w.Wanted.Join(w.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(n), WishID: p.wish, Kind: wish.Firm})
		w.Must(err)
	}
	return p
}

func (p *purse) total(n int, total int64) flow.StartCmd {
	return flow.StartCmd{WishID: p.wish, MerchantID: potter(n), Total: total, Title: "보증금"}
}

// puts lets a seller put won down.
func (p *purse) puts(n int, total int64) {
	p.T.Helper()
	s, err := p.Deposits.Start(p.Ctx, apptest.Owner(potter(n)), p.total(n, total))
	p.Must(err)
	key, err := p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: s.Payment.CheckoutKey,
		Instrument: gateway.InstrumentOK})
	p.Must(err)
	paid, err := p.Deposits.Pay(p.Ctx, s.Payment.ID, key)
	p.Must(err)
	if !paid.First {
		p.T.Fatalf("%+v", paid)
	}
}

func (p *purse) place(n int, o bid.Offer) (bid.Taken, error) {
	o.PromisedBy = p.Clock.Now().AddDate(0, 0, 30)
	return p.Auction.Place(p.Ctx, auction.PlaceCmd{Actor: apptest.Owner(potter(n)), WishID: p.wish,
		MerchantID: potter(n), Offer: o})
}

// bids puts down what an offer asks for, and makes it.
func (p *purse) bids(n int, o bid.Offer) bid.Taken {
	p.T.Helper()
	p.puts(n, auction.Figures(p.Clock.Now()).DepositFor(o))
	taken, err := p.place(n, o)
	p.Must(err)
	return taken
}

// awarded lets the auction close and its members look.
func (p *purse) awarded() {
	p.T.Helper()
	a, err := bid.Find(p.Ctx, p.DB, p.wish)
	p.Must(err)
	p.Clock.Set(a.DueAt())
	p.Work()
	p.Pass(24 * time.Hour)
}

// wantDown compares a seller's deposits, oldest first: won, state and cause.
func (p *purse) wantDown(n int, want string) {
	p.T.Helper()
	p.Work()
	all, err := p.Deposits.List(p.Ctx, p.wish, potter(n))
	p.Must(err)
	got := ""
	for _, d := range all {
		got += fmt.Sprintf("%d %s %s %d;", d.Amount, d.State, d.Cause, d.Shared)
	}
	if got != want {
		p.T.Errorf("seller %d: %s, not %s", n, got, want)
	}
}

// TestADepositIsAskedFor: a bid of a large sum needs one, a small one none, and the refusal names the sum.
func TestADepositIsAskedFor(t *testing.T) {
	auctioned(t, 2, func(p *purse) {
		p.Must(p.DB.Write(p.Ctx, func(tx *db.Tx) error {
			return merchant.Join(p.Ctx, tx, merchant.Member{MerchantID: potter(2), AccountID: apptest.Buyer(3).AccountID,
				Role: market.RoleManager, AddedBy: apptest.Buyer(3).AccountID, AddedAt: tx.Now()})
		}))
		if _, err := p.Deposits.Start(p.Ctx, apptest.Owner(potter(2)), p.total(2, 12_000)); !errors.Is(err,
			bid.ErrOwnCrowd) {
			t.Errorf("who could not bid pays: %v", err)
		}
		if _, err := p.place(1, parcel(30_000, 8)); !errors.Is(err, bid.ErrDeposit) {
			t.Errorf("without a deposit: %v", err)
		}
		_, err := p.place(1, parcel(30_000, 6)) // 180,000 won
		p.Must(err)
		p.puts(1, 12_000)
		if _, err := p.place(1, parcel(29_000, 12)); !errors.Is(err, bid.ErrDeposit) { // 348,000 won, 17,400 asked
			t.Errorf("too little down: %v", err)
		}
		_, err = p.Deposits.Start(p.Ctx, apptest.Owner(potter(1)), p.total(1, 12_000))
		if !errors.Is(err, deposit.ErrDown) {
			t.Errorf("down already: %v", err)
		}
		for _, total := range []int64{0, -1, 300_001} {
			if _, err := p.Deposits.Start(p.Ctx, apptest.Owner(potter(1)), p.total(1, total)); !errors.Is(err,
				deposit.ErrTotal) {
				t.Errorf("%d: %v", total, err)
			}
		}
		if _, err := p.Deposits.Start(p.Ctx, apptest.Buyer(1), p.total(1, 20_000)); err == nil {
			t.Error("a stranger puts one down for a shop")
		}
		p.puts(1, 17_400)
		p.wantDown(1, "12000 held  0;5400 held  0;")
		// A seller who bids less has its deposit down until the end.
		if _, err := p.place(1, parcel(28_000, 6)); !errors.Is(err, bid.ErrOwnLowest) {
			t.Errorf("undercuts itself: %v", err)
		}
	})
}

// TestALostBidsDepositReturns: the winner is paid, and whoever lost has its won back then; the winner's comes back when
// it has served.
func TestALostBidsDepositReturns(t *testing.T) {
	auctioned(t, 2, func(p *purse) {
		p.bids(2, parcel(32_000, 8))
		p.bids(1, parcel(30_000, 8))
		p.awarded()
		p.all(1, 10)
		p.wantDown(2, "12800 held  0;") // in reserve until the winner begins
		p.round()
		p.wantOutcome("fulfilling over 10 enough")
		p.wantDown(2, "12800 returned lost 0;")
		p.wantDown(1, "12000 held  0;")
		p.serve(10)
		p.wantDown(1, "12000 returned served 0;")
	})
}

// TestAWinnerWhoServesFewLosesIt: most was never sent; what is kept goes to those who waited, in equal parts.
func TestAWinnerWhoServesFewLosesIt(t *testing.T) {
	auctioned(t, 1, func(p *purse) {
		p.capital()
		p.bids(1, parcel(30_000, 8))
		p.awarded()
		p.all(1, 10)
		p.round()
		p.serve(3)
		p.days(50)
		p.wantDown(1, "12000 kept not_served 12000;")
		p.wantParts("1715 1715 1714 1714 1714 1714 1714")
		p.wantMails("보증금 12,000원을 돌려 드리지 않아요", 1)
		p.wantMails("판매자 보증금에서", 7)
	})
}

// TestWhatAWinnerAnswersForInDisputes: of ten, six go back as a whole in disputes. A change of mind is no fault.
func TestWhatAWinnerAnswersForInDisputes(t *testing.T) {
	for reason, want := range map[escrow.Reason]string{escrow.Fake: "12000 kept not_served 12000;",
		escrow.Regret: "12000 returned served 0;"} {
		auctioned(t, 1, func(p *purse) {
			p.capital()
			p.bids(1, parcel(30_000, 8))
			p.awarded()
			p.all(1, 10)
			p.round()
			shares := p.ship(10)
			for i, s := range shares {
				member := market.Actor{AccountID: s.AccountID, Confirmed: true}
				if i < 4 {
					_, err := p.Deliver.Confirm(p.Ctx, member, s.OrderID)
					p.Must(err)
					continue
				}
				_, err := p.Deliver.OpenDispute(p.Ctx, member, deliver.DisputeCmd{OrderID: s.OrderID, Reason: reason,
					Words: "상자에 벽돌이 들어 있어요."})
				p.Must(err)
				if i%2 == 0 {
					_, err = p.Deliver.Speak(p.Ctx, apptest.Owner(potter(1)), deliver.SayCmd{OrderID: s.OrderID,
						Say: escrow.SayGiveIn, AsSeller: true})
				} else {
					_, err = p.Deliver.Decide(p.Ctx, apptest.Operator(), deliver.DecideCmd{OrderID: s.OrderID,
						Refunded: s.Amount, Note: "사진을 보니 약속한 물건이 아니어서 모두 돌려 드려요."})
				}
				p.Must(err)
			}
			p.wantDown(1, want)
			if reason == escrow.Fake {
				p.wantParts("2000 2000 2000 2000 2000 2000")
			}
		})
	}
}

// TestAWinnerWhoStepsBackLosesNothing: fewer than it needs have paid.
func TestAWinnerWhoStepsBackLosesNothing(t *testing.T) {
	auctioned(t, 2, func(p *purse) {
		p.bids(2, parcel(32_000, 8))
		p.bids(1, parcel(30_000, 8))
		p.awarded()
		p.all(1, 5)
		p.round()
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(potter(1)), fund.AnswerCmd{WishID: p.wish, MerchantID: potter(1)}))
		p.wantDown(1, "12000 returned no_fault 0;")
		p.wantDown(2, "12800 held  0;")
		p.round()
		p.Pass(25 * time.Hour)
		p.wantOutcome("bidding over 0 nobody")      // the wish has gathered on, with those who are there
		p.wantDown(2, "12800 returned no_fault 0;") // it was asked next, and nobody paid it
	})
}

// TestAWinnerWhoMayNotBePaid: it is suspended after it has won, before anybody may pay. Nobody has paid whom it could
// go to, and the next offer is asked.
func TestAWinnerWhoMayNotBePaid(t *testing.T) {
	auctioned(t, 2, func(p *purse) {
		p.bids(2, parcel(32_000, 8))
		p.bids(1, parcel(30_000, 8))
		a, err := bid.Find(p.Ctx, p.DB, p.wish)
		p.Must(err)
		p.Clock.Set(a.DueAt())
		p.Work()
		p.Clock.Advance(24 * time.Hour)
		p.Must(p.Auction.Award(p.Ctx, p.wish))
		p.suspend(potter(1))
		p.wantDown(1, "12000 kept unfit 0;")
		if e := p.escrow(); e.MerchantID != potter(2) {
			t.Errorf("%+v", e)
		}
		p.wantDown(2, "12800 held  0;")
	})
}

// TestAnOperatorTakesAFakeOut: before anybody has paid there is nobody to share it with.
func TestAnOperatorTakesAFakeOut(t *testing.T) {
	auctioned(t, 1, func(p *purse) {
		taken := p.bids(1, parcel(30_000, 8))
		p.Must(p.Auction.Disqualify(p.Ctx, apptest.Operator(), p.wish, taken.Bid.ID, "사업자 등록이 말소된 판매자입니다"))
		p.wantDown(1, "12000 kept fake 0;")
	})
}

// TestWithdrawAndBidAgain: what is taken back in time frees the deposit, and another bid needs another one.
func TestWithdrawAndBidAgain(t *testing.T) {
	auctioned(t, 1, func(p *purse) {
		taken := p.bids(1, parcel(30_000, 8))
		back := auction.WithdrawCmd{WishID: p.wish, BidID: taken.Bid.ID, MerchantID: potter(1)}
		p.Must(p.Auction.Withdraw(p.Ctx, apptest.Owner(potter(1)), back))
		_, err := p.place(1, parcel(30_000, 8)) // at once: nobody has seen it free
		p.Must(err)
		p.wantDown(1, "12000 held  0;")
		b, err := bid.Standings(p.Ctx, p.DB, potter(1), []market.WishID{p.wish})
		p.Must(err)
		back.BidID = b[p.wish].ID
		p.Must(p.Auction.Withdraw(p.Ctx, apptest.Owner(potter(1)), back))
		p.wantDown(1, "12000 returned withdrawn 0;")
		if _, err := p.place(1, parcel(30_000, 8)); !errors.Is(err, bid.ErrDeposit) {
			t.Errorf("without another deposit: %v", err)
		}
		p.bids(1, parcel(30_000, 8))
		p.wantDown(1, "12000 returned withdrawn 0;12000 held  0;")
	})
}

// TestADepositWithoutABid goes back after a day.
func TestADepositWithoutABid(t *testing.T) {
	auctioned(t, 1, func(p *purse) {
		p.puts(1, 12_000)
		p.Pass(23 * time.Hour)
		p.wantDown(1, "12000 held  0;")
		p.Pass(time.Hour)
		p.wantDown(1, "12000 returned unused 0;")
	})
}

// TestAReturnIsSeenByBids: until the auction is closed a return writes its row, so that a bid of a node whose clock is
// behind is decided anew.
func TestAReturnIsSeenByBids(t *testing.T) {
	auctioned(t, 1, func(p *purse) {
		p.puts(1, 12_000)
		was, err := bid.Find(p.Ctx, p.DB, p.wish)
		p.Must(err)
		p.Clock.Set(was.DueAt())
		worked, err := p.Deposits.SettleOnce(p.Ctx)
		p.Must(err)
		is, err := bid.Find(p.Ctx, p.DB, p.wish)
		p.Must(err)
		if !worked || is.Version != was.Version+1 || !is.In(bid.Open) {
			t.Errorf("%v, %+v", worked, is)
		}
		p.wantDown(1, "12000 returned unused 0;")
	})
}

// TestBidsAndReturnsAtOnce: sellers bid with deposits in the moment in which these go back for want of a bid. Each
// stands with its deposit down, or was refused and has its won back. Which of both is not the same on both engines.
func TestBidsAndReturnsAtOnce(t *testing.T) {
	for name, open := range map[string]func(testing.TB) (*db.DB, *dbtest.World){"sqlite": dbtest.SQLite,
		"postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			d, tw := open(t)
			p := auctionOf(apptest.New(t, d, tw.Clock), bid.Sealed, 10)
			for n := 1; n <= 10; n++ {
				p.puts(n, 12_000)
			}
			p.Clock.Advance(24 * time.Hour)
			p.atOnce(10)
			p.sound()
		})
	}
}

// atOnce lets sellers bid while deposits go back, and compares both.
func (p *purse) atOnce(sellers int) {
	p.T.Helper()
	offer := parcel(30_000, 8)
	offer.PromisedBy = p.Clock.Now().AddDate(0, 0, 30)
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := p.Deposits.SettleOnce(p.Ctx); err != nil {
			p.T.Error(err)
		}
	})
	for n := sellers; n >= 1; n-- {
		all.Go(func() {
			_, err := p.Auction.Place(p.Ctx, auction.PlaceCmd{Actor: apptest.Owner(potter(n)), WishID: p.wish,
				MerchantID: potter(n), Offer: offer})
			if err != nil && !errors.Is(err, bid.ErrDeposit) {
				p.T.Error(err)
			}
		})
	}
	all.Wait()
	for n := 1; n <= sellers; n++ {
		list, err := p.Deposits.List(p.Ctx, p.wish, potter(n))
		p.Must(err)
		own, err := bid.Standings(p.Ctx, p.DB, potter(n), []market.WishID{p.wish})
		p.Must(err)
		if _, stands := own[p.wish]; stands != list[0].Down() {
			p.T.Errorf("seller %d stands: %v, with %s", n, stands, list[0].State)
		}
	}
}

// TestADepositIsPaidOnce: a double click, two tabs, two sums, a lost answer, a declined card, late money.
func TestADepositIsPaidOnce(t *testing.T) {
	auctioned(t, 1, func(p *purse) {
		who := apptest.Owner(potter(1))
		first, err := p.Deposits.Start(p.Ctx, who, p.total(1, 12_000))
		p.Must(err)
		again, err := p.Deposits.Start(p.Ctx, who, p.total(1, 12_000))
		p.Must(err)
		if again.Payment.ID != first.Payment.ID || again.URL != first.URL {
			t.Errorf("a second page: %s, %s", first.Payment.ID, again.Payment.ID)
		}
		key, err := p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: first.Payment.CheckoutKey,
			Instrument: gateway.InstrumentOK})
		p.Must(err)
		more, err := p.Deposits.Start(p.Ctx, who, p.total(1, 15_000))
		p.Must(err)
		if _, err := p.Deposits.Pay(p.Ctx, first.Payment.ID, key); !errors.Is(err, payment.ErrLate) {
			t.Errorf("the first tab: %v", err)
		}
		key, err = p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: more.Payment.CheckoutKey,
			Instrument: gateway.InstrumentOK})
		p.Must(err)
		// The node dies before the answer to the capture: the intent stands, and the attempt is looked up later.
		_, err = p.Deposits.Begin(p.Ctx, more.Payment.ID, key)
		p.Must(err)
		if _, err := p.Deposits.Start(p.Ctx, who, p.total(1, 15_000)); !errors.Is(err, payment.ErrPending) {
			t.Errorf("beside a capture: %v", err)
		}
		p.Pass(time.Minute)
		p.wantDown(1, "15000 held  0;")
		for range 2 {
			paid, err := p.Deposits.Pay(p.Ctx, more.Payment.ID, key)
			p.Must(err)
			if paid.First || paid.Late {
				t.Errorf("%+v", paid)
			}
		}
		if _, err := p.Deposits.PayDirectly(p.Ctx, who, p.total(1, 20_000), gateway.InstrumentDecline); !errors.Is(err,
			payment.ErrDeclined) {
			t.Errorf("a declined card: %v", err)
		}
		p.wantDown(1, "15000 held  0;5000 open  0;")
		_, err = p.place(1, parcel(30_000, 8))
		p.Must(err)
		p.late(20_000)
	})
}

// TestADepositTakenBackIsNotDown: the gateway gave the money back before its answer was heard. Nothing is down for it.
func TestADepositTakenBackIsNotDown(t *testing.T) {
	auctioned(t, 1, func(p *purse) {
		_, charged := p.unheard(12_000)
		_, err := p.Client.Cancel(p.Ctx, gateway.CancelRequest{PaymentKey: charged.PaymentKey, Reason: "시험",
			IdempotencyKey: "taken-back"})
		p.Must(err)
		p.Pass(time.Minute)
		p.wantDown(1, "12000 open  0;")
	})
}

// unheard captures what is missing to a total, and loses the answer.
func (p *purse) unheard(total int64) (payment.Payment, gateway.Payment) {
	p.T.Helper()
	s, err := p.Deposits.Start(p.Ctx, apptest.Owner(potter(1)), p.total(1, total))
	p.Must(err)
	key, err := p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: s.Payment.CheckoutKey,
		Instrument: gateway.InstrumentOK})
	p.Must(err)
	begun, err := p.Deposits.Begin(p.Ctx, s.Payment.ID, key)
	p.Must(err)
	charged, err := p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: key, OrderID: string(begun.ID),
		Amount: begun.Amount, IdempotencyKey: "confirm-" + string(begun.ID) + "-" + key})
	p.Must(err)
	return begun, charged
}

// late hears the answer to a capture after the close.
func (p *purse) late(total int64) {
	p.T.Helper()
	begun, _ := p.unheard(total)
	p.awarded()
	all, err := payment.OfOrder(p.Ctx, p.DB, begun.OrderID)
	p.Must(err)
	last := all[len(all)-1]
	if last.Got() != 5_000 || last.Refundable != 0 {
		p.T.Errorf("late money: %+v", last)
	}
	p.wantDown(1, "15000 held  0;5000 gone  0;")
}

// serve sends what the first members have paid for, and lets each of them confirm it.
func (p *purse) serve(n int) {
	p.T.Helper()
	for _, s := range p.ship(n) {
		_, err := p.Deliver.Confirm(p.Ctx, market.Actor{AccountID: s.AccountID, Confirmed: true}, s.OrderID)
		p.Must(err)
	}
}

// ship sends what the first members have paid for.
func (p *purse) ship(n int) []escrow.Share {
	p.T.Helper()
	shares, err := escrow.ListShares(p.Ctx, p.DB, p.wish, "", n)
	p.Must(err)
	cmd := deliver.ShipCmd{WishID: p.wish}
	for i, s := range shares {
		cmd.Parcels = append(cmd.Parcels, escrow.Sent{OrderID: s.OrderID,
			Name: parcels.Name{Carrier: "cj", Number: fmt.Sprintf("6%011d", i)}})
	}
	_, err = p.Deliver.Ship(p.Ctx, apptest.Owner(potter(1)), cmd)
	p.Must(err)
	return shares
}

// wantMails counts letters by words of their subject.
func (p *purse) wantMails(words string, want int64) {
	p.T.Helper()
	n, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT count(*) FROM kit_mail WHERE subject LIKE '%' || $1 || '%'`,
		words)
	p.Must(err)
	if n != want {
		p.T.Errorf("%d letters say %q, not %d", n, words, want)
	}
}

// wantParts compares what members are owed of kept deposits, by their orders, as the book has it beside their refunds.
func (p *purse) wantParts(want string) {
	p.T.Helper()
	parts, err := db.All(p.Ctx, p.DB, db.Scalar[string], `SELECT CAST(i.amount AS text) FROM interest i
 WHERE i.kind = 'deposit' ORDER BY i.order_id`)
	p.Must(err)
	if got := strings.Join(parts, " "); got != want {
		p.T.Errorf("parts of %s, not %s", got, want)
	}
}
