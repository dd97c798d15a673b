package auction_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

const pause = 24 * time.Hour

// told counts the events of a kind about the wish.
func (h *hall) told(kind string) int64 {
	h.T.Helper()
	n, err := db.One(h.Ctx, h.DB, db.Scalar[int64], `SELECT count(*) FROM kit_event WHERE aggregate = $1 AND kind = $2`,
		string(h.wish), kind)
	h.Must(err)
	return n
}

func (h *hall) join(n int, kind wish.Kind) wanted.Joined {
	h.T.Helper()
	got, err := h.wanted.Join(h.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(n), WishID: h.wish, Kind: kind})
	h.Must(err)
	return got
}

func (h *hall) pasts() []wish.Past {
	h.T.Helper()
	list, err := wish.Pasts(h.Ctx, h.DB, h.wish)
	h.Must(err)
	return list
}

// TestAWishWithoutOffersGathersOn: nobody bids, all members stay and may leave; sellers are asked anew after a pause,
// once, and when no round is left the wish ends as ever.
func TestAWishWithoutOffersGathersOn(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		h.gather()
		h.close(true)
		a, w := h.stands()
		if w.State != wish.Gathering || w.Round != 2 || w.Reached() || w.Firm != crowd || !a.In(bid.Planned) || a.Round != 2 {
			t.Fatalf("%+v %+v", w, a)
		}
		if p := h.pasts(); len(p) != 1 || p[0].Round != 1 || p[0].Outcome != wish.OutcomeNoBid || p[0].Sellers != 0 ||
			p[0].Firm != crowd || p[0].Threshold != crowd {
			t.Errorf("%+v", p)
		}
		if got := h.join(40, wish.Firm); got.Reached {
			t.Error("passed the point in the pause")
		}
		h.join(3, wish.Away)
		h.bids(1, 50_000) // offers come before the point
		h.Must(h.wanted.Resume(h.Ctx, h.wish))
		if _, w := h.stands(); w.State != wish.Gathering {
			t.Error("went on before its pause was over")
		}
		h.Clock.Advance(pause)
		for range 2 {
			h.Must(h.wanted.Resume(h.Ctx, h.wish))
		}
		a, w = h.stands()
		if w.State != wish.Bidding || !w.Reached() || !a.In(bid.Open) || a.LowestPrice != 50_000 ||
			h.told(event.WishReached{}.Kind()) != 2 {
			t.Fatalf("%+v %+v, told %d times", w, a, h.told(event.WishReached{}.Kind()))
		}
		h.Must(h.auction.Withdraw(h.Ctx, apptest.Owner(seller(1)), withdrawal(h, a.Lowest)))
		h.close(true)
		if _, w = h.stands(); w.State != wish.Gathering || w.Round != 3 {
			t.Fatalf("%+v", w)
		}
		h.Clock.Advance(pause)
		h.Must(h.wanted.Resume(h.Ctx, h.wish))
		h.close(true)
		if _, w = h.stands(); w.State != wish.Closed || w.Outcome != wish.OutcomeNoBid || w.Round != 3 ||
			h.told(event.WishReached{}.Kind()) != 3 || h.told(event.WishAgain{}.Kind()) != 2 {
			t.Errorf("%+v", w)
		}
	})
}

// TestTheLeadAsksForFewer: only the lead, only after a round, never fewer than policy says; as many as are there pass
// the point at once, once.
func TestTheLeadAsksForFewer(t *testing.T) {
	each(t, bid.Sealed, func(h *hall) {
		lead := apptest.Buyer(1)
		if err := h.wanted.Fewer(h.Ctx, lead, h.wish, 6); !errors.Is(err, wish.ErrState) {
			t.Errorf("in its first round: %v", err)
		}
		h.gather()
		h.bids(2, 30_000)
		h.bids(3, 20_000)
		a, _ := h.stands()
		h.close(false)
		bids, err := bid.Bids(h.Ctx, h.DB, h.wish)
		h.Must(err)
		for _, b := range bids {
			for n := 1; n <= 4; n++ {
				h.Must(h.auction.Vote(h.Ctx, apptest.Buyer(n), h.wish, voice.Vote{BidID: b.ID, Flag: voice.FlagFake}))
			}
		}
		h.Clock.Set(a.DueAt().Add(24 * time.Hour))
		h.Must(h.auction.Award(h.Ctx, h.wish))
		if p := h.pasts(); len(p) != 1 || p[0].Sellers != 2 {
			t.Fatalf("%+v", p)
		}
		for n := 8; n <= crowd; n++ {
			h.join(n, wish.Away)
		}
		for n, want := range map[int64]error{4: wish.ErrFewer, crowd + 1: wish.ErrFewer, crowd: nil} {
			if err := h.wanted.Fewer(h.Ctx, lead, h.wish, n); !errors.Is(err, want) {
				t.Errorf("%d people: %v", n, err)
			}
		}
		if err := h.wanted.Fewer(h.Ctx, apptest.Buyer(2), h.wish, 7); !errors.Is(err, right.ErrHidden) {
			t.Errorf("somebody else: %v", err)
		}
		if _, w := h.stands(); !w.Paused() {
			t.Error("a refusal ended the pause")
		}
		h.Must(h.wanted.Fewer(h.Ctx, lead, h.wish, 9))
		if a, w := h.stands(); w.State != wish.Gathering || w.Paused() || w.Threshold != 9 || a.Quantity != 9 ||
			w.Missing() != 2 {
			t.Errorf("%+v %+v", w, a)
		}
		h.Must(h.wanted.Fewer(h.Ctx, lead, h.wish, 7))
		a, w := h.stands()
		if w.State != wish.Bidding || !a.In(bid.Open) || a.Quantity != 7 || h.told(event.WishReached{}.Kind()) != 2 {
			t.Fatalf("%+v %+v", w, a)
		}
		if err := h.wanted.Fewer(h.Ctx, lead, h.wish, 6); !errors.Is(err, wish.ErrState) {
			t.Errorf("while sellers bid: %v", err)
		}
		h.bids(3, 25_000) // was voted out in the first round
		h.close(true)
		if a, w = h.stands(); w.State != wish.Paying || a.LowestPrice != 25_000 || a.Firm != 7 {
			t.Errorf("%+v %+v", w, a)
		}
		if got := h.order(); got != "3:lowest " {
			t.Error(got)
		}
	})
}

// TestTheLeadGoesOnOrLetsItBe: the lead may end the pause, and may end the wish though others are firm.
func TestTheLeadGoesOnOrLetsItBe(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		lead := apptest.Buyer(1)
		h.gather()
		h.close(true)
		if err := h.wanted.GoOn(h.Ctx, apptest.Buyer(2), h.wish); !errors.Is(err, right.ErrHidden) {
			t.Errorf("somebody else goes on: %v", err)
		}
		for range 2 {
			h.Must(h.wanted.GoOn(h.Ctx, lead, h.wish))
		}
		if _, w := h.stands(); w.State != wish.Bidding || h.told(event.WishReached{}.Kind()) != 2 {
			t.Fatalf("%+v", w)
		}
		h.close(true)
		if err := h.wanted.Withdraw(h.Ctx, apptest.Buyer(2), h.wish); !errors.Is(err, right.ErrHidden) {
			t.Errorf("somebody else ends it: %v", err)
		}
		h.Must(h.wanted.Withdraw(h.Ctx, lead, h.wish))
		a, w := h.stands()
		if w.State != wish.Closed || w.Outcome != wish.OutcomeWithdrawn || w.Round != 3 || !a.In(bid.Void) {
			t.Errorf("%+v %+v", w, a)
		}
		h.Clock.Advance(pause)
		h.Must(h.wanted.Resume(h.Ctx, h.wish))
	})
}

// TestNoTimeIsLeft: a wish whose own last day is near or past ends as ever.
func TestNoTimeIsLeft(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		_, w := h.stands()
		h.Clock.Set(w.Until.Add(-100 * time.Hour)) // the close and the choosing take 96 of them
		h.gather()
		h.close(true)
		if _, w = h.stands(); w.State != wish.Closed || w.Outcome != wish.OutcomeNoBid || w.Round != 1 {
			t.Errorf("%+v", w)
		}
		if len(h.pasts()) != 0 {
			t.Error("a round was written down that is the last")
		}
	})
}

func withdrawal(h *hall, id market.BidID) auction.WithdrawCmd {
	return auction.WithdrawCmd{WishID: h.wish, BidID: id, MerchantID: seller(1)}
}
