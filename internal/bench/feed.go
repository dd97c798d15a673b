package bench

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
)

const (
	feedPause = 200 * time.Millisecond // between two looks
	feedRest  = 5 * time.Second        // until nothing may be behind any more
)

// follow measures how far the projections are behind while a hot deal is sold, and how soon they have caught up.
func follow(ctx context.Context, s *Session) error {
	buyers := min(max(int((s.Warm+s.For).Seconds()*buyersASecond), buyersMin), buyersMax)
	s.Say("building a world")
	world, err := s.Ground.Found(ctx, stage.Plan{Buyers: buyers,
		Deals: []stage.Deal{{Capacity: hotCapacity, PerPerson: 1}}})
	if err != nil {
		return err
	}
	h := newRush(world, s.Connections)
	phase := load.Phase{Warm: s.Warm, For: s.For}
	var behind load.Times
	var left time.Duration
	place, err := s.serve(ctx, world, stage.NodeOptions{}, func(node *stage.Node) error {
		looking, stop := context.WithCancel(ctx)
		var looks sync.WaitGroup
		looks.Go(func() {
			for looking.Err() == nil {
				if f, err := node.Figures(looking); err == nil {
					behind.Add(f.Behind)
				}
				rest(looking, feedPause)
			}
		})
		crowd := load.Crowd{Address: node.URL(), Callers: s.Connections, Phase: phase}
		f, err := s.measure(ctx, node, "hot deal", phase, func() (load.Result, int) {
			return crowd.Closed(ctx, h.buy), h.sold()
		})
		stop()
		looks.Wait()
		if err != nil {
			return err
		}
		f.rated(bought, "purchases/s")
		f.Steps["behind"] = behind.Spread()
		s.Report.Runs = append(s.Report.Runs, f)
		left, err = caughtUp(ctx, node)
		f.More["caught_up_s"] = left.Seconds()
		return err
	})
	if err != nil {
		return err
	}
	s.Report.atMost("behind p99 s", behind.Spread().P99/1000, 1)
	s.Report.atMost("caught up after s", left.Seconds(), feedRest.Seconds())
	return errors.Join(s.checkSale(ctx, world, place, h), s.Ground.Drop(ctx, place))
}

// caughtUp waits until nothing is behind, twice as long as it may take, and tells how long that was.
func caughtUp(ctx context.Context, node *stage.Node) (time.Duration, error) {
	began := time.Now()
	for time.Since(began) < 2*feedRest {
		f, err := node.Figures(ctx)
		if err != nil {
			return 0, err
		}
		if f.Behind == 0 {
			break
		}
		rest(ctx, feedPause/4)
	}
	return time.Since(began), nil
}
