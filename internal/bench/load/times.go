package load

import (
	"slices"
	"time"
)

// Times are how long many calls took, in microseconds.
type Times []int64

// Add notes one call.
func (t *Times) Add(d time.Duration) { *t = append(*t, d.Microseconds()) }

// Spread sums times up, in milliseconds.
type Spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// Spread gives the quantiles of all times; it sorts them.
func (t Times) Spread() Spread {
	if len(t) == 0 {
		return Spread{}
	}
	slices.Sort(t)
	at := func(permille int) float64 {
		n := (len(t)*permille + 999) / 1000
		return float64(t[max(n, 1)-1]) / 1000
	}
	return Spread{Count: len(t), P50: at(500), P95: at(950), P99: at(990), Max: float64(t[len(t)-1]) / 1000}
}
