package award_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
)

func TestEveryBidKeepsWhyItWonOrDidNot(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		large := bidtest.Asks("large", 5_000)
		large.Offer.QuantityMin = 40
		got := h.Taken(bidtest.Asks("a", 10_000), large, bidtest.Asks("b", 9_000), bidtest.Asks("fake", 1_000))
		h.Over()
		for i := range 10 {
			who := market.AccountID(fmt.Sprintf("acc_%d", i))
			h.Do(func(ctx context.Context, tx *db.Tx) error {
				return voice.Cast(ctx, tx, h.Wish, voice.Vote{BidID: got[3].ID, AccountID: who, Flag: voice.FlagFake})
			})
		}
		f := h.Facts(30)
		delete(f.Bidders, "mer_b")
		var a bid.Auction
		var order award.Order
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			a, order, err = award.Decide(ctx, tx, h.Wish, bid.ByLead, f)
			return err
		})
		want := "1:10000:lowest 0:0:minimum 0:9000:unfit 0:1000:voted"
		if said := short(order); said != want+"!" {
			t.Errorf("%s", said)
		}
		tallies, err := voice.Tallies(t.Context(), h.D, h.Wish)
		if err != nil {
			t.Fatal(err)
		}
		kept := award.Told(h.Auction(), h.Bids(), tallies, bidtest.Figures())
		if short(kept) != want || kept.Lines[2].Detail != "bid.not_registered" || kept.Lines[3].Tally.Flags != 10 {
			t.Errorf("kept %s: %+v", short(kept), kept.Lines)
		}
		if a != h.Auction() || a.Winner != got[0].ID || a.Lowest != got[0].ID || a.Firm != 30 || a.Bids != 2 {
			t.Errorf("%+v", a)
		}
		if b := kept.Lines[3].Bid; b.State != bid.Disqualified || kept.Lines[0].Bid.State != bid.Winner {
			t.Errorf("%+v", kept.Lines)
		}
		h.Proven()
	})
}

func short(o award.Order) string {
	text := ""
	for i, l := range o.Lines {
		if i > 0 {
			text += " "
		}
		text += told(award.Order{Lines: []award.Line{l}})[len(l.Bid.ID)-len("bid_")+1:]
	}
	return text
}

func TestTheNextOneIsAskedWhenAWinnerFails(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.Sealed)
		got := h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000), bidtest.Asks("c", 9_500))
		h.Over()
		h.Award(30)
		pass := func(b bid.Bid, firm int64) (a bid.Auction, o award.Order, err error) {
			f := h.Facts(firm)
			err = h.Try(func(ctx context.Context, tx *db.Tx) error {
				a, o, err = award.Pass(ctx, tx, h.Wish, award.Failure{Bid: b.ID, By: bid.ByClock, Reason: "no_answer"}, f)
				return err
			})
			return a, o, err
		}
		if _, _, err := pass(got[2], 30); !errors.Is(err, bid.ErrState) {
			t.Errorf("one that had not won failed: %v", err)
		}
		a, o, err := pass(got[1], 28)
		if err != nil || a.Winner != got[2].ID || a.Firm != 28 || a.LowestPrice != 9_500 || a.Bids != 1 ||
			o.Lines[0].Bid.ID != got[2].ID {
			t.Errorf("%+v %v", a, err)
		}
		if b := h.Bids()[1]; b.State != bid.Failed || b.Reason != "no_answer" || b.Place != 0 || b.EndedAt.IsZero() {
			t.Errorf("%+v", b)
		}
		if _, _, err := pass(got[1], 28); !errors.Is(err, bid.ErrState) {
			t.Errorf("failed twice: %v", err)
		}
		h.Proven()
		if a, _, err = pass(got[2], 28); err != nil || a.Winner != got[0].ID {
			t.Errorf("%+v %v", a, err)
		}
		a, _, err = pass(got[0], 28)
		if err != nil || a.State != bid.Void || a.Reason != bid.VoidNoneFit || a.Winner != "" || a != h.Auction() {
			t.Errorf("%+v %v", a, err)
		}
		h.Proven()
	})
}

func TestAWinnerConfirmsAndTheOthersAreFreeInTheEnd(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		got := h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
		confirm := func(b bid.Bid, who market.MerchantID) error {
			return h.Try(func(ctx context.Context, tx *db.Tx) error {
				_, err := bid.Confirm(ctx, tx, h.Wish, b.ID, who)
				return err
			})
		}
		if err := confirm(got[1], "mer_b"); !errors.Is(err, bid.ErrState) {
			t.Errorf("before it won: %v", err)
		}
		h.Over()
		h.Award(30)
		if err := confirm(got[1], "mer_a"); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("by another: %v", err)
		}
		first := h.W.Clock.Now()
		for range 2 {
			if err := confirm(got[1], "mer_b"); err != nil {
				t.Error(err)
			}
			h.W.Clock.Advance(1e9)
		}
		if b := h.Bids()[1]; b.ConfirmedAt != first {
			t.Errorf("%+v", b)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Finish(ctx, tx, h.Wish); return err })
		if a, list := h.Auction(), h.Bids(); a.State != bid.Done || a.Bids != 0 || a.Winner != got[1].ID ||
			list[0].State != bid.Lapsed || list[1].State != bid.Winner || list[0].Outcome != bid.ReasonPrice {
			t.Errorf("%+v\n%+v", a, list)
		}
		h.Proven()
	})
}

func TestWithoutABidTheAuctionIsVoid(t *testing.T) {
	for want, cmds := range map[string][]bid.Command{bid.VoidNoBid: nil, bid.VoidNoneFit: {bidtest.Asks("a", 10_000)}} {
		bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
			h.Open(bid.InTheOpen)
			h.Place(cmds...)
			h.Over()
			order := h.Award(9)
			a := h.Auction()
			if _, ok := order.Winner(); ok || a.State != bid.Void || a.Reason != want || a.Firm != 9 {
				t.Errorf("%+v", a)
			}
			for _, b := range h.Bids() {
				if b.State != bid.Lapsed || b.Outcome != bid.ReasonMinimum {
					t.Errorf("%+v", b)
				}
			}
			h.Proven()
		})
	}
}

func TestWhatWasTakenBackIsNoBid(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		got := h.Taken(bidtest.Asks("a", 10_000))[0]
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := bid.Withdraw(ctx, tx, h.Wish, got.ID, got.MerchantID)
			return err
		})
		h.Over()
		h.Award(30)
		if a := h.Auction(); a.State != bid.Void || a.Reason != bid.VoidNoBid {
			t.Errorf("%+v", a)
		}
	})
}
