package id_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
)

func TestNewIsUniqueAndSorted(t *testing.T) {
	fake := clock.NewFake(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
	ids := id.Seeded(fake, 7)
	last := ""
	for i := range 100_000 {
		if i%1000 == 0 {
			fake.Advance(time.Millisecond)
		}
		if i == 50_000 {
			fake.Advance(-time.Hour)
		}
		next := ids.New("ord")
		if next <= last {
			t.Fatalf("id %d: %s after %s", i, next, last)
		}
		if !id.Valid("ord", next) {
			t.Fatalf("not valid: %s", next)
		}
		last = next
	}
}

func TestSeededRepeats(t *testing.T) {
	fake := clock.NewFake(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
	a, b := id.Seeded(fake, 1), id.Seeded(fake, 1)
	for range 100 {
		if x, y := a.New("x"), b.New("x"); x != y {
			t.Fatalf("%s differs from %s", x, y)
		}
	}
}

func TestValidRefuses(t *testing.T) {
	for _, s := range []string{"", "ord_", "ord_0000000000000000000000000I", "vch_01k00000000000000000000000", "ord_0"} {
		if id.Valid("ord", s) {
			t.Errorf("%q taken as an order id", s)
		}
	}
}
