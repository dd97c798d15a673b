package answer_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

type command struct {
	Deal  string `json:"deal"`
	Units int64  `json:"units"`
}

type result struct{ Order string }

var errSoldOut = fail.New(fail.Conflict, "test.sold_out")

func once(ctx context.Context, d *db.DB, k answer.Key, c command, decide func() (result, error)) (result, error) {
	var r result
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		r, err = answer.Once(ctx, tx, k, c, decide)
		return err
	})
	return r, err
}

func TestOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := t.Context()
		k := answer.Key{Actor: "acc_1", Step: "checkout.place", Key: "k1"}
		cmd := command{Deal: "d", Units: 9_007_199_254_740_993}
		decided := 0
		fresh := func() (result, error) { decided++; return result{Order: fmt.Sprint("ord_", decided)}, nil }
		refuse := func() (result, error) { return result{Order: "never"}, errSoldOut }

		if _, err := once(ctx, d, k, cmd, refuse); !errors.Is(err, errSoldOut) {
			t.Fatal(err)
		}
		for range 3 {
			if r, err := once(ctx, d, k, cmd, fresh); err != nil || r.Order != "ord_1" {
				t.Fatal(r, err)
			}
		}
		other := cmd
		other.Units--
		if r, err := once(ctx, d, k, other, fresh); !errors.Is(err, answer.ErrOtherBody) || r.Order != "" {
			t.Fatal("another body under the same key:", r, err)
		}
		for i, near := range []answer.Key{{Actor: "acc_2", Step: k.Step, Key: k.Key}, {Actor: k.Actor, Step: "x", Key: k.Key},
			{Actor: k.Actor, Step: k.Step, Key: "k2"}, {}, {}} {
			if r, err := once(ctx, d, near, other, fresh); err != nil || r.Order != fmt.Sprint("ord_", i+2) {
				t.Fatal(near, r, err)
			}
		}
	})
}

func TestLoadAndSaveInBatches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := t.Context()
		var rows []answer.Row
		var keys []answer.Key
		for i := range 1500 {
			k := answer.Key{Actor: fmt.Sprint("acc_", i%7), Step: "s", Key: fmt.Sprint(i)}
			keys = append(keys, k)
			if i%3 != 0 {
				rows = append(rows, answer.Row{Key: k, Hash: fmt.Sprint("h", i), Answer: i})
			}
		}
		save := func(tx *db.Tx) error { return answer.Save(ctx, tx, rows) }
		if err := d.Write(ctx, save); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, save); !errors.Is(err, db.ErrAgain) {
			t.Fatal(err)
		}
		kept, err := answer.Load(ctx, d, keys)
		if err != nil || len(kept) != 1000 {
			t.Fatal(len(kept), err)
		}
		if got := kept[keys[1499]]; got != (answer.Stored{Hash: "h1499", JSON: "1499"}) {
			t.Fatal(got)
		}
		if kept, err = answer.Load(ctx, d, nil); err != nil || len(kept) != 0 {
			t.Fatal(kept, err)
		}
	})
}

func TestSameKeyAtTheSameTimeHasOneEffect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		k := answer.Key{Actor: "a", Step: "s", Key: "k"}
		var mu sync.Mutex
		var all sync.WaitGroup
		answers, committed := map[string]int{}, 0
		for i := range 16 {
			all.Go(func() {
				var r result
				var err error
				for range 20 { // as a client does that is told to try again
					effect := false
					err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
						effect = false
						r, err = answer.Once(t.Context(), tx, k, command{}, func() (result, error) {
							effect = true
							return result{Order: fmt.Sprint(i)}, nil
						})
						return err
					})
					if err == nil && effect {
						mu.Lock()
						committed++
						mu.Unlock()
					}
					if !errors.Is(err, db.ErrAgain) {
						break
					}
				}
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				answers[r.Order]++
			})
		}
		all.Wait()
		if len(answers) != 1 || committed != 1 {
			t.Fatal(answers, committed)
		}
	})
}

func TestHashIgnoresOrderOfFields(t *testing.T) {
	type reordered struct {
		Units int64  `json:"units"`
		Deal  string `json:"deal"`
	}
	a, err := answer.Hash(command{Deal: "<d>", Units: 9_007_199_254_740_993})
	b, err2 := answer.Hash(reordered{Deal: "<d>", Units: 9_007_199_254_740_993})
	c, err3 := answer.Hash(reordered{Deal: "<d>", Units: 9_007_199_254_740_992})
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	if a != b || a == c || len(a) != 64 {
		t.Fatal(a, b, c)
	}
	if _, err := answer.Hash(func() {}); err == nil {
		t.Fatal("hashed a function")
	}
}
