package auction_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/right"
)

func (h *hall) desk(n int) auction.Desk {
	h.T.Helper()
	d, err := h.auction.Desk(h.Ctx, apptest.Owner(seller(n)), h.wish, seller(n))
	h.Must(err)
	return d
}

// TestADeskShowsWhatToUndercut: the lowest, the next price that counts, one's own place, and nobody's seal
// but one's own.
func TestADeskShowsWhatToUndercut(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		h.gather()
		if d := h.desk(1); d.HasOwn || d.Auction.LowestPrice != 0 || !d.Bidder.Registered {
			t.Errorf("%+v", d)
		}
		h.bids(1, 10_000)
		h.bids(2, 9_000)
		d := h.desk(1)
		if !d.HasOwn || d.Place != 2 || d.Auction.LowestPrice != 9_000 || d.PriceMax != 8_900 {
			t.Errorf("own %v, place %d, lowest %d, at most %d", d.HasOwn, d.Place, d.Auction.LowestPrice, d.PriceMax)
		}
		if d := h.desk(stranger); !d.Bidder.Registered || d.Bidder.Verified {
			t.Errorf("%+v", d.Bidder)
		}
		if _, err := h.auction.Desk(h.Ctx, apptest.Owner(seller(2)), h.wish, seller(1)); !errors.Is(err, right.ErrHidden) {
			t.Errorf("somebody else's desk: %v", err)
		}
	})
}

// TestASealedDeskKeepsSecrets: the price of a sealed bid is nowhere on anybody else's desk before the close.
func TestASealedDeskKeepsSecrets(t *testing.T) {
	each(t, bid.Sealed, func(h *hall) {
		h.gather()
		h.bids(1, 7_654)
		if d := h.desk(1); !d.HasOwn || d.Own.Offer.UnitPrice != 7_654 || d.Place != 0 ||
			d.Seal.Commitment() != d.Own.Commitment || !strings.Contains(d.Seal.Text, "7654") {
			t.Errorf("%+v", d)
		}
		salt := h.desk(1).Seal.Salt
		if said := fmt.Sprintf("%+v", h.desk(2)); strings.Contains(said, "7654") || strings.Contains(said, salt) {
			t.Errorf("another seller reads %s", said)
		}
		h.close(false)
		if d := h.desk(1); d.Place != 1 {
			t.Errorf("after the close the place is %d", d.Place)
		}
	})
}

// TestTryWritesNothing: what would become of an offer is what becomes of it.
func TestTryWritesNothing(t *testing.T) {
	each(t, bid.InTheOpen, func(h *hall) {
		h.gather()
		h.bids(1, 10_000)
		before, _ := h.stands()
		try := func(n int, price int64) auction.Trial {
			got, err := h.auction.Try(h.Ctx, auction.PlaceCmd{Actor: apptest.Owner(seller(n)), WishID: h.wish,
				MerchantID: seller(n), Offer: h.offer(price)})
			h.Must(err)
			return got
		}
		for _, price := range []int64{9_950, 9_900, 5} {
			trial := try(2, price)
			_, err := h.place(2, price)
			if fail.CodeOf(trial.Refusal) != fail.CodeOf(err) || trial.Lowest != (err == nil) {
				t.Errorf("%d: tried %v, done %v", price, trial.Refusal, err)
			}
		}
		if got := try(2, 9_000); !errors.Is(got.Refusal, bid.ErrOwnLowest) {
			t.Errorf("under himself: %v", got.Refusal)
		}
		after, _ := h.stands()
		if after.Seq != before.Seq+1 {
			t.Errorf("%d bids, one was made", after.Seq-before.Seq)
		}
	})
}
