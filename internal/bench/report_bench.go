package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
)

const (
	reportCallers = 16
	reportGrowth  = 1.2
	reportPageMS  = 1_000
	reportMemory  = 6 << 30 // before which garbage of the world is collected
)

// grow measures how purchases and a shop's own pages slow down as rows pile up. Journeys make them; no deal sells out.
func grow(ctx context.Context, s *Session) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(reportMemory))
	first := map[string]float64{}
	for _, rows := range s.Rows {
		s.Say(fmt.Sprintf("building a world with %d purchases", rows))
		world, err := s.Ground.Found(ctx, stage.Plan{Buyers: rows + buyersMin + int(s.For.Seconds()*buyersASecond),
			Bought: rows, Used: true, Stated: true, SignedIn: 1,
			Deals: slices.Repeat([]stage.Deal{{Capacity: hotCapacity, PerPerson: 1}}, 1+2*rows/hotCapacity)})
		if err != nil {
			return err
		}
		if err := s.size(ctx, world, rows, first); err != nil {
			return err
		}
		if err := s.Ground.Drop(ctx, world.Place); err != nil {
			return err
		}
	}
	return nil
}

// size measures one world.
func (s *Session) size(ctx context.Context, world *stage.World, rows int, first map[string]float64) error {
	h := newRush(world, reportCallers)
	h.next.Store(int64(rows))
	phase := load.Phase{Warm: s.Warm / 2, For: s.For / 2}
	name := fmt.Sprintf("%d rows", rows)
	owner := world.Shops[0].Owner
	place, err := s.serve(ctx, world, stage.NodeOptions{}, func(node *stage.Node) error {
		crowd := load.Crowd{Address: node.URL(), Callers: reportCallers, Phase: phase}
		f, err := s.measure(ctx, node, name, phase, func() (load.Result, int) { return crowd.Closed(ctx, h.buy), h.sold() })
		if err != nil {
			return err
		}
		f.rated(bought, "purchases/s")
		paths := map[string]string{"dashboard": "/office", "money": "/office/money"}
		paths["statement"] = "/office/money/" + world.Statements[len(world.Statements)-1]
		conn := load.NewConn(node.URL())
		defer conn.Close()
		for _, page := range Names(paths) {
			var times load.Times
			for range 5 {
				began := time.Now()
				a, err := conn.Do(ctx, load.Request{Method: "GET", Path: paths[page], Head: "Cookie: " + owner.Cookie + "\r\n"})
				if err != nil || a.Status != 200 {
					return errors.Join(err, fmt.Errorf("%s: %d", paths[page], a.Status))
				}
				times.Add(time.Since(began))
			}
			f.Steps[page] = times.Spread()
			s.Say(fmt.Sprintf("%s: %s %.1f ms", name, page, f.Steps[page].P50))
			s.Report.atMost(fmt.Sprintf("%s ms at %s", page, name), f.Steps[page].P50, reportPageMS)
		}
		s.Report.Runs = append(s.Report.Runs, f)
		for _, step := range []string{"hold", "pay"} {
			if first[step] == 0 {
				first[step] = f.Steps[step].P50
			}
			s.Report.atMost(fmt.Sprintf("%s p50 growth at %s", step, name),
				s.Report.ratio(fmt.Sprintf("%s %s/first", step, name), f.Steps[step].P50, first[step]), reportGrowth)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return errors.Join(s.checkSale(ctx, world, place, h), s.Ground.Drop(ctx, place))
}
