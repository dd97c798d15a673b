package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/dure-commerce/dure/internal/bench/ceiling"
	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
)

// serve runs a server over a copy of a world, with a gateway beside it, and kills it in the middle of whatever it does
// after body. The place is left as the crash left it.
func (s *Session) serve(
	ctx context.Context, w *stage.World, o stage.NodeOptions, body func(node *stage.Node) error,
) (place stage.Place, err error) {
	if place, err = s.Ground.Copy(ctx, w.Place); err != nil {
		return place, err
	}
	gateway, stop, err := stage.OpenGateway(ctx)
	if err != nil {
		return place, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	o.Place, o.Gateway = place, gateway
	node, err := stage.StartNode(ctx, o)
	if err != nil {
		return place, err
	}
	err = body(node)
	return place, errors.Join(err, node.Kill(), s.Ground.PowerCut(ctx))
}

// measure asks the server about itself before and after callers have asked it; drive gives how many commands were done
// in all, warm-up included.
func (s *Session) measure(
	ctx context.Context, node *stage.Node, name string, phase load.Phase, drive func() (load.Result, int),
) (*Figures, error) {
	wait := s.profile(ctx, node, name, phase)
	defer wait()
	return measureAll(ctx, []*stage.Node{node}, name, drive)
}

// measureAll asks several servers and adds their answers up.
func measureAll(
	ctx context.Context, all []*stage.Node, name string, drive func() (load.Result, int),
) (*Figures, error) {
	before, err := sumOf(ctx, all)
	if err != nil {
		return nil, err
	}
	mine := stage.Spent()
	result, done := drive()
	mine = stage.Spent() - mine
	after, err := sumOf(ctx, all)
	if err != nil {
		return nil, err
	}
	f := &Figures{Name: name, Steps: result.Spreads(), Errors: result.Errors, More: map[string]float64{}, result: result}
	if batches := after.Lanes.Batches - before.Lanes.Batches; batches > 0 {
		f.Batch = float64(after.Lanes.Commands-before.Lanes.Commands) / float64(batches)
	}
	f.More["again"] = float64(after.Lanes.Again - before.Lanes.Again)
	f.More["splits"] = float64(after.Lanes.Splits - before.Lanes.Splits)
	f.More["server_mb"] = float64(after.Resident >> 20)
	f.More["server_cpu_us"] = float64((after.CPU - before.CPU).Microseconds()) / float64(max(done, 1))
	f.More["client_cpu_us"] = float64(mine.Microseconds()) / float64(max(done, 1))
	return f, nil
}

// sumOf adds up what servers tell of themselves.
func sumOf(ctx context.Context, all []*stage.Node) (sum stage.Figures, err error) {
	for _, n := range all {
		f, err := n.Figures(ctx)
		if err != nil {
			return sum, err
		}
		sum.CPU, sum.Resident = sum.CPU+f.CPU, sum.Resident+f.Resident
		sum.Lanes.Batches, sum.Lanes.Commands = sum.Lanes.Batches+f.Lanes.Batches, sum.Lanes.Commands+f.Lanes.Commands
		sum.Lanes.Again, sum.Lanes.Splits = sum.Lanes.Again+f.Lanes.Again, sum.Lanes.Splits+f.Lanes.Splits
	}
	return sum, nil
}

// rated makes a count of the callers the run's rate.
func (f *Figures) rated(what, unit string) { f.Rate, f.Unit = f.result.Rate(what), unit }

// profile writes where the server spends its time while it is measured, when a folder is given; wait returns once it is
// written.
func (s *Session) profile(ctx context.Context, node *stage.Node, name string, phase load.Phase) (wait func()) {
	seconds := int((phase.Warm + phase.For).Seconds())
	if s.Profile == "" || seconds == 0 {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		file := fmt.Sprintf("%s-%s-%s.pprof", s.Report.Bench, s.Engine, strings.NewReplacer("/", "", " ", "-").Replace(name))
		if err := node.Profile(ctx, filepath.Join(s.Profile, file), seconds); err != nil {
			s.Say(err.Error())
		}
	}()
	return func() { <-done }
}

// limit is what the engine could do with the rows of a run if there were no product.
func (s *Session) limit(
	ctx context.Context, w *stage.World, from stage.Place, sets []ceiling.Rows,
) (*Figures, error) {
	s.Say("limit")
	best, err := ceiling.Measure(ctx, ceiling.Run{Ground: s.Ground, Like: w.Place, From: from, Sets: sets, Most: s.For})
	if err != nil {
		return nil, err
	}
	f := s.Report.run("limit", best.Rate, "commands/s")
	f.Batch, f.More["writes"] = float64(best.Batch), best.Writes
	for batch, rate := range best.ByBatch {
		f.More[fmt.Sprintf("batch_%d", batch)] = rate
	}
	return f, nil
}
