package bid_test

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
)

// TestTheStepsFollowTheTable takes every step from every state: it works where the table has it and nowhere else.
func TestTheStepsFollowTheTable(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		n := 0
		for _, from := range []bid.State{bid.Planned, bid.Open, bid.Revealing, bid.Closed, bid.Awarded, bid.Done, bid.Void} {
			for action, step := range steps() {
				n++
				h.Wish = market.WishID(fmt.Sprintf("wsh_%03d", n))
				brought(h, from)
				if from == bid.Open {
					h.W.Clock.Set(h.Auction().DueAt())
				}
				by := bid.ByClock
				if action == bid.ActVoid && from == bid.Revealing {
					by = bid.ByOperator
				}
				want, refused := bid.Next(from, action, by)
				err := h.Try(func(ctx context.Context, tx *db.Tx) error { return step(ctx, tx, h, by) })
				if (err == nil) != (refused == nil) || err != nil && !errors.Is(err, bid.ErrState) {
					t.Errorf("%s %s: %v, the table says %v", from, action, err, refused)
				}
				if got := h.Auction().State; got != want {
					t.Errorf("%s %s leads to %s, not %s", from, action, got, want)
				}
				h.Proven()
			}
		}
	})
}

type step func(ctx context.Context, tx *db.Tx, h bidtest.Hall, by bid.By) error

func steps() map[bid.Action]step {
	closing := func(ctx context.Context, tx *db.Tx, h bidtest.Hall, _ bid.By) error {
		_, err := bid.Close(ctx, tx, h.Wish)
		return err
	}
	return map[bid.Action]step{
		bid.ActOpen: func(ctx context.Context, tx *db.Tx, h bidtest.Hall, _ bid.By) error {
			_, err := bid.Start(ctx, tx, h.Window())
			return err
		},
		bid.ActClose: closing,
		bid.ActReveal: func(ctx context.Context, tx *db.Tx, h bidtest.Hall, _ bid.By) error {
			_, _, err := bid.Reveal(ctx, tx, h.Wish)
			return err
		},
		bid.ActAward: func(ctx context.Context, tx *db.Tx, h bidtest.Hall, by bid.By) error {
			_, _, err := award.Decide(ctx, tx, h.Wish, by, fit(30))
			return err
		},
		bid.ActPass: func(ctx context.Context, tx *db.Tx, h bidtest.Hall, by bid.By) error {
			a, err := bid.Find(ctx, tx, h.Wish)
			if err != nil {
				return err
			}
			_, _, err = award.Pass(ctx, tx, h.Wish, award.Failure{Bid: a.Winner, By: by, Reason: "no_answer"}, fit(30))
			return err
		},
		bid.ActFinish: func(ctx context.Context, tx *db.Tx, h bidtest.Hall, _ bid.By) error {
			_, err := bid.Finish(ctx, tx, h.Wish)
			return err
		},
		bid.ActVoid: func(ctx context.Context, tx *db.Tx, h bidtest.Hall, by bid.By) error {
			_, err := bid.Cancel(ctx, tx, h.Wish, by, bid.VoidNoneFit)
			return err
		},
		bid.ActReopen: func(ctx context.Context, tx *db.Tx, h bidtest.Hall, _ bid.By) error {
			_, err := bid.Reopen(ctx, tx, h.Wish, 30)
			return err
		},
	}
}

func fit(firm int64) award.Facts {
	return award.Facts{Firm: firm, Rules: bidtest.Figures(),
		Bidders: map[market.MerchantID]bid.Bidder{"mer_a": bidtest.Fit(), "mer_b": bidtest.Fit()}}
}

// brought leads an auction of two sellers to a state.
func brought(h bidtest.Hall, to bid.State) {
	kind := bid.InTheOpen
	if to == bid.Revealing {
		kind = bid.Sealed
	}
	h.Plan(kind)
	h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_900))
	if to == bid.Planned {
		return
	}
	h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Start(ctx, tx, h.Window()); return err })
	switch to {
	case bid.Revealing:
		h.W.Clock.Set(h.Auction().DueAt())
		h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Close(ctx, tx, h.Wish); return err })
	case bid.Closed, bid.Awarded, bid.Done:
		h.Over()
	case bid.Void:
		h.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := bid.Cancel(ctx, tx, h.Wish, bid.ByOperator, bid.VoidNoneFit)
			return err
		})
	case bid.Planned, bid.Open:
	}
	if to == bid.Awarded || to == bid.Done {
		h.Award(30)
	}
	if to == bid.Done {
		h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Finish(ctx, tx, h.Wish); return err })
	}
}
