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
