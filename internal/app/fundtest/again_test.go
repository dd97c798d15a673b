package fundtest_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/takedown"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
)

func (p *purse) find() wish.Wish {
	p.T.Helper()
	w, err := wish.Find(p.Ctx, p.DB, p.wish)
	p.Must(err)
	return w
}

// offer lets a seller offer now.
func (p *purse) offer(n int, o bid.Offer) {
	p.T.Helper()
	o.PromisedBy = p.Clock.Now().AddDate(0, 0, 30)
	_, err := p.Auction.Place(p.Ctx, auction.PlaceCmd{Actor: apptest.Owner(potter(n)), WishID: p.wish,
		MerchantID: potter(n), Offer: o})
	p.Must(err)
}

// decided lets the pause of a round, the bidding and the choosing pass.
func (p *purse) decided() {
	p.T.Helper()
	p.Clock.Set(p.find().PauseUntil)
	p.Work()
	a, err := bid.Find(p.Ctx, p.DB, p.wish)
	p.Must(err)
	p.Clock.Set(a.DueAt())
	p.Work()
	p.Pass(24 * time.Hour)
}

// TestARoundThatFailedIsPaidBackBeforeTheNext: the seller steps back, everybody has their money back, the wish gathers
// on, and in its second round the same seller serves the same members out of the same escrow.
func TestARoundThatFailedIsPaidBackBeforeTheNext(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		p.all(1, 5)
		late, key := p.authorize(6, 1, gateway.InstrumentOK)
		p.round()
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(potter(1)), fund.AnswerCmd{WishID: p.wish, MerchantID: potter(1)}))
		if w := p.find(); w.State != wish.Paying {
			t.Errorf("%s before everybody is paid back", w.State)
		}
		p.Must(p.Fund.Open(p.Ctx, p.wish)) // a job of the round that is over
		p.Work()
		w := p.find()
		if w.State != wish.Gathering || w.Round != 2 || !w.Paused() {
			t.Fatalf("%+v", w)
		}
		p.wantOutcome("gathering over 0 no_seller")
		for n := 1; n <= 5; n++ {
			p.wantWon(n, "30000 30000 0")
		}
		p.sound()
		p.offer(1, parcel(20_000, 3))
		p.decided()
		p.wantOutcome("paying open 0")
		if e := p.escrow(); e.Phase != escrow.Paying || e.UnitPrice != 20_000 || !e.EndedAt.IsZero() {
			t.Fatalf("%+v", e)
		}
		if paid, err := p.Fund.Pay(p.Ctx, late, key); err == nil && paid.First { // a page of the first round
			t.Error("a page of the round before made a share")
		}
		p.sound()
		p.all(1, 4)
		p.thenSold(30_000, 20_000)
		p.round()
		p.wantOutcome("fulfilling over 4 enough")
		p.wantWon(1, "50000 30000 20000")
		p.wantWon(5, "30000 30000 0")
		if n, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT count(*) FROM wish_round WHERE wish_id = $1
 AND outcome = 'too_few'`, string(p.wish)); err != nil || n != 1 {
			t.Errorf("%d rounds written down, %v", n, err)
		}
	})
}

// thenSold holds that the first member's shares, the newest one first, name the round in which each was paid.
func (p *purse) thenSold(was, is money.Won) {
	p.T.Helper()
	page, err := p.Deliver.Shares(p.Ctx, apptest.Buyer(1), "")
	p.Must(err)
	if len(page.List) != 2 || page.List[0].Escrow.UnitPrice != is || page.List[1].Escrow.UnitPrice != was ||
		page.List[0].Escrow.BidID == page.List[1].Escrow.BidID {
		p.T.Fatalf("%+v", page.List)
	}
	detail, err := p.Deliver.Share(p.Ctx, apptest.Buyer(1), page.List[1].OrderID)
	p.Must(err)
	if detail.Escrow.UnitPrice != was || detail.Escrow.Phase != escrow.Void || detail.Seller.Name == "" {
		p.T.Errorf("%+v", detail)
	}
}

// TestRoundsEnd: three times nobody pays; then the wish is over.
func TestRoundsEnd(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		for n := 2; n <= 3; n++ {
			p.round()
			if w := p.find(); w.Round != int64(n) || w.State != wish.Gathering {
				t.Fatalf("%+v", w)
			}
			p.offer(1, parcel(30_000, 8))
			p.decided()
		}
		p.round()
		p.wantOutcome("closed over 0 nobody")
		if w := p.find(); w.Outcome != wish.OutcomeTooFew || w.Round != 3 {
			t.Errorf("%+v", w)
		}
	})
}

// TestTakenDownWhileMembersPay: whoever has paid is paid back, and no offer is asked any more.
func TestTakenDownWhileMembersPay(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 3), parcel(31_000, 3)}, func(p *purse) {
		p.all(1, 4)
		late, key := p.authorize(5, 1, gateway.InstrumentOK)
		p.Must(p.TakeDown.Do(p.Ctx, apptest.Operator(), takedown.Cmd{WishID: p.wish, Ground: wish.GroundOrdered,
			Words: "법원이 판매를 멈추라고 했어요.", Key: "down"}))
		if paid, err := p.Fund.Pay(p.Ctx, late, key); err == nil && paid.First {
			t.Error("a share of a wish that was taken down")
		}
		p.Work()
		p.wantOutcome("closed over 0 stopped")
		for n := 1; n <= 4; n++ {
			p.wantWon(n, "30000 30000 0")
		}
	})
}

// TestTakenDownWhileItIsServed: nobody reads it any more, and its members are served as promised.
func TestTakenDownWhileItIsServed(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 3)}, func(p *purse) {
		p.all(1, 4)
		p.round()
		p.Must(p.TakeDown.Do(p.Ctx, apptest.Operator(), takedown.Cmd{WishID: p.wish, Ground: wish.GroundRights,
			Words: "다른 사람의 사진을 허락 없이 썼어요.", Key: "down"}))
		p.wantOutcome("fulfilling over 4 enough")
		p.wantWon(1, "30000 0 30000")
		if w := p.find(); !w.TakenDown() || w.Name != "–" || w.Outcome != "" {
			t.Errorf("%+v", w)
		}
	})
}
