package app_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/report"
)

// TestTheDeskCountsWhoIsNearAndGuessesTheEnd counts what people did, and guesses only once there is enough to go by.
func TestTheDeskCountsWhoIsNearAndGuessesTheEnd(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		w.Shop(shop, "할매손칼국수", "본점")
		w.Approve(shop)
		d, o := w.OnSale(shop, nil)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			for n := range 3 {
				if err := merchant.Follow(w.Ctx, tx, apptest.Buyer(n+1).AccountID, shop); err != nil {
					return err
				}
			}
			if err := deal.Bookmark(w.Ctx, tx, apptest.Buyer(1).AccountID, d.ID, true); err != nil {
				return err
			}
			return deal.Bookmark(w.Ctx, tx, apptest.Buyer(2).AccountID, d.ID, false)
		}))
		// On sale already: nobody waits for its beginning any more.
		if b := boardOf(w); b.Reach != (report.Reach{Followers: 3, NewFollowers: 3, Kept: 2}) || b.Guessed {
			w.T.Fatalf("%+v %v", b.Reach, b.Guessed)
		}
		for n := range 8 {
			w.Buy(apptest.Buyer(n+1), d, o, 1)
		}
		if b := boardOf(w); b.Guessed {
			w.T.Fatalf("guessed on the first day: %+v", b.Guess)
		}
		w.Clock.Set(w.Deal(d.ID).EndsAt.Add(-26 * time.Hour))
		w.Buy(apptest.Buyer(9), d, o, 1)
		b := boardOf(w)
		// Nine in all and one in the last day: perhaps nobody comes any more, perhaps as many as twice a day.
		if !b.Guessed || b.Guess.Low != 9 || b.Guess.High < 10 || b.Guess.High > 18 {
			w.T.Fatalf("%+v %v", b.Guess, b.Guessed)
		}
		next := w.Scheduled(shop, nil)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			return deal.Bookmark(w.Ctx, tx, apptest.Buyer(3).AccountID, next.ID, true)
		}))
		if b := boardOf(w); b.Reach.Waiting != 1 || b.Reach.Kept != 3 {
			w.T.Errorf("%+v", b.Reach)
		}
	})
}

func boardOf(w *apptest.World) report.Board {
	w.T.Helper()
	var b report.Board
	w.Must(w.DB.Read(w.Ctx, func(q *db.ReadTx) (err error) {
		b, err = report.LoadBoard(w.Ctx, q, shop, w.Clock.Now())
		return err
	}))
	return b
}
