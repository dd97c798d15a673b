package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

// What many transactions want is written when nothing else is left to write, and what it tells is told.
func TestLateAndLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		events := func(tx *db.Tx) (kinds []string) {
			kinds, err := db.All(ctx, tx, db.Scalar[string], `SELECT kind FROM kit_event ORDER BY kind`)
			if err != nil {
				t.Fatal(err)
			}
			return kinds
		}
		var order []string
		step := func(tx *db.Tx, name string) func(context.Context) error {
			return func(context.Context) error {
				order = append(order, name)
				if got := events(tx); !slices.Equal(got, []string{"a.early"}) {
					t.Errorf("%s sees events %v", name, got)
				}
				tx.Emit(db.Event{Kind: "b." + name, Aggregate: name, Version: 1})
				return nil
			}
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			order = nil
			tx.Last(step(tx, "deal"))
			tx.Late(step(tx, "account"))
			tx.Last(step(tx, "tip"))
			tx.Emit(db.Event{Kind: "a.early", Aggregate: "early", Version: 1})
			if order != nil {
				t.Errorf("ran at once: %v", order)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if want := []string{"account", "deal", "tip"}; !slices.Equal(order, want) {
			t.Errorf("order %v, want %v", order, want)
		}
		var told []string
		if err := d.Write(ctx, func(tx *db.Tx) error { told = events(tx); return nil }); err != nil {
			t.Fatal(err)
		}
		if want := []string{"a.early", "b.account", "b.deal", "b.tip"}; !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}

func TestCatchUpRunsOnceAndFailureTakesAllBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, refused := context.Background(), errors.New("refused")
		runs := 0
		if err := d.Write(ctx, func(tx *db.Tx) error {
			runs = 0
			tx.Last(func(context.Context) error { runs++; return nil })
			return errors.Join(tx.CatchUp(ctx), tx.CatchUp(ctx))
		}); err != nil || runs != 1 {
			t.Fatalf("ran %d times: %v", runs, err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			tx.Emit(db.Event{Kind: "a.early", Aggregate: "early", Version: 1})
			tx.Last(func(context.Context) error { return refused })
			return nil
		}); !errors.Is(err, refused) {
			t.Fatal(err)
		}
		n, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM kit_event`)
		if err != nil || n != 0 {
			t.Fatalf("%d events stand: %v", n, err)
		}
	})
}
