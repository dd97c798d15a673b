package bid_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
)

const wish = market.WishID("wsh_1")

// hall is an auction house: every step in a transaction of its own.
type hall struct {
	t   *testing.T
	d   *db.DB
	w   *dbtest.World
	ctx context.Context
}

func (h hall) try(fn func(ctx context.Context, tx *db.Tx) error) error {
	h.t.Helper()
	return h.d.Write(h.ctx, func(tx *db.Tx) error { return fn(h.ctx, tx) })
}

func (h hall) do(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try(fn); err != nil {
		h.t.Fatal(err)
	}
}

// planned is an auction of 30 people with a step of 100 won.
func (h hall) planned(kind bid.Kind, id market.WishID) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *db.Tx) error {
		_, err := bid.Plan(ctx, tx, bid.Auction{WishID: id, Kind: kind, Quantity: 30, Ceiling: 20_000, Step: 100})
		return err
	})
}

func (h hall) window(id market.WishID) bid.Window {
	now := h.w.Clock.Now()
	return bid.Window{WishID: id, OpensAt: now, ClosesAt: now.Add(time.Hour), Quantity: 30}
}

func (h hall) open(kind bid.Kind) {
	h.t.Helper()
	h.planned(kind, wish)
	h.do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Start(ctx, tx, h.window(wish)); return err })
}

func (h hall) auction(id market.WishID) bid.Auction {
	h.t.Helper()
	a, err := bid.Find(h.ctx, h.d, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h hall) bids(id market.WishID) []bid.Bid {
	h.t.Helper()
	list, err := bid.Bids(h.ctx, h.d, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h hall) place(cmds ...bid.Command) []bid.Result {
	h.t.Helper()
	var out []bid.Result
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = bid.Place(ctx, tx, wish, figures(), cmds)
		return err
	})
	return out
}

// over moves the clock past the close and closes, and reveals what was sealed.
func (h hall) over() {
	h.t.Helper()
	h.w.Clock.Set(h.auction(wish).DueAt())
	h.do(func(ctx context.Context, tx *db.Tx) error {
		a, err := bid.Close(ctx, tx, wish)
		if err == nil && a.Kind == bid.Sealed {
			_, _, err = bid.Reveal(ctx, tx, wish)
		}
		return err
	})
}

func (h hall) award(firm int64) award.Order {
	h.t.Helper()
	var order award.Order
	h.do(func(ctx context.Context, tx *db.Tx) (err error) {
		_, order, err = award.Decide(ctx, tx, wish, bid.ByClock, h.facts(firm))
		return err
	})
	return order
}

// facts finds every seller fit.
func (h hall) facts(firm int64) award.Facts {
	f := award.Facts{Firm: firm, Rules: figures(), Bidders: map[market.MerchantID]bid.Bidder{}}
	for _, b := range h.bids(wish) {
		f.Bidders[b.MerchantID] = fit()
	}
	return f
}

// proven decides again what is kept.
func (h hall) proven() {
	h.t.Helper()
	seals, err := bid.Seals(h.ctx, h.d, wish)
	if err != nil {
		h.t.Fatal(err)
	}
	if wrong := award.Prove(h.auction(wish), h.bids(wish), seals); len(wrong) > 0 {
		h.t.Errorf("does not agree: %v in %+v", wrong, h.auction(wish))
	}
}

func each(t *testing.T, body func(h hall)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) { body(hall{t, d, w, t.Context()}) })
}

func figures() bid.Rules {
	return bid.Rules{StepBP: 100, ExtendTime: 3 * time.Minute, ExtensionsMax: 10, OutlierBP: 5000, QuorumPart: 3,
		FlagsPart: 2, DepositBP: 300, DepositMax: 300_000}
}

func fit() bid.Bidder { return bid.Bidder{Registered: true, Verified: true, Deposit: 300_000} }

// promised is a day far enough for every test.
func promised() time.Time { return time.Date(2026, time.April, 1, 15, 0, 0, 0, time.UTC) }

// asks is a bid of a seller for 10 units and more.
func asks(seller string, price int64) bid.Command {
	return bid.Command{MerchantID: market.MerchantID("mer_" + seller), Bidder: fit(), Offer: bid.Offer{
		Delivery: bid.Shipping, UnitPrice: price, QuantityMin: 10, PromisedBy: promised()}}
}

func TestAWholeAuctionInTheOpen(t *testing.T) {
	each(t, func(h hall) {
		h.open(bid.InTheOpen)
		stepped := asks("c", 9_700)
		stepped.Offer.Steps = []bid.PriceStep{{From: 40, UnitPrice: 9_000}, {From: 50, UnitPrice: 8_500}}
		stepped.Offer.Evidence, stepped.Offer.Note = []string{"/a/1.jpg", "/a/2.jpg"}, "내일 보내요\n두 상자"
		got := h.place(asks("a", 10_000), asks("a", 9_000), asks("b", 9_950), asks("b", 9_900), stepped)
		for i, want := range []error{nil, bid.ErrOwnLowest, bid.ErrTooHigh, nil, nil} {
			if !errors.Is(got[i].Err, want) {
				t.Errorf("%d: %v, want %v", i, got[i].Err, want)
			}
		}
		if got[4].Outbid != got[3].Bid.ID || got[4].Bid.Seq != 3 || got[4].Bid.Deposit != 2_910 {
			t.Errorf("%+v", got[4])
		}
		a, kept := h.auction(wish), h.bids(wish)
		if a.Lowest != got[4].Bid.ID || a.LowestPrice != 9_700 || a.Bids != 3 || a.Seq != 3 {
			t.Errorf("%+v", a)
		}
		if len(kept) != 3 || fmt.Sprintf("%+v", kept[2]) != fmt.Sprintf("%+v", got[4].Bid) {
			t.Errorf("kept %+v\nwant %+v", kept, got[4].Bid)
		}
		h.over()
		order := h.award(45)
		for i, want := range []bid.Reason{bid.ReasonLowest, bid.ReasonPrice, bid.ReasonPrice} {
			if order.Lines[i].Reason != want || order.Lines[i].Place != int64(i+1) {
				t.Errorf("%d: %+v", i, order.Lines[i])
			}
		}
		if first, ok := order.Winner(); !ok || first.Price != 9_000 || !first.Bid.Won() {
			t.Errorf("%+v", first)
		}
		if a = h.auction(wish); a.State != bid.Awarded || a.Winner != got[4].Bid.ID || a.LowestPrice != 9_000 || a.Bids != 2 {
			t.Errorf("%+v", a)
		}
		h.proven()
	})
}
