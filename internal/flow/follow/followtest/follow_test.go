package followtest

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/right"
)

func TestKeepingIsIdempotentAndTellsOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		f := follow.New(w.DB, w.Key)
		d := w.Scheduled("mer_noodle", nil)
		buyer := apptest.Buyer(1)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			return account.Insert(w.Ctx, tx, account.Account{ID: buyer.AccountID, Email: "one@example.com",
				EmailKey: "one@example.com", Name: "하나", Locale: "ko", ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
		}))
		for range 2 {
			w.Must(f.Keep(w.Ctx, buyer, follow.KeepCmd{DealID: d.ID, Notify: true}))
		}
		kept, notify, err := deal.Bookmarked(w.Ctx, w.DB, buyer.AccountID, d.ID)
		if err != nil || !kept || !notify {
			t.Fatalf("kept %v notify %v: %v", kept, notify, err)
		}
		w.Must(f.Tell(w.Ctx, d.ID)) // too early: nobody is told
		begin(w, d)
		for range 2 {
			w.Must(f.Tell(w.Ctx, d.ID))
		}
		letters, err := db.One(w.Ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE kind = 'mail.send'`)
		if err != nil || letters != 1 {
			t.Fatalf("%d letters: %v", letters, err)
		}
		for range 2 {
			w.Must(f.Drop(w.Ctx, buyer, d.ID))
		}
		if kept, _, _ := deal.Bookmarked(w.Ctx, w.DB, buyer.AccountID, d.ID); kept {
			t.Fatal("still kept")
		}
	})
}

func TestKeepingNeedsASignInAndAPublicDeal(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		f := follow.New(w.DB, w.Key)
		d := w.Scheduled("mer_noodle", nil)
		if err := f.Keep(w.Ctx, market.Actor{}, follow.KeepCmd{DealID: d.ID}); !errors.Is(err, right.ErrSignIn) {
			t.Errorf("a guest: %v", err)
		}
		if err := f.Keep(w.Ctx, apptest.Buyer(1), follow.KeepCmd{DealID: "dea_none"}); !errors.Is(err, deal.ErrNotFound) {
			t.Errorf("no deal: %v", err)
		}
		w.Clock.Advance(365 * 24 * time.Hour)
		if err := f.Keep(w.Ctx, apptest.Buyer(1), follow.KeepCmd{DealID: d.ID}); !errors.Is(err, deal.ErrNotFound) {
			t.Errorf("a deal no longer public: %v", err)
		}
	})
}
