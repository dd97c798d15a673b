package record_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

// empty gives a store with one table in memory, and the sum that its watcher keeps.
func empty() (*record.Store, *record.Table[thing], *int64) {
	now := clock.NewFake(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
	s := record.New(now, id.Seeded(now, 1))
	sum := new(int64)
	return s, record.NewTable(s, "thing", func(_ string, _, after *thing) { *sum += after.Won }), sum
}

func TestAnotherStoreBeginsWithWhatOneDumped(t *testing.T) {
	s, table, _ := empty()
	do(t, s, func(tx *record.Tx) {
		table.Put(tx, "a", thing{Won: 3, Name: "두레", At: tx.Now()})
		table.Put(tx, "b", thing{Won: 4})
	})
	var state bytes.Buffer
	if err := s.Dump(&state); err != nil {
		t.Fatal(err)
	}
	next, again, sum := empty()
	if err := next.Restore(&state); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b"} {
		was, _ := table.Get(key)
		is, ok := again.Get(key)
		if !ok || is != was {
			t.Errorf("%s: %+v after %+v", key, is, was)
		}
	}
	if again.Len() != 2 || *sum != 7 {
		t.Errorf("%d rows of %d won", again.Len(), *sum)
	}
	if err := next.Restore(bytes.NewBufferString(`{"kind":"other","key":"a","body":{}}`)); err == nil {
		t.Error("a row of an unknown kind was taken")
	}
}
