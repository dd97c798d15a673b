package room_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/room"
)

type desk struct {
	t   *testing.T
	ctx context.Context
	d   *db.DB
}

func (k desk) write(fn func(tx *db.Tx) error) {
	k.t.Helper()
	if err := k.d.Write(k.ctx, fn); err != nil {
		k.t.Fatal(err)
	}
}

func (k desk) room() room.Room {
	k.t.Helper()
	m, err := room.Find(k.ctx, k.d, "dea_1")
	if err != nil {
		k.t.Fatal(err)
	}
	return m
}

func (k desk) put(places ...room.Place) {
	k.t.Helper()
	k.write(func(tx *db.Tx) error { return room.PutPlaces(k.ctx, tx, places) })
}

func (k desk) take(m room.Room, n int64) (ok bool) {
	k.t.Helper()
	k.write(func(tx *db.Tx) (err error) {
		ok, err = room.Take(k.ctx, tx, []room.Room{m}, map[market.DealID]int64{"dea_1": n})
		return err
	})
	return ok
}

func (k desk) open() room.Room {
	k.t.Helper()
	k.write(func(tx *db.Tx) error {
		return room.Make(k.ctx, tx, []room.Room{{DealID: "dea_1", State: room.Open, Commitment: "c", OpenedAt: tx.Now()}})
	})
	return k.room()
}

func account(i int) market.AccountID { return market.AccountID(fmt.Sprintf("acc_%03d", i)) }

func place(i int, number int64) room.Place {
	return room.Place{DealID: "dea_1", AccountID: account(i), Mark: fmt.Sprintf("mark%03d", i), Number: number}
}

func TestNumbersAreTakenOnceAndCalledOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		k := desk{t, t.Context(), d}
		m := k.open()
		if !k.take(m, 3) || k.take(m, 2) {
			t.Fatal("two batches took the same numbers")
		}
		k.put(place(1, 1), place(2, 2), place(3, 3))
		call := func(c room.Call) (ok bool) {
			k.write(func(tx *db.Tx) (err error) { ok, err = room.Advance(k.ctx, tx, c); return err })
			return ok
		}
		if call(room.Call{DealID: "dea_1", To: 4}) {
			t.Error("called a number that nobody has")
		}
		if !call(room.Call{DealID: "dea_1", From: 0, To: 2, Pace: 7}) || call(room.Call{DealID: "dea_1", From: 0, To: 2}) {
			t.Error("two nodes called the same places")
		}
		if m = k.room(); m.Called != 2 || m.Pace != 7 || m.Waiting() != 1 {
			t.Errorf("%+v", m)
		}
		flight := func(want int64) {
			t.Helper()
			if n, err := room.InFlight(k.ctx, d, "dea_1", w.Clock.Now()); err != nil || n != want {
				t.Errorf("%d in flight, want %d, %v", n, want, err)
			}
		}
		flight(2)
		key := room.Key("dea_1", account(1))
		k.write(func(tx *db.Tx) error {
			return room.Use(k.ctx, tx, []string{key, key, room.Key("dea_1", account(3))}) // the third was not called
		})
		flight(1)
		w.Clock.Advance(room.TurnTime)
		flight(0)
		three, err := room.FindPlace(k.ctx, d, "dea_1", account(3))
		if err != nil || !three.UsedAt.IsZero() || three.Standing(w.Clock.Now()) != room.Queued {
			t.Errorf("%+v %v", three, err)
		}
		k.put(place(2, 4))
		two, err := room.FindPlace(k.ctx, d, "dea_1", account(2))
		if err != nil || two.Number != 4 || !two.CalledAt.IsZero() {
			t.Errorf("a new place at the end: %+v %v", two, err)
		}
		err = d.Write(k.ctx, func(tx *db.Tx) error { return room.PutPlaces(k.ctx, tx, []room.Place{place(9, 4)}) })
		if !db.IsUnique(err) {
			t.Errorf("two accounts at one place: %v", err)
		}
	})
}

func TestTheDrawIsWrittenOnceAndItsListStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		k := desk{t, t.Context(), d}
		k.write(func(tx *db.Tx) error {
			return room.Make(k.ctx, tx, []room.Room{{DealID: "dea_1", State: room.Gathering, Commitment: "c"}})
		})
		for i := range 5 {
			k.put(place(i, 0))
		}
		leave := func(i int) { k.write(func(tx *db.Tx) error { return room.Leave(k.ctx, tx, "dea_1", account(i)) }) }
		leave(4)
		present := func(want int64) {
			t.Helper()
			if n, err := room.CountPresent(k.ctx, d, "dea_1"); err != nil || n != want {
				t.Errorf("%d present instead of %d, %v", n, want, err)
			}
		}
		present(4)
		gathering := k.room()
		move := func(m room.Room, to room.State) (ok bool) {
			k.write(func(tx *db.Tx) (err error) {
				ok, err = room.Move(k.ctx, tx, room.Step{Room: m, To: to})
				return err
			})
			return ok
		}
		if !move(gathering, room.Drawing) || move(gathering, room.Drawing) {
			t.Fatal("the list was closed twice")
		}
		leave(3) // too late to change the list
		present(3)
		list, err := room.Marks(k.ctx, d, "dea_1")
		if err != nil || len(list) != 4 {
			t.Fatalf("%v %v", list, err)
		}
		drawn := room.Draw("seed", list)
		reveal := func() (ok bool) {
			m := k.room()
			k.write(func(tx *db.Tx) (err error) {
				ok, err = room.Reveal(k.ctx, tx, room.Drawn{Room: m, Seed: "seed", Digest: room.Digest(list), Count: 4})
				return err
			})
			return ok
		}
		if !reveal() || reveal() {
			t.Error("a draw is made once")
		}
		for range 2 { // stopped halfway, and done again
			k.write(func(tx *db.Tx) error { return room.Number(k.ctx, tx, "dea_1", drawn[:2], 1) })
		}
		k.write(func(tx *db.Tx) error { return room.Number(k.ctx, tx, "dea_1", drawn, 1) })
		if !move(k.room(), room.Open) {
			t.Fatal("did not open")
		}
		k.put(place(0, 9)) // lost the turn, came again
		if public, err := room.DrawnMarks(k.ctx, d, "dea_1"); err != nil || !slices.Equal(public, drawn) {
			t.Errorf("public list %v, drawn %v, %v", public, drawn, err)
		}
		if m := k.room(); m.Seed != "seed" || m.Last != 4 || m.Drawn != 4 || m.OpenedAt.IsZero() {
			t.Errorf("%+v", m)
		}
		k.write(func(tx *db.Tx) error { return room.CallAll(k.ctx, tx, "dea_1") })
		if n, err := room.InFlight(k.ctx, d, "dea_1", w.Clock.Now()); err != nil || n != 3 { // one of four left
			t.Errorf("%d called, %v", n, err)
		}
	})
}
