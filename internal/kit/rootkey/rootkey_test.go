package rootkey_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/rootkey"
	"github.com/dure-commerce/dure/internal/kit/sign"
)

func TestOneKeyForADatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		for range 2 {
			if err := rootkey.Agree(t.Context(), d, sign.Key{1}); err != nil {
				t.Fatal(err)
			}
		}
		if err := rootkey.Agree(t.Context(), d, sign.Key{2}); !errors.Is(err, rootkey.ErrOther) {
			t.Errorf("another key answers %v", err)
		}
		if err := rootkey.Agree(t.Context(), d, sign.Key{1}); err != nil {
			t.Errorf("the first key answers %v after another was tried", err)
		}
	})
}

// TestOneOfTwoKeysWins: nodes that start at once with keys of their own on an empty database do not both go on.
func TestOneOfTwoKeysWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		var group sync.WaitGroup
		answers := make([]error, 8)
		for i := range answers {
			group.Go(func() { answers[i] = rootkey.Agree(t.Context(), d, sign.Key{byte(i)}) })
		}
		group.Wait()
		agreed := 0
		for _, err := range answers {
			if err == nil {
				agreed++
			} else if !errors.Is(err, rootkey.ErrOther) {
				t.Error(err)
			}
		}
		if agreed != 1 {
			t.Errorf("%d of 8 keys were agreed on; want 1", agreed)
		}
	})
}
