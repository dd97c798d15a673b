package auction_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// hall is a wish of a class (twelve members) and the sellers around it.
type hall struct {
	*apptest.World
	wanted  *wanted.Wanted
	auction *auction.Auction
	wish    market.WishID
}

const crowd = 12

func each(t *testing.T, kind bid.Kind, body func(h *hall)) {
	t.Helper()
	apptest.Each(t, func(w *apptest.World) {
		h := &hall{World: w, wanted: w.Wanted, auction: w.Auction}
		one, err := h.wanted.Post(w.Ctx, apptest.Buyer(1), wanted.PostCmd{Draft: wish.Draft{Name: "주말 도예 수업",
			CategoryID: "learn.class"}, Bids: kind, Key: "post"})
		w.Must(err)
		h.wish = one.ID
		for n := 1; n <= 6; n++ {
			h.Shop(seller(n), fmt.Sprint("공방 ", n), "본점")
			if n != stranger {
				h.Approve(seller(n))
				continue
			}
			h.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				m, err := merchant.Find(w.Ctx, tx, seller(n))
				if err != nil {
					return err
				}
				return merchant.Move(w.Ctx, tx, m, merchant.Submitted, "")
			}))
		}
		body(h)
	})
}

// stranger is a seller whose registration nobody has looked at yet.
const stranger = 6

func seller(n int) market.MerchantID { return market.MerchantID(fmt.Sprintf("mer_potter_%d", n)) }

// gather lets people come until the point is reached.
func (h *hall) gather() {
	h.T.Helper()
	for n := 2; n <= crowd; n++ {
		_, err := h.wanted.Join(h.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(n), WishID: h.wish, Kind: wish.Firm})
		h.Must(err)
	}
}

func (h *hall) offer(price int64) bid.Offer {
	return bid.Offer{Delivery: bid.Shipping, UnitPrice: price, QuantityMin: 5, PromisedBy: h.Clock.Now().AddDate(0, 0, 30)}
}

func (h *hall) place(n int, price int64) (bid.Taken, error) {
	h.T.Helper()
	return h.auction.Place(h.Ctx, auction.PlaceCmd{Actor: apptest.Owner(seller(n)), WishID: h.wish, MerchantID: seller(n),
		Offer: h.offer(price)})
}

func (h *hall) bids(n int, price int64) market.BidID {
	h.T.Helper()
	t, err := h.place(n, price)
	h.Must(err)
	return t.Bid.ID
}

func (h *hall) stands() (bid.Auction, wish.Wish) {
	h.T.Helper()
	a, err := bid.Find(h.Ctx, h.DB, h.wish)
	h.Must(err)
	w, err := wish.Find(h.Ctx, h.DB, h.wish)
	h.Must(err)
	return a, w
}

// close lets the last instant of the bidding pass, and the time to choose where award is true.
func (h *hall) close(decide bool) {
	h.T.Helper()
	a, _ := h.stands()
	h.Clock.Set(a.DueAt())
	h.Must(h.auction.Close(h.Ctx, h.wish))
	if decide {
		h.Clock.Advance(24 * time.Hour)
		h.Must(h.auction.Award(h.Ctx, h.wish))
	}
}

func (h *hall) jobs(kind string) int64 {
	h.T.Helper()
	n, err := db.One(h.Ctx, h.DB, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE kind = $1`, kind)
	h.Must(err)
	return n
}

func (h *hall) order() string {
	h.T.Helper()
	a, _ := h.stands()
	bids, err := bid.Bids(h.Ctx, h.DB, h.wish)
	h.Must(err)
	out := ""
	for _, l := range award.Told(a, bids, nil, bid.Rules{}).Lines {
		out += fmt.Sprintf("%s:%s ", l.Bid.MerchantID[len("mer_potter_"):], l.Reason)
	}
	if faults := award.Prove(a, bids, h.seals()); len(faults) > 0 {
		h.T.Errorf("what is kept does not prove the winner: %v", faults)
	}
	return out
}

func (h *hall) seals() []bid.Seal {
	h.T.Helper()
	list, err := bid.Seals(h.Ctx, h.DB, h.wish)
	h.Must(err)
	return list
}

// TestTheLowestAcceptedBidWins walks a whole auction in the open: an offer before the point, a fake that members vote
// out, a stranger whom nobody has checked, a price far off that stays, and a late bid.
func TestTheLowestAcceptedBidWins(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		h.bids(1, 50_000)
		h.gather()
		if a, w := h.stands(); !a.In(bid.Open) || w.State != wish.Bidding || a.LowestPrice != 50_000 {
			t.Fatalf("%s, %s, %d", a.State, w.State, a.LowestPrice)
		}
		if _, err := h.place(1, 49_000); !errors.Is(err, bid.ErrOwnLowest) {
			t.Errorf("undercut itself: %v", err)
		}
		if _, err := h.place(2, 49_600); !errors.Is(err, bid.ErrTooHigh) {
			t.Errorf("less than a step below: %v", err)
		}
		h.bids(2, 45_000)
		h.bids(3, 44_000)
		h.bids(4, 20_000) // far off, and true
		fake := h.bids(5, 10_000)
		a, _ := h.stands()
		h.Clock.Set(a.ClosesAt.Add(-time.Minute))
		h.bids(stranger, 9_000)
		late, _ := h.stands()
		if !late.ClosesAt.Equal(a.ClosesAt.Add(3*time.Minute)) || h.jobs("auction.close") != 2 {
			t.Errorf("closes %s, %d jobs", late.ClosesAt.Sub(a.ClosesAt), h.jobs("auction.close"))
		}
		h.Clock.Set(a.DueAt())
		h.Must(h.auction.Close(h.Ctx, h.wish)) // the job of the first close: too early now
		if is, _ := h.stands(); !is.In(bid.Open) {
			t.Error("closed before its time")
		}
		h.close(false)
		if _, err := h.place(2, 8_000); !errors.Is(err, bid.ErrOver) {
			t.Errorf("after the close: %v", err)
		}
		if _, err := h.wanted.Join(h.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(40), WishID: h.wish,
			Kind: wish.Firm}); !errors.Is(err, wish.ErrOver) {
			t.Errorf("joined after the close: %v", err)
		}
		for n := 1; n <= 4; n++ { // a third of twelve
			h.Must(h.auction.Vote(h.Ctx, apptest.Buyer(n), h.wish, voice.Vote{BidID: fake, Flag: voice.FlagFake}))
		}
		if err := h.auction.Vote(h.Ctx, apptest.Buyer(40), h.wish, voice.Vote{BidID: fake}); !errors.Is(err,
			voice.ErrNotMember) {
			t.Errorf("a stranger's vote: %v", err)
		}
		h.Clock.Advance(24 * time.Hour)
		for range 2 {
			h.Must(h.auction.Award(h.Ctx, h.wish))
		}
		is, w := h.stands()
		if !is.In(bid.Awarded) || w.State != wish.Paying || is.Firm != crowd {
			t.Errorf("%s, %s, %d firm", is.State, w.State, is.Firm)
		}
		if got := h.order(); got != "4:lowest 3:price 2:price 1:price 5:voted 6:unfit " {
			t.Error(got)
		}
	})
}

// TestSealedBidsTie: nobody sees a price before the close, the earliest of two equal ones wins, and what is shown then
// proves it.
func TestSealedBidsTie(t *testing.T) {
	each(t, bid.Sealed, func(h *hall) {
		h.gather()
		h.bids(1, 30_000)
		h.bids(2, 25_000)
		h.bids(3, 25_000)
		bids, err := bid.Bids(h.Ctx, h.DB, h.wish)
		h.Must(err)
		for _, b := range bids {
			if b.Shown() || b.Commitment == "" {
				t.Errorf("%+v before the close", b)
			}
		}
		told, err := db.One(h.Ctx, h.DB, db.Scalar[int64],
			`SELECT count(*) FROM kit_event WHERE kind = 'bid.placed' AND payload LIKE '%unit_price%'`)
		h.Must(err)
		if told > 0 {
			t.Error("the feed tells prices")
		}
		h.close(true)
		if got := h.order(); got != "2:lowest 3:later 1:price " {
			t.Error(got)
		}
	})
}

func TestOnlyWhoMay(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		place := func(who market.Actor, n int) error {
			_, err := h.auction.Place(h.Ctx, auction.PlaceCmd{Actor: who, WishID: h.wish, MerchantID: seller(n),
				Offer: h.offer(40_000)})
			return err
		}
		if err := place(apptest.Owner(seller(2)), 1); !errors.Is(err, right.ErrHidden) {
			t.Errorf("for another shop: %v", err)
		}
		if err := place(apptest.Staff(seller(1), "brn_1"), 1); !errors.Is(err, right.ErrForbidden) {
			t.Errorf("who only scans: %v", err)
		}
		if _, err := h.auction.Place(h.Ctx, auction.PlaceCmd{Actor: apptest.Owner(seller(1)), WishID: "wsh_none",
			MerchantID: seller(1), Offer: h.offer(40_000)}); !errors.Is(err, bid.ErrNoAuction) {
			t.Errorf("no wish: %v", err)
		}
		owner := apptest.Owner(seller(1))
		_, err := h.wanted.Join(h.Ctx, wanted.JoinCmd{Actor: owner, WishID: h.wish, Kind: wish.Firm})
		h.Must(err)
		if err := h.DB.Write(h.Ctx, func(tx *db.Tx) error {
			_, err := db.Exec(h.Ctx, tx, `INSERT INTO merchant_member (merchant_id, account_id, role, added_by, added_at)
 VALUES ($1, $2, 'owner', $2, 1) ON CONFLICT DO NOTHING`, string(seller(1)), string(owner.AccountID))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := place(owner, 1); !errors.Is(err, bid.ErrOwnCrowd) {
			t.Errorf("of the crowd: %v", err)
		}
		one := h.bids(2, 40_000)
		if err := h.auction.Withdraw(h.Ctx, apptest.Owner(seller(3)), auction.WithdrawCmd{WishID: h.wish, BidID: one,
			MerchantID: seller(3)}); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("another's bid: %v", err)
		}
		h.Must(h.auction.Withdraw(h.Ctx, apptest.Owner(seller(2)), auction.WithdrawCmd{WishID: h.wish, BidID: one,
			MerchantID: seller(2)}))
		two := h.bids(3, 41_000)
		if err := h.auction.Disqualify(h.Ctx, apptest.Buyer(2), h.wish, two, "가짜로 보여요"); !errors.Is(err,
			right.ErrHidden) {
			t.Errorf("a buyer disqualifies: %v", err)
		}
		h.Must(h.auction.Disqualify(h.Ctx, apptest.Operator(), h.wish, two, "팔 수 없는 물건이에요"))
		if _, err := h.place(3, 39_000); !errors.Is(err, bid.ErrBarred) {
			t.Errorf("bids again: %v", err)
		}
	})
}

func TestQuestionsAreAnsweredInPublic(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		one := h.bids(2, 40_000)
		asked, err := h.auction.Ask(h.Ctx, apptest.Buyer(30), h.wish, voice.Word{BidID: one, Words: "재료비도 들어 있나요?"})
		h.Must(err)
		answer := voice.Word{BidID: one, Answers: asked.ID, Words: "네, 모두 들어 있어요."}
		if _, err := h.auction.Answer(h.Ctx, apptest.Owner(seller(3)), seller(3), answer); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("another seller answers: %v", err)
		}
		told := 0 // those who look at the wish see the answer come
		h.DB.OnCommit(func(c db.Committed) {
			if c.Touched["wish:"+string(h.wish)] > 0 {
				told++
			}
		})
		_, err = h.auction.Answer(h.Ctx, apptest.Owner(seller(2)), seller(2), answer)
		h.Must(err)
		if told != 1 {
			t.Errorf("told %d times", told)
		}
		if _, err := h.auction.Answer(h.Ctx, apptest.Owner(seller(2)), seller(2), answer); !errors.Is(err,
			voice.ErrAnswered) {
			t.Errorf("twice: %v", err)
		}
		if _, err := h.auction.Ask(h.Ctx, apptest.Buyer(30), h.wish, voice.Word{BidID: one, Words: " "}); !errors.Is(err,
			voice.ErrWords) {
			t.Errorf("nothing asked: %v", err)
		}
		words, err := voice.Words(h.Ctx, h.DB, one, 10)
		h.Must(err)
		if len(words) != 2 || words[1].Answers != asked.ID {
			t.Errorf("%+v", words)
		}
	})
}

// TestABranchOfAnotherShopIsNoOffer: who offers to serve at a branch names one of its own.
func TestABranchOfAnotherShopIsNoOffer(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		place := func(branch market.BranchID) error {
			o := h.offer(9_000)
			o.Delivery, o.BranchID = bid.AtBranch, branch
			_, err := h.auction.Place(h.Ctx, auction.PlaceCmd{Actor: apptest.Owner(seller(1)), WishID: h.wish,
				MerchantID: seller(1), Offer: o})
			return err
		}
		branchOf := func(n int) market.BranchID {
			list, err := merchant.Branches(h.Ctx, h.DB, seller(n))
			h.Must(err)
			return list[0].ID
		}
		for _, branch := range []market.BranchID{branchOf(2), "brn_none"} {
			if err := place(branch); !errors.Is(err, bid.ErrBranch) {
				t.Errorf("%s: %v", branch, err)
			}
		}
		h.Must(place(branchOf(1)))
	})
}
