package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How often garbage is collected while much of it is made. An idle server keeps its memory small; one in a rush makes
// hundreds of megabytes a second of which nearly nothing lives on, and collecting at each doubling of a small heap
// would take an eighth of its processors.
const (
	rushGC      = 400
	rushAt      = 24 << 20 // bytes allocated in one look
	collectLook = 500 * time.Millisecond
	calmLooks   = 20 // quiet looks after which a rush is over
)

// collectByLoad lets garbage gather while the server is busy, until ctx ends. Who set GOGC has decided otherwise.
func collectByLoad(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	ticker := time.NewTicker(collectLook)
	defer ticker.Stop()
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	before, calm, usual := sample[0].Value.Uint64(), 0, 0
	for {
		select {
		case <-ctx.Done():
			if usual != 0 {
				debug.SetGCPercent(usual)
			}
			return
		case <-ticker.C:
		}
		metrics.Read(sample)
		made := sample[0].Value.Uint64() - before
		before += made
		switch {
		case made >= rushAt:
			calm = 0
			if usual == 0 {
				usual = debug.SetGCPercent(rushGC)
			}
		case usual != 0:
			if calm++; calm >= calmLooks {
				debug.SetGCPercent(usual)
				usual = 0
			}
		}
	}
}
