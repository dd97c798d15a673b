package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// counting is a SQLite database with one row, n, and two readers.
func counting(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "n.db"), Readers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	write(t, d, `CREATE TABLE counted (n bigint)`)
	write(t, d, `INSERT INTO counted (n) VALUES (1)`)
	return d
}

func write(t *testing.T, d *db.DB, text string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

const count = `SELECT n FROM counted`

func TestAViewStaysAsItBegan(t *testing.T) {
	d := counting(t)
	err := d.Read(t.Context(), func(r *db.ReadTx) error {
		for range 2 {
			if n, err := db.One(t.Context(), r, db.Scalar[int64], count); err != nil || n != 1 {
				t.Errorf("inside: %d, %v", n, err)
			}
			write(t, d, `UPDATE counted SET n = n + 1`)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // each reader has let go of its view
		if n, err := db.One(t.Context(), d, db.Scalar[int64], count); err != nil || n != 3 {
			t.Errorf("afterwards: %d, %v", n, err)
		}
	}
}

func TestCallersWhoLeaveSpoilNoReader(t *testing.T) {
	d := counting(t)
	var all sync.WaitGroup
	var left atomic.Int64
	for range 8 {
		all.Go(func() {
			for range 200 {
				ctx, leave := context.WithCancel(t.Context())
				go leave()
				_, err := db.All(ctx, d, db.Scalar[int64], `WITH RECURSIVE up(n) AS
					(SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 2000) SELECT n FROM up`)
				if err != nil {
					left.Add(1)
				}
				if n, err := db.One(t.Context(), d, db.Scalar[int64], count); err != nil || n != 1 {
					t.Errorf("%d, %v", n, err)
				}
			}
		})
	}
	all.Wait()
	if left.Load() == 0 {
		t.Error("nobody left in time: this proves nothing")
	}
}

func TestAReadWaitsForAReaderAndNoLongerThanItsCaller(t *testing.T) {
	d := counting(t)
	out, back := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			err := d.Read(t.Context(), func(*db.ReadTx) error {
				out <- struct{}{}
				<-back
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	<-out
	<-out
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := db.One(ctx, d, db.Scalar[int64], count); !errors.Is(err, context.Canceled) {
		t.Errorf("with every reader out: %v", err)
	}
	close(back)
	all.Wait()
	if n, err := db.One(t.Context(), d, db.Scalar[int64], count); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
}
