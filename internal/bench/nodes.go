package bench

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/market"
)

const (
	nodesMost     = 3
	nodesGoal     = 0.7 // of one node, on the same cores
	scarceUnits   = 1_000
	scarceAsk     = 3 // people for each unit
	scarceMinutes = 2
)

// nodes sells one deal through three servers on one database, and beside it through one: more servers must not cost
// what they bring. Then they sell the last units of another deal to a crowd, exactly as many as there are.
func nodes(ctx context.Context, s *Session) error {
	buyers := min(max(int((s.Warm+s.For).Seconds()*buyersASecond), buyersMin), buyersMax)
	units := scarceUnits
	if s.Quick {
		units = 50
	}
	s.Say("building a world")
	world, err := s.Ground.Found(ctx, stage.Plan{Buyers: max(buyers, scarceAsk*units),
		Deals: []stage.Deal{{Capacity: hotCapacity, PerPerson: 1}, {Capacity: int64(units), PerPerson: 1}}})
	if err != nil {
		return err
	}
	one, err := s.sellOn(ctx, world, fleet{name: "one node", nodes: 1, units: units})
	if err != nil {
		return err
	}
	three, err := s.sellOn(ctx, world, fleet{name: "three nodes", nodes: nodesMost, units: units})
	if err != nil {
		return err
	}
	s.Report.atLeast("three/one", s.Report.ratio("three/one", three.Rate, one.Rate), nodesGoal)
	return nil
}

// fleet is some servers on one database.
type fleet struct {
	name  string
	nodes int
	units int // of the scarce deal
}

// sellOn lets callers buy at all servers in turn, kills them all, and looks at what is left.
func (s *Session) sellOn(ctx context.Context, world *stage.World, o fleet) (f *Figures, err error) {
	s.Say(o.name)
	place, err := s.Ground.Copy(ctx, world.Place)
	if err != nil {
		return nil, err
	}
	gateway, stop, err := stage.OpenGateway(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	var all []*stage.Node
	var addresses []string
	kill := func() error {
		var err error
		for _, n := range all {
			err = errors.Join(err, n.Kill())
		}
		all = nil
		return err
	}
	defer func() { err = errors.Join(err, kill()) }()
	for range o.nodes {
		node, err := stage.StartNode(ctx, stage.NodeOptions{Place: place, Gateway: gateway})
		if err != nil {
			return nil, err
		}
		all, addresses = append(all, node), append(addresses, node.URL())
	}
	hot, scarce := newRush(world, s.Connections), newRush(world, s.Connections)
	crowd := load.Crowd{Address: addresses[0], More: addresses[1:], Callers: s.Connections,
		Phase: load.Phase{Warm: s.Warm, For: s.For}}
	f, err = measureAll(ctx, all, o.name, func() (load.Result, int) {
		return crowd.Closed(ctx, hot.buy), hot.sold()
	})
	if err != nil {
		return nil, err
	}
	f.rated(bought, "purchases/s")
	crowd.Phase = load.Phase{For: scarceMinutes * time.Minute} // it ends when nobody is left to ask
	rush := &lastUnits{rush: scarce, most: int64(scarceAsk * o.units)}
	last, err := measureAll(ctx, all, o.name+", last units", func() (load.Result, int) {
		return crowd.Closed(ctx, rush.buy), scarce.sold()
	})
	if err != nil {
		return nil, err
	}
	last.rated(bought, "purchases/s")
	s.Report.Runs = append(s.Report.Runs, f, last)
	if err := errors.Join(kill(), s.Ground.PowerCut(ctx)); err != nil {
		return nil, err
	}
	hot.acks, hot.emptied = append(hot.acks, scarce.acks...), []market.DealID{world.Items[1].Deal}
	if err := s.checkSale(ctx, world, place, hot); err != nil {
		return nil, err
	}
	return f, s.Ground.Drop(ctx, place)
}

// lastUnits is a crowd for a deal with fewer units than people.
type lastUnits struct {
	*rush
	most  int64
	asked atomic.Int64
}

// buy is one person; false when everybody has asked.
func (l *lastUnits) buy(ctx context.Context, c *load.Caller) bool {
	n := int(l.asked.Add(1) - 1)
	if int64(n) >= l.most {
		return false
	}
	l.purchase(ctx, c, l.world.Items[1], n, buyersMax+n) // a payment's key of its own: the hot deal used the others
	return true
}
