package bid_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
)

func TestABatchIsDecidedInTheOrderOfArrival(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		stepped := bidtest.Asks("c", 9_700)
		stepped.Offer.Steps = []bid.PriceStep{{From: 40, UnitPrice: 9_000}, {From: 50, UnitPrice: 8_500}}
		stepped.Offer.Evidence, stepped.Offer.Note = []string{"/a/1.jpg", "/a/2.jpg"}, "내일 보내요\n두 상자"
		other := bidtest.Asks("b", 30_000)
		other.Offer.UnitPrice, other.Offer.QuantityMin = 15_000, 40
		got := h.Place(bidtest.Asks("a", 10_000), bidtest.Asks("a", 9_000), bidtest.Asks("b", 9_950), other,
			bidtest.Asks("b", 9_900), stepped)
		for i, want := range []error{nil, bid.ErrOwnLowest, bid.ErrTooHigh, nil, nil, nil} {
			if !errors.Is(got[i].Err, want) || (got[i].Err == nil) != (want == nil) {
				t.Errorf("%d: %v, want %v", i, got[i].Err, want)
			}
		}
		if got[5].Outbid != got[4].Bid.ID || got[4].Replaced != got[3].Bid.ID || got[5].Bid.Seq != 4 ||
			got[5].Bid.Deposit != 2_910 {
			t.Errorf("%+v\n%+v", got[4], got[5])
		}
		a, kept := h.Auction(), h.Bids()
		if a.Lowest != got[5].Bid.ID || a.LowestPrice != 9_700 || a.Bids != 3 || a.Seq != 4 || a.Version != 3 {
			t.Errorf("%+v", a)
		}
		if len(kept) != 4 || fmt.Sprintf("%+v", kept[3]) != fmt.Sprintf("%+v", got[5].Bid) {
			t.Errorf("kept %+v\nwant %+v", kept, got[5].Bid)
		}
		if kept[1].State != bid.Replaced || kept[1].EndedAt.IsZero() {
			t.Errorf("%+v", kept[1])
		}
		if again := h.Place(bidtest.Asks("a", 9_600)); again[0].Err != nil || again[0].Replaced != got[0].Bid.ID ||
			h.Bids()[0].State != bid.Replaced {
			t.Errorf("%+v", again)
		}
		version := h.Auction().Version
		if refused := h.Place(bidtest.Asks("c", 9_600)); refused[0].Err == nil || h.Auction().Version != version {
			t.Error("a refusal changed the auction")
		}
		_, err := bid.Find(t.Context(), h.D, "wsh_none")
		if !errors.Is(err, bid.ErrNoAuction) {
			t.Error(err)
		}
		h.Proven()
	})
}

func TestOffersComeBeforeTheCrowdIsComplete(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Plan(bid.InTheOpen)
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			if _, err := bid.Plan(ctx, tx, h.Auction()); !errors.Is(err, bid.ErrPlanned) {
				t.Errorf("planned twice: %v", err)
			}
			return bid.Replan(ctx, tx, bid.Auction{WishID: h.Wish, Kind: bid.InTheOpen, Quantity: 20, Step: 50})
		})
		if a := h.Auction(); a.Quantity != 20 || a.Ceiling != 0 || a.Step != 50 {
			t.Errorf("%+v", a)
		}
		few := bidtest.Asks("few", 10_000)
		few.Offer.QuantityMax = 20
		got := h.Taken(few, bidtest.Asks("many", 9_800))
		if err := h.Try(func(ctx context.Context, tx *db.Tx) error {
			return bid.Replan(ctx, tx, bid.Auction{WishID: h.Wish, Kind: bid.Sealed, Quantity: 20, Step: 50})
		}); !errors.Is(err, bid.ErrPlanned) {
			t.Errorf("changed under a bid: %v", err)
		}
		for _, bad := range []bid.Auction{{Kind: "x", Quantity: 1, Step: 1}, {Kind: bid.Sealed, Step: 1},
			{Kind: bid.Sealed, Quantity: 1}, {Kind: bid.Sealed, Quantity: 1, Step: 1, Ceiling: 99}} {
			if bad.Check() == nil {
				t.Errorf("planned %+v", bad)
			}
		}
		w := h.Window()
		w.ClosesAt = w.OpensAt
		start := func(ctx context.Context, tx *db.Tx) error { _, err := bid.Start(ctx, tx, w); return err }
		if err := h.Try(start); !errors.Is(err, bid.ErrWindow) {
			t.Errorf("an auction of no time: %v", err)
		}
		w = h.Window()
		h.Do(start)
		// At 30 the first offer does not hold any more.
		if a := h.Auction(); a.State != bid.Open || a.Quantity != 30 || a.Lowest != got[1].ID || a.Bids != 2 {
			t.Errorf("%+v", a)
		}
		if a := h.Auction(); a.CloseKey() == "" || !a.DueAt().After(a.ClosesAt) {
			t.Errorf("%+v", a)
		}
		h.Proven()
	})
}

func TestWithdrawingTheLowestMakesTheNextOne(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		got := h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
		var c bid.Change
		withdraw := func(b bid.Bid, who market.MerchantID) error {
			return h.Try(func(ctx context.Context, tx *db.Tx) (err error) {
				c, err = bid.Withdraw(ctx, tx, h.Wish, b.ID, who)
				return err
			})
		}
		if err := withdraw(got[1], "mer_a"); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("another's bid: %v", err)
		}
		if err := withdraw(bid.Bid{ID: "bid_none"}, "mer_a"); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("no bid: %v", err)
		}
		if err := withdraw(got[1], "mer_b"); err != nil || !c.NewLowest() || c.After.Lowest != got[0].ID ||
			c.Bid.State != bid.Withdrawn {
			t.Errorf("%+v %v", c, err)
		}
		if a := h.Auction(); a != c.After || a.LowestPrice != 10_000 || a.Bids != 1 {
			t.Errorf("kept %+v\nsaid %+v", a, c.After)
		}
		if err := withdraw(got[1], "mer_b"); !errors.Is(err, bid.ErrState) {
			t.Errorf("twice: %v", err)
		}
		back := h.Taken(bidtest.Asks("b", 9_900)) // above what was taken back, a step below what is
		h.W.Clock.Set(h.Auction().ClosesAt)
		if err := withdraw(got[0], "mer_a"); err != nil || c.NewLowest() {
			t.Errorf("at the last instant: %+v %v", c, err)
		}
		h.W.Clock.Set(h.Auction().DueAt())
		if err := withdraw(back[0], "mer_b"); !errors.Is(err, bid.ErrTooLate) {
			t.Errorf("after the close: %v", err)
		}
		h.Over()
		if err := withdraw(back[0], "mer_b"); !errors.Is(err, bid.ErrTooLate) {
			t.Errorf("of a closed auction: %v", err)
		}
		h.Proven()
	})
}

func TestTheCloseIsAnInstant(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		closing := func() error {
			return h.Try(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Close(ctx, tx, h.Wish); return err })
		}
		due := func(want int) {
			t.Helper()
			ids, err := bid.Due(t.Context(), h.D, h.W.Clock.Now(), 10)
			if err != nil || len(ids) != want {
				t.Errorf("%v are due, %v", ids, err)
			}
		}
		first := h.Auction().ClosesAt
		h.W.Clock.Set(first)
		if err := closing(); !errors.Is(err, bid.ErrRunning) {
			t.Errorf("closed at the last instant: %v", err)
		}
		due(0)
		last := h.Place(bidtest.Asks("a", 10_000))[0]
		if last.Err != nil || !last.Extended || last.ClosesAt != first.Add(3*time.Minute) || h.Auction().Extensions != 1 {
			t.Errorf("%+v %+v", last, h.Auction())
		}
		h.W.Clock.Advance(time.Microsecond)
		if err := closing(); !errors.Is(err, bid.ErrRunning) {
			t.Errorf("closed at the old close: %v", err)
		}
		h.W.Clock.Set(h.Auction().DueAt())
		due(1)
		if late := h.Place(bidtest.Asks("b", 9_000))[0]; !errors.Is(late.Err, bid.ErrOver) {
			t.Errorf("after the close: %v", late.Err)
		}
		if err := closing(); err != nil {
			t.Error(err)
		}
		due(0)
		if err := closing(); !errors.Is(err, bid.ErrState) {
			t.Errorf("closed twice: %v", err)
		}
		if late := h.Place(bidtest.Asks("b", 9_000))[0]; !errors.Is(late.Err, bid.ErrOver) {
			t.Errorf("in a closed auction: %v", late.Err)
		}
	})
}

func TestSealedTermsAreNowhereBeforeTheClose(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.Sealed)
		stepped := bidtest.Asks("b", 9_999)
		stepped.Offer.Steps = []bid.PriceStep{{From: 40, UnitPrice: 8_888}}
		stepped.Offer.Note, stepped.Offer.Evidence = "비밀", []string{"/a/1.jpg"}
		got := h.Taken(bidtest.Asks("a", 10_001), stepped, bidtest.Asks("c", 12_000), bidtest.Asks("a", 9_998),
			bidtest.Asks("d", 7_000))
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := bid.Withdraw(ctx, tx, h.Wish, got[4].ID, "mer_d")
			return err
		})
		page := fmt.Sprintf("%+v %+v %+v", h.Auction(), h.Bids(), h.Seals())
		for _, secret := range []string{"10001", "9999", "8888", "9998", "비밀", "/a/1.jpg", string(bid.Shipping)} {
			if strings.Contains(page, secret) {
				t.Errorf("%s can be read before the close", secret)
			}
		}
		list, err := bid.Commitments(t.Context(), h.D, h.Wish)
		if err != nil || len(list) != 5 || list[0].State != bid.Replaced || list[4].State != bid.Withdrawn {
			t.Errorf("%+v %v", list, err)
		}
		digest := bid.ChainStart(h.Wish)
		for i, c := range list {
			if c.Seq != int64(i+1) || c.Hash != got[i].Commitment || c.At != got[i].At {
				t.Errorf("%d: %+v", i, c)
			}
			digest = bid.Chain(digest, c.Seq, c.Hash)
		}
		published := h.Auction().Digest
		if published != digest {
			t.Error("the digest is not that of the commitments")
		}
		own, err := bid.OwnSeal(t.Context(), h.D, got[1].ID, "mer_b")
		if err != nil || !bid.Verify(own.Text, own.Salt, got[1].Commitment) {
			t.Errorf("%+v %v", own, err)
		}
		if _, err := bid.OwnSeal(t.Context(), h.D, got[1].ID, "mer_a"); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("another's seal: %v", err)
		}
		if salt, _ := hex.DecodeString(own.Salt); len(salt) != 32 {
			t.Errorf("salt %q", own.Salt)
		}
		h.W.Clock.Set(h.Auction().DueAt())
		h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Close(ctx, tx, h.Wish); return err })
		if a := h.Auction(); a.State != bid.Revealing || a.Shown() || len(h.Seals()) != 0 {
			t.Errorf("%+v", a)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			a, broken, err := bid.Reveal(ctx, tx, h.Wish)
			if err == nil && (a.State != bid.Closed || len(broken) != 0) {
				t.Errorf("%+v %+v", a, broken)
			}
			return err
		})
		for i, b := range h.Bids() {
			if !b.Shown() || b.Deposit == 0 || !bid.Verify(h.Seals()[i].Text, h.Seals()[i].Salt, b.Commitment) {
				t.Errorf("not revealed: %+v", b)
			}
		}
		if b := h.Bids()[1]; fmt.Sprintf("%+v", b.Offer) != fmt.Sprintf("%+v", stepped.Offer) {
			t.Errorf("revealed as %+v", b.Offer)
		}
		if a := h.Auction(); a.Lowest != got[3].ID || a.LowestPrice != 9_998 || a.Digest != published || a.Bids != 3 {
			t.Errorf("%+v", a)
		}
		h.Proven()
	})
}

func TestABrokenSealIsTakenOutInPublic(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.Sealed)
		got := h.Taken(bidtest.Asks("a", 9_000), bidtest.Asks("b", 8_000), bidtest.Asks("c", 7_000))
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			own, err := bid.OwnSeal(ctx, tx, got[0].ID, "mer_a")
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx, `UPDATE bid_seal SET body = $2 WHERE bid_id = $1`, string(got[0].ID),
				strings.Replace(own.Text, "9000", "6000", 1)); err != nil {
				return err
			}
			_, err = db.Exec(ctx, tx, `DELETE FROM bid_seal WHERE bid_id = $1`, string(got[2].ID))
			return err
		})
		h.Over()
		for i, want := range []bid.BidState{bid.Disqualified, bid.Standing, bid.Disqualified} {
			if b := h.Bids()[i]; b.State != want || (want == bid.Disqualified) != (b.Outcome == bid.ReasonSeal) {
				t.Errorf("%+v", b)
			}
		}
		if a := h.Auction(); a.Lowest != got[1].ID || a.Bids != 1 {
			t.Errorf("%+v", a)
		}
		h.Proven()
	})
}

func TestTheOperatorTakesABidOutWithAReason(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		got := h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
		out := func(reason string) (c bid.Change, err error) {
			err = h.Try(func(ctx context.Context, tx *db.Tx) error {
				c, err = bid.Disqualify(ctx, tx, h.Wish, got[1].ID, reason)
				return err
			})
			return c, err
		}
		if _, err := out(" 음 "); !errors.Is(err, bid.ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		c, err := out(" 영업 신고가 없는 판매자예요 ")
		if err != nil || !c.NewLowest() || c.After != h.Auction() || c.After.Lowest != got[0].ID {
			t.Errorf("%+v %v", c, err)
		}
		if b, err := bid.FindBid(t.Context(), h.D, got[1].ID); err != nil || b.State != bid.Disqualified ||
			b.Reason != "영업 신고가 없는 판매자예요" || b.Outcome != bid.ReasonOperator {
			t.Errorf("%+v %v", b, err)
		}
		if r := h.Place(bidtest.Asks("b", 8_000)); !errors.Is(r[0].Err, bid.ErrBarred) {
			t.Errorf("bids again: %v", r[0].Err)
		}
		if _, err := out("한 번 더 제외합니다"); !errors.Is(err, bid.ErrState) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestAVoidAuctionFreesItsSellersAndMayBeginAgain(t *testing.T) {
	for _, kind := range []bid.Kind{bid.InTheOpen, bid.Sealed} {
		bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
			h.Open(kind)
			h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
			h.Do(func(ctx context.Context, tx *db.Tx) error {
				_, err := bid.Cancel(ctx, tx, h.Wish, bid.ByLead, "다른 곳에서 샀어요")
				return err
			})
			if a := h.Auction(); a.State != bid.Void || a.Bids != 0 || a.Lowest != "" || a.Reason != "다른 곳에서 샀어요" {
				t.Errorf("%+v", a)
			}
			for _, b := range h.Bids() {
				if b.State != bid.Lapsed || b.EndedAt.IsZero() {
					t.Errorf("%+v", b)
				}
			}
			if len(h.Seals()) != 0 {
				t.Error("a void auction told what was sealed")
			}
			h.Proven()
			h.Do(func(ctx context.Context, tx *db.Tx) error {
				_, err := bid.Reopen(ctx, tx, h.Wish, 20)
				return err
			})
			if a := h.Auction(); a.State != bid.Planned || a.Round != 2 || a.Reason != "" || a.Seq != 2 || a.Quantity != 20 ||
				!a.OpensAt.IsZero() || !a.ClosesAt.IsZero() {
				t.Errorf("%+v", a)
			}
			again := h.Taken(bidtest.Asks("a", 10_000))
			h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Start(ctx, tx, h.Window()); return err })
			if again[0].Seq != 3 || again[0].Round != 2 {
				t.Errorf("%+v", again[0])
			}
			h.Over()
			if first, ok := h.Award(30).Winner(); !ok || first.Bid.ID != again[0].ID {
				t.Errorf("%+v", first)
			}
			h.Proven()
		})
	}
}

func TestPagesFindBidsAndAuctions(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		second := h
		second.Wish = "wsh_2"
		second.Open(bid.Sealed)
		first := h.Taken(bidtest.Asks("a", 10_000))[0]
		other := second.Taken(bidtest.Asks("a", 9_000))[0]
		page, err := bid.OfMerchant(t.Context(), h.D, "mer_a", "", 1)
		if err != nil || len(page) != 1 || page[0].ID != other.ID || page[0].Shown() {
			t.Errorf("%+v %v", page, err)
		}
		page, err = bid.OfMerchant(t.Context(), h.D, "mer_a", other.ID, 5)
		if err != nil || len(page) != 1 || page[0].ID != first.ID {
			t.Errorf("%+v %v", page, err)
		}
		list, err := bid.Load(t.Context(), h.D, []market.WishID{h.Wish, "wsh_2", "wsh_3"})
		if err != nil || len(list) != 2 || list["wsh_2"] != second.Auction() {
			t.Errorf("%+v %v", list, err)
		}
		if _, err := bid.FindBid(t.Context(), h.D, "bid_none"); !errors.Is(err, bid.ErrNotFound) {
			t.Error(err)
		}
		elsewhere := h.Try(func(ctx context.Context, tx *db.Tx) error {
			_, err := bid.Withdraw(ctx, tx, h.Wish, other.ID, "mer_a")
			return err
		})
		if !errors.Is(elsewhere, bid.ErrNotFound) {
			t.Errorf("withdrawn through another auction: %v", elsewhere)
		}
	})
}
