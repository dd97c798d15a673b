package watcher

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
)

// How a crowd watches.
const (
	Pause = 500 * time.Millisecond // longer than a topic cools down, so that each change is told by itself
	Wait  = 10 * time.Second
	dials = 64 // streams opened at once
)

// Options are what the crowd's process is told.
type Options struct {
	URL, Path, Cookie string
	Count, Rounds     int
}

// Seen is what it tells: instants in microseconds since 1970, the only clock that two processes share.
type Seen struct {
	Open   int       `json:"open"`
	Heard  [][]int64 `json:"heard"` // by round
	Missed int       `json:"missed"`
}

// Run is the crowd's process: it opens the streams, says so, and tells what was heard.
func Run(ctx context.Context, options []byte, out io.Writer) error {
	var o Options
	if err := json.Unmarshal(options, &o); err != nil {
		return err
	}
	streams := make([]*load.Stream, o.Count)
	var opening sync.WaitGroup
	var mu sync.Mutex
	var failed error
	next := make(chan int)
	for range min(dials, o.Count) {
		opening.Go(func() {
			for i := range next {
				stream, err := load.Open(ctx, o.URL, o.Path, o.Cookie)
				mu.Lock()
				streams[i], failed = stream, errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	for i := range streams {
		next <- i
	}
	close(next)
	opening.Wait()
	if failed != nil {
		return failed
	}
	encoder := json.NewEncoder(out)
	if err := encoder.Encode(Seen{Open: len(streams)}); err != nil {
		return err
	}
	seen := Seen{Open: len(streams), Heard: make([][]int64, o.Rounds)}
	var all sync.WaitGroup
	until := time.Now().Add(time.Duration(o.Rounds)*2*Pause + Wait)
	for _, stream := range streams {
		all.Go(func() {
			heard := make([]int64, 0, o.Rounds)
			for range o.Rounds {
				if _, err := stream.Next(until); err != nil {
					break
				}
				heard = append(heard, time.Now().UnixMicro())
			}
			mu.Lock()
			defer mu.Unlock()
			seen.Missed += o.Rounds - len(heard)
			for i, at := range heard {
				seen.Heard[i] = append(seen.Heard[i], at)
			}
		})
	}
	all.Wait()
	return encoder.Encode(seen)
}
