package lane

import (
	"sync"
	"time"
)

// samplesMax is how many of the newest batches tell how fast a combiner is.
const samplesMax = 64

// sample is what one batch took.
type sample struct {
	commands int64
	micros   int64 // from taking the writer to the commit
}

// meter remembers the newest batches.
type meter struct {
	mu   sync.Mutex
	ring [samplesMax]sample
	n    int
}

func (m *meter) add(commands int, took time.Duration) {
	if took <= 0 {
		return // a clock that stands still measures nothing
	}
	m.mu.Lock()
	m.ring[m.n%samplesMax] = sample{int64(commands), took.Microseconds()}
	m.n++
	m.mu.Unlock()
}

func (m *meter) samples() []sample {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]sample(nil), m.ring[:min(m.n, samplesMax)]...)
}

const (
	samplesMin   = 8 // fewer say nothing
	stretch      = 4 // times the largest batch seen, up to which the measured line is believed
	secondMicros = 1_000_000
)

// perSecond is how many commands a second one combiner could commit with batches of up to batchMax commands: the time
// of a batch is a flush and a part for each command, t = f + b·c, fitted to what was measured. 0 means not known yet.
func perSecond(list []sample, batchMax int64) int64 {
	if len(list) < samplesMin {
		return 0
	}
	var n, b, t, bb, bt, largest int64
	for _, s := range list {
		n, b, t = n+1, b+s.commands, t+s.micros
		bb, bt = bb+s.commands*s.commands, bt+s.commands*s.micros
		largest = max(largest, s.commands)
	}
	if t <= 0 {
		return 0
	}
	seen := b * secondMicros / t // what it did: it can do at least that
	spread := n*bb - b*b
	slope := n*bt - b*t // of the line, times spread
	if spread <= 0 || slope <= 0 {
		return seen
	}
	flush := max(0, t*spread-slope*b) / n // times spread
	size := min(batchMax, stretch*largest)
	took := (flush + slope*size) / spread
	if took <= 0 {
		return seen
	}
	return max(seen, size*secondMicros/took)
}
