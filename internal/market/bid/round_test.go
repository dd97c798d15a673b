package bid_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
)

// again plays a round to its end without a winner who goes through, and begins the next one.
func again(h bidtest.Hall, quantity int64) {
	h.T.Helper()
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		if _, err := bid.Cancel(ctx, tx, h.Wish, bid.ByClock, bid.VoidNoneFit); err != nil {
			return err
		}
		_, err := bid.Reopen(ctx, tx, h.Wish, quantity)
		return err
	})
}

func start(h bidtest.Hall) {
	h.T.Helper()
	h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Start(ctx, tx, h.Window()); return err })
}

// TestAnotherRoundIsWonByItsOwnBids: offers of a round that came to nothing neither win nor stand in the way, however
// low they were, and what is kept of all rounds proves the winner.
func TestAnotherRoundIsWonByItsOwnBids(t *testing.T) {
	for _, kind := range []bid.Kind{bid.InTheOpen, bid.Sealed} {
		bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
			h.Open(kind)
			h.Taken(bidtest.Asks("a", 9_000))
			h.Taken(bidtest.Asks("b", 8_000))
			h.Over()
			h.Award(30)
			again(h, 20)
			h.Proven()
			if a := h.Auction(); a.Quantity != 20 || a.Lowest != "" || a.Firm != 0 || a.Seq != 2 {
				t.Errorf("%+v", a)
			}
			h.Taken(bidtest.Asks("a", 12_000))
			start(h)
			h.Taken(bidtest.Asks("c", 11_000))
			h.Over()
			order := h.Award(20)
			first, ok := order.Winner()
			if !ok || first.Bid.MerchantID != "mer_c" || len(order.Lines) != 2 || first.Bid.Round != 2 {
				t.Errorf("%+v", order)
			}
			h.Proven()
			if told := award.Told(h.Auction(), h.Bids(), nil, bidtest.Figures()); len(told.Lines) != 2 {
				t.Errorf("%d lines are told of the second round", len(told.Lines))
			}
			if n, err := bid.Sellers(t.Context(), h.D, h.Wish, 1); err != nil || n != 2 {
				t.Errorf("%d sellers in the first round, %v", n, err)
			}
		})
	}
}

// TestWhoMayBidInAnotherRound: members' votes and a failure are of their round; what the operator took out stays out.
func TestWhoMayBidInAnotherRound(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		asks := func(seller string, price int64) bid.Command {
			ask := bidtest.Asks(seller, price)
			ask.Offer.QuantityMin = 1
			return ask
		}
		operators := h.Taken(asks("a", 10_000))[0]
		voted := h.Taken(asks("b", 9_000))[0]
		h.Taken(asks("c", 8_000))
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := bid.Disqualify(ctx, tx, h.Wish, operators.ID, "영업 신고가 없는 판매자예요")
			return err
		})
		h.Over()
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			return voice.Cast(ctx, tx, h.Wish, voice.Vote{BidID: voted.ID, AccountID: "acc_1", Flag: voice.FlagFake})
		})
		h.Award(3)
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, _, err := award.Pass(ctx, tx, h.Wish, award.Failure{Bid: h.Auction().Winner, By: bid.ByClock,
				Reason: "fund.short"}, h.Facts(3))
			return err
		})
		if a := h.Auction(); !a.In(bid.Void) {
			t.Fatalf("%+v", a)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Reopen(ctx, tx, h.Wish, 3); return err })
		results := h.Place(asks("a", 9_000), asks("b", 8_000), asks("c", 7_000))
		for i, want := range []error{bid.ErrBarred, nil, nil} {
			if err := results[i].Err; !errors.Is(err, want) {
				t.Errorf("seller %d: %v instead of %v", i, err, want)
			}
		}
	})
}

// TestFewerPeopleCompareAnew: another number of people finds the lowest offer for it, and only before the bidding.
func TestFewerPeopleCompareAnew(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Plan(bid.InTheOpen)
		small := bidtest.Asks("a", 9_000)
		small.Offer.QuantityMax = 20
		few := h.Taken(small)[0]
		many := h.Taken(bidtest.Asks("b", 10_000))[0]
		if a := h.Auction(); a.Lowest != many.ID {
			t.Fatalf("%+v", a)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Resize(ctx, tx, h.Wish, 15); return err })
		if a := h.Auction(); a.Lowest != few.ID || a.Quantity != 15 {
			t.Errorf("%+v", a)
		}
		h.Proven()
		start(h)
		err := h.Try(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Resize(ctx, tx, h.Wish, 10); return err })
		if !errors.Is(err, bid.ErrState) {
			t.Errorf("while sellers bid: %v", err)
		}
	})
}
