package sim

import (
	"encoding/binary"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
)

// dice makes every choice of a history from its seed.
type dice struct{ source id.Source }

func newDice(c clock.Clock, seed uint64) *dice {
	// Another stream than the ids of the world, so that a new id somewhere does not change who acts next.
	return &dice{source: id.Seeded(c, seed^0x9e3779b97f4a7c15)}
}

// below gives a number from 0 to n−1.
func (d *dice) below(n int) int {
	return int(binary.BigEndian.Uint64(d.source.Bytes(8)) % uint64(n))
}

// chance is true in n of 100 cases.
func (d *dice) chance(n int) bool { return d.below(100) < n }

func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }
