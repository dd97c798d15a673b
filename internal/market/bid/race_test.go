package bid_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
)

const (
	rivals   = 8
	bidsEach = 14
	triesMax = 400 // of one step that others were before
)

// persist takes a step until nobody else was first.
func persist(t *testing.T, h bidtest.Hall, fn func(ctx context.Context, tx *db.Tx) error) error {
	for range triesMax {
		if err := h.Try(fn); !errors.Is(err, db.ErrAgain) && !errors.Is(err, db.ErrBusy) {
			return err
		}
	}
	t.Error("others were always first")
	return db.ErrAgain
}

// TestManyBidAtTheClosingTick: sellers bid at once, each in transactions of its own, while the auction closes. There is
// one order, each price lies a step below the one before, nobody undercuts himself, and after the close nothing counts.
func TestManyBidAtTheClosingTick(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		h.W.Clock.Set(h.Auction().ClosesAt.Add(-time.Second)) // each bid may be the last
		rules := bidtest.Figures()
		rules.ExtensionsMax = 2
		var mu sync.Mutex
		accepted := map[market.BidID]bool{}
		var sellers, closer sync.WaitGroup
		tried := make(chan struct{}, rivals*bidsEach)
		for i := range rivals {
			sellers.Go(func() {
				for n := range int64(bidsEach) {
					got, err := race(t, h, rules, bidtest.Asks(fmt.Sprint(i), n))
					if err != nil {
						t.Errorf("seller %d: %v", i, err)
						return
					}
					mu.Lock()
					if got.Err == nil {
						accepted[got.Bid.ID] = true
					}
					mu.Unlock()
					tried <- struct{}{}
				}
			})
		}
		var closed bid.Auction
		closer.Go(func() { closed = closing(t, h, tried) })
		sellers.Wait()
		close(tried)
		closer.Wait()
		inOneOrder(t, h, accepted)
		if a := h.Auction(); a != closed || a.State != bid.Closed || a.Extensions > 2 {
			t.Errorf("after the close the auction is %+v, was %+v", a, closed)
		}
		h.Proven()
	})
}

// race bids the highest price that is allowed when the transaction begins, less what the command asks.
func race(t *testing.T, h bidtest.Hall, rules bid.Rules, c bid.Command) (bid.Result, error) {
	var got []bid.Result
	less := c.Offer.UnitPrice
	err := persist(t, h, func(ctx context.Context, tx *db.Tx) error {
		a, err := bid.Find(ctx, tx, h.Wish)
		if err != nil {
			return err
		}
		c.Offer.UnitPrice = min(a.PriceMax(rules), 20_000) - less
		got, err = bid.Place(ctx, tx, h.Wish, rules, []bid.Command{c})
		return err
	})
	if err != nil {
		return bid.Result{}, err
	}
	return got[0], nil
}

// closing moves the clock by some seconds whenever somebody has tried to bid, and closes as soon as that is allowed,
// while the others go on.
func closing(t *testing.T, h bidtest.Hall, tried <-chan struct{}) (closed bid.Auction) {
	done := false
	for range tried {
		if done {
			continue
		}
		h.W.Clock.Advance(6 * time.Second)
		err := persist(t, h, func(ctx context.Context, tx *db.Tx) (err error) {
			closed, err = bid.Close(ctx, tx, h.Wish)
			return err
		})
		if done = err == nil; !done && !errors.Is(err, bid.ErrRunning) {
			t.Errorf("closing: %v", err)
		}
	}
	if !done {
		t.Error("never closed")
	}
	return closed
}

// inOneOrder looks through the bids in the order of arrival.
func inOneOrder(t *testing.T, h bidtest.Hall, accepted map[market.BidID]bool) {
	t.Helper()
	a, bids := h.Auction(), h.Bids()
	if len(bids) == 0 || len(bids) != len(accepted) {
		t.Errorf("%d bids were said to count, %d are kept", len(accepted), len(bids))
	}
	for i, b := range bids {
		if b.Seq != int64(i+1) || !accepted[b.ID] || b.At.After(a.ClosesAt) {
			t.Errorf("bid %d of an auction until %v: %+v", i, a.ClosesAt, b)
		}
		if i == 0 {
			continue
		}
		before := bids[i-1]
		if b.MerchantID == before.MerchantID {
			t.Errorf("%s undercuts himself at %d", b.MerchantID, b.Seq)
		}
		if step := max(100, before.Offer.UnitPrice/100); b.Offer.UnitPrice > before.Offer.UnitPrice-step {
			t.Errorf("%d after %d", b.Offer.UnitPrice, before.Offer.UnitPrice)
		}
	}
}

// TestManySealAtOnce: sellers replace their sealed bids and withdraw at once; each keeps one, in one chain.
func TestManySealAtOnce(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.Sealed)
		var all sync.WaitGroup
		for i := range rivals {
			all.Go(func() {
				for n := range int64(4) {
					var got []bid.Result
					err := persist(t, h, func(ctx context.Context, tx *db.Tx) (err error) {
						got, err = bid.Place(ctx, tx, h.Wish, bidtest.Figures(), []bid.Command{bidtest.Asks(fmt.Sprint(i), 9_000-n)})
						return err
					})
					if err != nil || got[0].Err != nil {
						t.Errorf("seller %d: %v %+v", i, err, got)
						return
					}
					if i > 1 || n < 3 {
						continue
					}
					if err := persist(t, h, func(ctx context.Context, tx *db.Tx) error {
						_, err := bid.Withdraw(ctx, tx, h.Wish, got[0].Bid.ID, got[0].Bid.MerchantID)
						return err
					}); err != nil {
						t.Errorf("seller %d: %v", i, err)
					}
				}
			})
		}
		all.Wait()
		if a := h.Auction(); a.Bids != rivals-2 || a.Seq != rivals*4 {
			t.Errorf("%+v", a)
		}
		h.Over()
		h.Proven()
		first, ok := h.Award(30).Winner()
		if !ok || first.Price != 8_997 {
			t.Errorf("%+v", first)
		}
		for _, b := range h.Bids() {
			if b.Offer.UnitPrice == 8_997 && b.State != bid.Withdrawn && b.Seq < first.Bid.Seq {
				t.Errorf("%d came before %d", b.Seq, first.Bid.Seq)
			}
		}
	})
}
