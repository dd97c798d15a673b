package bench

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
)

const (
	pageStep  = "page"
	pageShops = 12
	pageGoal  = 0.25 // of what a bare server of the same kind answers
)

// pages reads what shoppers read, and compares it with a bare server in the same process.
func pages(ctx context.Context, s *Session) error {
	plan := stage.Plan{Buyers: 200, Shops: pageShops, Bought: 100, SignedIn: 1}
	for range 2 * pageShops {
		plan.Deals = append(plan.Deals, stage.Deal{Capacity: 500, PerPerson: 2, Threshold: 10})
	}
	s.Say("building a world")
	world, err := s.Ground.Found(ctx, plan)
	if err != nil {
		return err
	}
	phase := load.Phase{Warm: s.Warm / 2, For: s.For / 2}
	rates := map[string]float64{}
	paths := []struct{ name, path, head string }{
		{"echo", "/echo", ""},
		{"deal", "/d/" + string(world.Items[0].Deal), "Accept-Language: ko\r\n"},
		{"deal signed in", "/d/" + string(world.Items[0].Deal), "Cookie: " + world.Buyer(0).Cookie + "\r\n"},
		{"home", "/", "Accept-Language: ko\r\n"},
		{"api deals", "/api/v1/deals", ""},
	}
	place, err := s.serve(ctx, world, stage.NodeOptions{Timed: true}, func(node *stage.Node) error {
		for _, p := range paths {
			crowd := load.Crowd{Address: node.URL(), Callers: s.Connections, Phase: phase}
			if p.name == "echo" {
				crowd.Address = node.EchoURL()
			}
			var size atomic.Int64
			f, err := s.measure(ctx, node, p.name, phase, func() (load.Result, int) {
				r := crowd.Closed(ctx, func(ctx context.Context, c *load.Caller) bool {
					size.Store(readPage(ctx, c, p.path, p.head))
					return true
				})
				return r, len(r.Times[pageStep])
			})
			if err != nil {
				return err
			}
			f.rated(pageStep, "pages/s")
			f.More["kb"] = float64(size.Load()) / 1024
			inner, err := node.Served(ctx)
			if err != nil {
				return err
			}
			if p.name != "echo" {
				f.Steps["in the server"] = inner
			}
			rates[p.name] = f.Rate
			s.Report.Runs = append(s.Report.Runs, f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range paths[1:] {
		s.Report.ratio(p.name+"/echo", rates[p.name], rates["echo"])
	}
	s.Report.atLeast("deal/echo", s.Report.Ratios["deal/echo"], pageGoal)
	s.Report.Invariants["errors"] = 0
	for _, f := range s.Report.Runs {
		for _, n := range f.Errors {
			s.Report.Invariants["errors"] += int64(n)
		}
	}
	return s.Ground.Drop(ctx, place)
}

// readPage reads a page and gives its size.
func readPage(ctx context.Context, c *load.Caller, path, head string) int64 {
	began := time.Now()
	a, err := c.Conn.Do(ctx, load.Request{Method: http.MethodGet, Path: path, Head: head})
	if err != nil || a.Status != http.StatusOK {
		c.Fail(fmt.Sprintf("%s: %d %v", path, a.Status, err))
		return 0
	}
	c.Time(pageStep, began)
	c.Count(pageStep)
	return int64(len(a.Body))
}
