package app_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// TestEmptyItemsAreForgotten: what a refund and a payout leave at zero goes by itself, and the books stay sound.
func TestEmptyItemsAreForgotten(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := paidOnce(w)
		list := s.sell(5, 1)
		_, err := w.Refunds.CancelVoucher(w.Ctx, apptest.Buyer(5), list[0].ID)
		w.Must(err)
		s.at("11 12:00")
		left, err := db.All(w.Ctx, w.DB, db.Scalar[string], `SELECT account || ' ' || party FROM ledger_balance
 WHERE balance = 0 AND account IN ('1140', '1150', '2170', '2190')`)
		w.Must(err)
		moved, err := db.One(w.Ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM ledger_posting
 WHERE account IN ('1140', '1150')`)
		w.Must(err)
		if len(left) > 0 || moved == 0 {
			t.Errorf("left at zero: %v, moved %d", left, moved)
		}
		s.sound()
	})
}
