package bidtest

import (
	"context"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
)

// Wish is the wish of most tests.
const Wish = market.WishID("wsh_1")

// TB is what a Hall needs of a test; rapid's tests have it too.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Hall is an auction house.
type Hall struct {
	T    TB
	D    *db.DB
	W    *dbtest.World
	Wish market.WishID
}

// Each runs body with an empty hall on both engines.
func Each(t *testing.T, body func(t *testing.T, h Hall)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) { body(t, Hall{T: t, D: d, W: w, Wish: Wish}) })
}

// Try runs one step.
func (h Hall) Try(fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return h.D.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

// Do runs one step that must succeed.
func (h Hall) Do(fn func(ctx context.Context, tx *db.Tx) error) {
	h.T.Helper()
	if err := h.Try(fn); err != nil {
		h.T.Fatalf("%v", err)
	}
}

// Plan plans an auction of 30 people with a step of 100 won and a ceiling of 20,000.
func (h Hall) Plan(kind bid.Kind) {
	h.T.Helper()
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := bid.Plan(ctx, tx, bid.Auction{WishID: h.Wish, Kind: kind, Quantity: 30, Ceiling: 20_000, Step: 100})
		return err
	})
}

// Window is an hour from now, for 30 people.
func (h Hall) Window() bid.Window {
	now := h.W.Clock.Now()
	return bid.Window{WishID: h.Wish, OpensAt: now, ClosesAt: now.Add(time.Hour), Quantity: 30}
}

// Open plans an auction and opens it for an hour.
func (h Hall) Open(kind bid.Kind) {
	h.T.Helper()
	h.Plan(kind)
	h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Start(ctx, tx, h.Window()); return err })
}

// Auction reads the auction.
func (h Hall) Auction() bid.Auction {
	h.T.Helper()
	a, err := bid.Find(context.Background(), h.D, h.Wish)
	if err != nil {
		h.T.Fatalf("%v", err)
	}
	return a
}

// Bids reads all bids.
func (h Hall) Bids() []bid.Bid {
	h.T.Helper()
	list, err := bid.Bids(context.Background(), h.D, h.Wish)
	if err != nil {
		h.T.Fatalf("%v", err)
	}
	return list
}

// Seals reads what has been revealed.
func (h Hall) Seals() []bid.Seal {
	h.T.Helper()
	list, err := bid.Seals(context.Background(), h.D, h.Wish)
	if err != nil {
		h.T.Fatalf("%v", err)
	}
	return list
}

// Place bids in one batch.
func (h Hall) Place(cmds ...bid.Command) []bid.Result {
	h.T.Helper()
	var out []bid.Result
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = bid.Place(ctx, tx, h.Wish, Figures(), cmds)
		return err
	})
	return out
}

// Taken bids in one batch of which every bid must count.
func (h Hall) Taken(cmds ...bid.Command) []bid.Bid {
	h.T.Helper()
	var out []bid.Bid
	for _, r := range h.Place(cmds...) {
		if r.Err != nil {
			h.T.Fatalf("%v", r.Err)
		}
		out = append(out, r.Bid)
	}
	return out
}

// Over moves the clock past the close, closes, and reveals what was sealed.
func (h Hall) Over() {
	h.T.Helper()
	h.W.Clock.Set(h.Auction().DueAt())
	h.Do(func(ctx context.Context, tx *db.Tx) error {
		a, err := bid.Close(ctx, tx, h.Wish)
		if err == nil && a.Kind == bid.Sealed {
			_, _, err = bid.Reveal(ctx, tx, h.Wish)
		}
		return err
	})
}

// Award decides with so many firm members, every seller fit.
func (h Hall) Award(firm int64) award.Order {
	h.T.Helper()
	var order award.Order
	facts := h.Facts(firm)
	h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		_, order, err = award.Decide(ctx, tx, h.Wish, bid.ByClock, facts)
		return err
	})
	return order
}

// Facts finds every seller fit.
func (h Hall) Facts(firm int64) award.Facts {
	f := award.Facts{Firm: firm, Rules: Figures(), Bidders: map[market.MerchantID]bid.Bidder{}}
	for _, b := range h.Bids() {
		f.Bidders[b.MerchantID] = Fit()
	}
	return f
}

// Proven decides again what is kept.
func (h Hall) Proven() {
	h.T.Helper()
	if wrong := award.Prove(h.Auction(), h.Bids(), h.Seals()); len(wrong) > 0 {
		h.T.Errorf("does not agree: %v in %+v", wrong, h.Auction())
	}
}

// Figures are the figures of the decisions.
func Figures() bid.Rules {
	return bid.Rules{StepBP: 100, ExtendTime: 3 * time.Minute, ExtensionsMax: 10, OutlierBP: 5000, QuorumPart: 3,
		FlagsPart: 2, DepositBP: 300, DepositMax: 300_000}
}

// Fit is a seller against whom nothing speaks.
func Fit() bid.Bidder { return bid.Bidder{Registered: true, Verified: true, Deposit: 300_000} }

// Promised is a day far enough for every test.
func Promised() time.Time { return time.Date(2026, time.April, 1, 15, 0, 0, 0, time.UTC) }

// Asks is a bid of a seller for 10 units and more.
func Asks(seller string, price int64) bid.Command {
	return bid.Command{MerchantID: market.MerchantID("mer_" + seller), Bidder: Fit(), Offer: bid.Offer{
		Delivery: bid.Shipping, UnitPrice: price, QuantityMin: 10, PromisedBy: Promised()}}
}
