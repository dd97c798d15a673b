package record_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

type thing struct {
	Won  int64     `json:"won"`
	Name string    `json:"name"`
	At   time.Time `json:"at,omitzero"`
}

// opened gives a store with one table over the database, as a process that has just started would.
func opened(t *testing.T, d *db.DB, w *dbtest.World) (*record.Store, *record.Table[thing], *int64) {
	t.Helper()
	var sum int64
	s := record.New(w.Clock, w.IDs)
	table := record.NewTable(s, "thing", func(_ string, before, after *thing) {
		if before != nil {
			sum -= before.Won
		}
		if after != nil {
			sum += after.Won
		}
	})
	if err := s.Open(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return s, table, &sum
}

func do(t *testing.T, s *record.Store, fn func(tx *record.Tx)) {
	t.Helper()
	if err := s.Do(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestRestartKeepsState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s, table, _ := opened(t, d, w)
		do(t, s, func(tx *record.Tx) {
			for i := range 2500 { // more than one slice of the reading
				table.Put(tx, fmt.Sprintf("k%04d", i), thing{Won: 1, Name: "두레", At: tx.Now()})
			}
		})
		do(t, s, func(tx *record.Tx) {
			table.Put(tx, "k0001", thing{Won: 100, Name: "changed"})
			table.Delete(tx, "k0002")
			table.Delete(tx, "nothing")
			table.Put(tx, "twice", thing{Won: 1})
			table.Put(tx, "twice", thing{Won: 2})
			table.Put(tx, "gone", thing{Won: 1})
			table.Delete(tx, "gone")
		})
		_, again, sum := opened(t, d, w)
		if again.Len() != 2500 || *sum != 2500-2+100+2 {
			t.Fatalf("%d rows, sum %d", again.Len(), *sum)
		}
		if got, _ := again.Get("k0001"); got.Won != 100 || got.Name != "changed" {
			t.Errorf("changed row: %+v", got)
		}
		if got, _ := again.Get("k0000"); !got.At.Equal(w.Clock.Now()) || got.Name != "두레" {
			t.Errorf("kept row: %+v", got)
		}
		for _, key := range []string{"k0002", "gone", "nothing"} {
			if _, ok := again.Get(key); ok {
				t.Errorf("%s is still there", key)
			}
		}
	})
}

func TestAnsweredMeansWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s, table, _ := opened(t, d, w)
		const workers, each = 16, 20
		var all sync.WaitGroup
		for n := range workers {
			all.Go(func() {
				for i := range each {
					key := fmt.Sprintf("w%02d-%02d", n, i)
					if err := s.Do(t.Context(), func(tx *record.Tx) { table.Put(tx, key, thing{Won: 1}) }); err != nil {
						t.Error(err)
						return
					}
					// Do has answered: the row must be on disk at this very moment.
					rows, err := db.All(t.Context(), d, db.Scalar[string],
						"SELECT body FROM sandbox_record WHERE kind = $1 AND id = $2", "thing", key)
					if err != nil || len(rows) != 1 {
						t.Errorf("%s: %d rows, %v", key, len(rows), err)
					}
				}
			})
		}
		all.Wait()
		_, again, _ := opened(t, d, w)
		if again.Len() != workers*each {
			t.Fatalf("%d rows after the restart", again.Len())
		}
	})
}

// TestReaderIsToldWhatIsWritten shows that a reader is not told what a crash could take back.
func TestReaderIsToldWhatIsWritten(t *testing.T) {
	d, w := dbtest.SQLite(t)
	s, table, _ := opened(t, d, w)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				err := s.Do(t.Context(), func(tx *record.Tx) {
					row, _ := table.Get("k")
					row.Won++
					table.Put(tx, "k", row)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for range 50 {
				var seen int64
				err := s.View(t.Context(), func(time.Time) {
					row, _ := table.Get("k")
					seen = row.Won
				})
				written, readErr := db.All(t.Context(), d, db.Scalar[string], "SELECT body FROM sandbox_record WHERE id = 'k'")
				if err = errors.Join(err, readErr); err != nil {
					t.Error(err)
					return
				}
				var row thing
				if len(written) == 1 {
					err = json.Unmarshal([]byte(written[0]), &row)
				}
				if err != nil || row.Won < seen {
					t.Errorf("seen %d, written %d, %v", seen, row.Won, err)
				}
			}
		})
	}
	all.Wait()
	if row, _ := table.Get("k"); row.Won != 200 {
		t.Errorf("%d steps counted", row.Won)
	}
}

func TestFailedFlushStopsTheStore(t *testing.T) {
	d, w := dbtest.SQLite(t)
	s, table, _ := opened(t, d, w)
	do(t, s, func(tx *record.Tx) { table.Put(tx, "k", thing{Won: 1}) })
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, "DROP TABLE sandbox_record")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := s.Do(t.Context(), func(tx *record.Tx) { table.Put(tx, "k", thing{Won: 2}) })
		if !errors.Is(err, record.ErrStopped) {
			t.Fatalf("after a failed flush: %v", err)
		}
	}
	if err := s.View(t.Context(), func(time.Time) {}); !errors.Is(err, record.ErrStopped) {
		t.Fatalf("a reader of a stopped store: %v", err)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	d, w := dbtest.SQLite(t)
	s, table, _ := opened(t, d, w)
	do(t, s, func(tx *record.Tx) { table.Put(tx, "k", thing{Won: 1}) })
	if err := record.New(w.Clock, w.IDs).Open(t.Context(), d); err == nil {
		t.Error("rows of an unknown kind were ignored")
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, "INSERT INTO sandbox_schema (version, at) VALUES (99, 0)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := record.New(w.Clock, w.IDs).Open(t.Context(), d); err == nil {
		t.Error("a newer schema was opened")
	}
}

func TestQueueSkipsWhatChanged(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	s := record.New(now, id.Seeded(now, 1))
	var q record.Queue
	table := record.NewTable(s, "thing", func(key string, _, after *thing) {
		if after != nil && !after.At.IsZero() {
			q.Push(after.At, key)
		}
	})
	q.Due = func(key string) (time.Time, bool) {
		row, ok := table.Get(key)
		return row.At, ok && !row.At.IsZero()
	}
	at := func(minutes int) thing { return thing{At: now.Now().Add(time.Duration(minutes) * time.Minute)} }
	do(t, s, func(tx *record.Tx) {
		table.Put(tx, "later", at(3))
		table.Put(tx, "b", at(1))
		table.Put(tx, "a", at(1))
		table.Put(tx, "moved", at(1))
		table.Put(tx, "moved", at(2))
		table.Put(tx, "deleted", at(1))
		table.Delete(tx, "deleted")
		table.Put(tx, "done", at(1))
		table.Put(tx, "done", thing{})
	})
	if _, ok := q.Take(now.Now()); ok {
		t.Fatal("something is due too early")
	}
	now.Advance(2 * time.Minute)
	var got []string
	for {
		key, ok := q.Take(now.Now())
		if !ok {
			break
		}
		got = append(got, key)
	}
	if fmt.Sprint(got) != "[a b moved]" {
		t.Errorf("due: %v", got)
	}
	if _, next, ok := q.Peek(); !ok || !next.Equal(at(1).At) {
		t.Errorf("next: %v %v", next, ok)
	}
}
