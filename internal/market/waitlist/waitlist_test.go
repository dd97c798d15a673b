package waitlist_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/waitlist"
)

func TestRules(t *testing.T) {
	if err := waitlist.MayJoin(1, false); !errors.Is(err, waitlist.ErrFree) {
		t.Errorf("a free unit: %v", err)
	}
	if waitlist.MayJoin(0, false) != nil || waitlist.MayJoin(9, true) != nil {
		t.Error("may not wait for what is sold out or behind a room")
	}
	for _, c := range [][3]int64{{0, 5, 0}, {5, 3, 3}, {3, 5, 3}, {500, 500, 64}, {-1, 5, 0}} {
		if got := waitlist.Offers(c[0], c[1]); got != c[2] {
			t.Errorf("%d free for %d: %d", c[0], c[1], got)
		}
	}
	gone, limit := fail.New(fail.Conflict, "deal.sold_out"), fail.New(fail.Conflict, "order.limit")
	busy, paused := fail.New(fail.Unavailable, "lane.full"), fail.New(fail.TooMany, "order.paused")
	for err, want := range map[error]string{gone: "", busy: "", paused: "", limit: "order.limit", errors.New("lost"): ""} {
		if got := waitlist.Outcome(err, gone); got != want {
			t.Errorf("%v: %q", err, got)
		}
	}
}

func TestTheLineFollowsArrival(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		join := func(list ...waitlist.Entry) {
			t.Helper()
			write(func(tx *db.Tx) error { return waitlist.Join(ctx, tx, list) })
		}
		entry := func(option, who string) waitlist.Entry {
			return waitlist.Entry{DealID: "dea_1", OptionID: market.OptionID(option), AccountID: market.AccountID(who)}
		}
		find := func(who market.AccountID) waitlist.Entry {
			t.Helper()
			e, err := waitlist.Find(ctx, d, "dea_1", who)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		join(entry("opt_1", "acc_c"), entry("opt_1", "acc_a"))
		w.Clock.Advance(time.Second)
		join(entry("opt_2", "acc_b"), entry("opt_2", "acc_a")) // who waits already keeps place and option
		lines, err := waitlist.Lines(ctx, d)
		if err != nil || len(lines) != 2 || lines[0].Waiting != 2 || lines[1].Waiting != 1 {
			t.Fatalf("%+v %v", lines, err)
		}
		first, err := waitlist.First(ctx, d, lines[0], 5)
		if err != nil || len(first) != 2 || first[0].AccountID != "acc_c" || first[1].AccountID != "acc_a" {
			t.Fatalf("%+v %v", first, err)
		}
		if n, err := waitlist.Before(ctx, d, first[1]); err != nil || n != 1 {
			t.Errorf("%d before, %v", n, err)
		}
		offer := func(id string, order market.OrderID) (ok bool) {
			t.Helper()
			write(func(tx *db.Tx) (err error) { ok, err = waitlist.Offer(ctx, tx, id, order); return err })
			return ok
		}
		if !offer(first[0].ID, "ord_1") || offer(first[0].ID, "ord_2") {
			t.Error("an entry is offered once")
		}
		if e := find("acc_c"); e.State != waitlist.Offered || e.OrderID != "ord_1" {
			t.Errorf("%+v", e)
		}
		write(func(tx *db.Tx) error { return waitlist.Leave(ctx, tx, "dea_1", "acc_a") })
		if e := find("acc_a"); e.State != waitlist.Ended || e.Outcome != waitlist.OutcomeLeft {
			t.Errorf("%+v", e)
		}
		join(entry("opt_1", "acc_a"))
		write(func(tx *db.Tx) error { return waitlist.End(ctx, tx, find("acc_a").ID, "order.limit") })
		write(func(tx *db.Tx) error { return waitlist.EndAll(ctx, tx, "dea_1") })
		if a, b, c := find("acc_a"), find("acc_b"), find("acc_c"); a.Outcome != "order.limit" ||
			b.Outcome != waitlist.OutcomeOver || c.State != waitlist.Offered {
			t.Errorf("%+v %+v %+v", a, b, c)
		}
	})
}
