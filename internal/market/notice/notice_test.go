package notice_test

import (
	"context"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/notice"
)

func TestNobodyIsToldOfTheSameTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		tell := func(list ...notice.Notice) (told int64) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) (err error) {
				told, err = notice.Tell(ctx, tx, list)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return told
		}
		one := notice.Notice{AccountID: "acc_1", Kind: notice.DealBegins, Subject: "dea_1", Title: "칼국수", Sender: "가게"}
		other := one
		other.AccountID, other.Kind = "acc_2", notice.FollowBegins
		if n := tell(one, other); n != 2 {
			t.Fatalf("told %d", n)
		}
		w.Clock.Advance(time.Minute)
		again, next := one, one
		again.Kind, again.Title, next.Subject = notice.FollowBegins, "다른 말", "dea_2"
		if n := tell(again, next); n != 1 {
			t.Fatalf("told %d", n)
		}
		list, err := notice.List(ctx, d, "acc_1", "")
		if err != nil || len(list) != 2 || list[0].Subject != "dea_2" || list[1].Title != "칼국수" ||
			list[1].Kind != notice.DealBegins || !list[0].ReadAt.IsZero() {
			t.Fatalf("%+v %v", list, err)
		}
		if rest, err := notice.List(ctx, d, "acc_1", list[0].ID); err != nil || len(rest) != 1 || rest[0].ID != list[1].ID {
			t.Errorf("the page after: %+v %v", rest, err)
		}
		unread(t, d, "acc_1", 2)
		until := w.Clock.Now()
		w.Clock.Advance(time.Minute)
		next.Subject, next.Kind = "ord_1", notice.WaitOffer
		tell(next)
		if err := d.Write(ctx, func(tx *db.Tx) error { return notice.Read(ctx, tx, "acc_1", until) }); err != nil {
			t.Fatal(err)
		}
		unread(t, d, "acc_1", 1) // what came while one looked is still new
		unread(t, d, "acc_2", 1)
	})
}

func unread(t *testing.T, q db.Querier, who market.AccountID, want int64) {
	t.Helper()
	if n, err := notice.Unread(context.Background(), q, who); err != nil || n != want {
		t.Errorf("%s has %d unread, want %d: %v", who, n, want, err)
	}
}
