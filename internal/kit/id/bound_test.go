package id_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
)

func TestFromLiesBetweenMilliseconds(t *testing.T) {
	for _, start := range []string{"1970-01-01T00:00:01Z", "2026-03-04T01:00:00Z", "2026-12-31T23:59:59.999Z"} {
		at, err := time.Parse(time.RFC3339Nano, start)
		if err != nil {
			t.Fatal(err)
		}
		now := clock.NewFake(at)
		ids := id.Seeded(now, 1)
		before := ids.New("ent")
		bound := id.From("ent", now.Advance(time.Millisecond))
		after := ids.New("ent")
		if before >= bound || after < bound {
			t.Errorf("%s: want %s < %s <= %s", start, before, bound, after)
		}
	}
}
