package bid

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

// TestTheDatabaseRefusesABidAfterTheClose: the statement itself, whatever was decided before it.
func TestTheDatabaseRefusesABidAfterTheClose(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx, now := t.Context(), w.Clock.Now()
		var a Auction
		write := func(fn func(tx *db.Tx) error) error { return d.Write(ctx, fn) }
		if err := write(func(tx *db.Tx) (err error) {
			if a, err = Plan(ctx, tx, Auction{WishID: "wsh_1", Kind: InTheOpen, Quantity: 30, Step: 100}); err != nil {
				return err
			}
			a, err = Start(ctx, tx, Window{WishID: "wsh_1", OpensAt: now, ClosesAt: now.Add(time.Hour), Quantity: 30})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		bid := func() error {
			return write(func(tx *db.Tx) error { _, err := saveBids(ctx, tx, a, a); return err })
		}
		w.Clock.Set(a.DueAt())
		if err := bid(); !errors.Is(err, db.ErrAgain) {
			t.Errorf("after the close: %v", err)
		}
		w.Clock.Set(a.ClosesAt)
		if err := bid(); err != nil {
			t.Errorf("at the last instant: %v", err)
		}
		if err := bid(); !errors.Is(err, db.ErrAgain) {
			t.Errorf("on what another has changed: %v", err)
		}
	})
}

// TestABidMovesOnlyFromWhereItStood: the statement itself, so that no step undoes another's.
func TestABidMovesOnlyFromWhereItStood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		var taken []Result
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := Plan(ctx, tx, Auction{WishID: "wsh_1", Kind: InTheOpen, Quantity: 30, Step: 100})
			if err != nil {
				return err
			}
			taken, err = Place(ctx, tx, "wsh_1", Rules{}, []Command{{MerchantID: "mer_a", Bidder: Bidder{Registered: true},
				Offer: Offer{Delivery: Shipping, UnitPrice: 10_000, QuantityMin: 1, PromisedBy: w.Clock.Now().Add(time.Hour)}}})
			return err
		}); err != nil || taken[0].Err != nil {
			t.Fatal(err, taken)
		}
		for was, want := range map[BidState]error{Winner: db.ErrAgain, Withdrawn: db.ErrAgain, Standing: nil} {
			gone, err := taken[0].Bid.Next(ActLapse, ByClock, w.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			err = d.Write(ctx, func(tx *db.Tx) error {
				if err := Move(ctx, tx, was, []Bid{gone}); err != nil {
					return err
				}
				return errRoll
			})
			if want == nil {
				want = errRoll
			}
			if !errors.Is(err, want) {
				t.Errorf("from %s: %v, want %v", was, err, want)
			}
		}
	})
}

var errRoll = errors.New("rolled back")
