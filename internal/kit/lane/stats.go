package lane

import (
	"math/bits"
	"sync/atomic"
)

// sizesMax is the number of classes of batch sizes: 1, 2, 3–4, 5–8, … , more than 256.
const sizesMax = 10

type counters struct {
	batches, commands, again, splits, largest, full atomic.Int64
	sizes                                           [sizesMax]atomic.Int64
	meter                                           meter
}

// Stats tell how the lanes did since the start.
type Stats struct {
	Batches, Commands int64           // committed
	Again             int64           // batches decided anew because a guard answered no row
	Splits            int64           // batches halved after an unexpected error
	Full              int64           // commands refused because the queue was full
	Largest           int64           // commands in the largest batch
	Sizes             [sizesMax]int64 // batches of 1, 2, 3–4, 5–8, … , more than 256 commands
	Waiting           int             // commands in the queues now
	PerSecond         int64           // commands one combiner could commit a second, by the newest batches; 0: unknown
}

func (c *counters) count(commands int) {
	c.batches.Add(1)
	c.commands.Add(int64(commands))
	c.sizes[min(bits.Len(uint(commands-1)), sizesMax-1)].Add(1)
	for {
		old := c.largest.Load()
		if int64(commands) <= old || c.largest.CompareAndSwap(old, int64(commands)) {
			return
		}
	}
}

// Stats gives the counts so far.
func (l *Lane) Stats() Stats {
	c := &l.stats
	s := Stats{Batches: c.batches.Load(), Commands: c.commands.Load(), Again: c.again.Load(), Splits: c.splits.Load(),
		Full: c.full.Load(), Largest: c.largest.Load(),
		PerSecond: perSecond(c.meter.samples(), int64(l.opts.BatchMax))}
	for i := range c.sizes {
		s.Sizes[i] = c.sizes[i].Load()
	}
	for _, queue := range l.queues {
		s.Waiting += len(queue)
	}
	return s
}
