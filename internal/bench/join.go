package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/bench/aftermath"
	"github.com/dure-commerce/dure/internal/bench/ceiling"
	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/api"
)

const (
	joinedCount = "joined"
	joinGoal    = 5_000 // a second on one wish, where nothing else runs
)

// join lets distinct people take a firm place in one wish, all at once: every one of them wants the same row.
func join(ctx context.Context, s *Session) error {
	people := min(max(int((s.Warm+s.For).Seconds()*buyersASecond), buyersMin), buyersMax)
	s.Say(fmt.Sprintf("building a world of %d people", people))
	world, err := s.Ground.Found(ctx, stage.Plan{Buyers: people})
	if err != nil {
		return err
	}
	ours, place, err := s.gather(ctx, world, "ours", stage.NodeOptions{})
	if err != nil {
		return err
	}
	limit, err := s.limit(ctx, world, place, ceiling.Join())
	if err != nil {
		return err
	}
	writers := map[db.Engine]int{db.Postgres: 16}[s.Engine]
	naive, other, err := s.gather(ctx, world, "naive", stage.NodeOptions{Direct: true, Writers: writers})
	if err != nil {
		return err
	}
	// A place is two short rows: what a file takes of those is far above what anybody asks over HTTP.
	wantLimit := map[db.Engine]float64{db.SQLite: 0.03, db.Postgres: 0.2}[s.Engine]
	r := s.Report
	r.atLeast("ours/limit", r.ratio("ours/limit", ours.Rate, limit.Rate), wantLimit)
	r.atLeast("ours/naive", r.ratio("ours/naive", ours.Rate, naive.Rate), 3)
	r.atLeast("joins/s", ours.Rate, joinGoal)
	return errors.Join(s.Ground.Drop(ctx, place), s.Ground.Drop(ctx, other))
}

// throng is people who all want the same thing.
type throng struct {
	world *stage.World
	wish  string
	next  atomic.Int64
	acks  [][]string // by caller: accounts that were answered as firm
}

// gather lets people join for a while, kills the server, and looks at what is left.
func (s *Session) gather(
	ctx context.Context, w *stage.World, name string, o stage.NodeOptions,
) (f *Figures, place stage.Place, err error) {
	s.Say("join: " + name)
	h := &throng{world: w, acks: make([][]string, s.Connections)}
	phase := load.Phase{Warm: s.Warm, For: s.For}
	place, err = s.serve(ctx, w, o, func(node *stage.Node) error {
		if err := h.begin(ctx, node.URL()); err != nil {
			return err
		}
		crowd := load.Crowd{Address: node.URL(), Callers: s.Connections, Phase: phase}
		f, err = s.measure(ctx, node, name, phase, func() (load.Result, int) {
			return crowd.Closed(ctx, h.join), h.joined()
		})
		if err != nil {
			return err
		}
		f.rated(joinedCount, "joins/s")
		s.Report.Runs = append(s.Report.Runs, f)
		return nil
	})
	if err != nil {
		return nil, place, err
	}
	return f, place, s.checkJoins(ctx, place, h)
}

// begin posts the wish, as the last of the people.
func (h *throng) begin(ctx context.Context, address string) error {
	conn := load.NewConn(address)
	defer conn.Close()
	a, err := conn.Do(ctx, load.Request{Method: http.MethodPost, Path: api.Prefix + "/wishes",
		Head: fmt.Sprintf("Authorization: Bearer %s\r\nIdempotency-Key: bench-wish\r\n",
			h.world.Buyer(h.world.Buyers()-1).Token), Body: `{"name":"bench"}`})
	if err != nil || a.Status != http.StatusCreated {
		return errors.New(failure("post", a, err))
	}
	h.wish = valueOf(a.Body, "id")
	return nil
}

func (h *throng) joined() (n int) {
	for _, acks := range h.acks {
		n += len(acks)
	}
	return n
}

// join is one person's place; false when everybody has one.
func (h *throng) join(ctx context.Context, c *load.Caller) bool {
	n := int(h.next.Add(1) - 1)
	if n >= h.world.Buyers()-1 {
		return false
	}
	p, began := h.world.Buyer(n), time.Now()
	a, err := c.Conn.Do(ctx, load.Request{Method: http.MethodPost, Path: api.Prefix + "/wishes/" + h.wish + "/joins",
		Head: fmt.Sprintf("Authorization: Bearer %s\r\n", p.Token), Body: `{"kind":"firm"}`})
	if err != nil || a.Status != http.StatusOK || valueOf(a.Body, "own") != "firm" {
		c.Fail(failure("join", a, err))
		return true
	}
	c.Time("join", began)
	c.Count(joinedCount)
	h.acks[c.Number] = append(h.acks[c.Number], string(p.ID))
	return true
}

// checkJoins counts places that were answered and are gone, members that the wish does not count, and announcements
// that are not one.
func (s *Session) checkJoins(ctx context.Context, place stage.Place, h *throng) (err error) {
	d, err := db.Open(ctx, db.Options{URL: place.URL})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	left, err := aftermath.Joins(ctx, d, market.WishID(h.wish), h.acks)
	if err != nil {
		return err
	}
	s.Report.Invariants["lost"] += left.Lost
	s.Report.Invariants["miscounted"] += left.Miscounted
	s.Report.Invariants["announced_again"] += left.Again
	return s.ask(ctx, d)
}
