package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/web/api"
)

// Bounds of the hot deal: more people than can buy in the time, so that nobody buys twice.
const (
	buyersASecond = 9_000
	buyersMin     = 2_000
	buyersMax     = 400_000
	hotCapacity   = 1_000_000
)

// hotDeal sells one deal to distinct people through the interface for programs: a hold, then its payment at a gateway
// that is reached over HTTP.
func hotDeal(ctx context.Context, s *Session) error {
	seconds := (s.Warm + s.For).Seconds()
	buyers := min(max(int(seconds*buyersASecond), buyersMin), buyersMax)
	s.Say(fmt.Sprintf("building a world of %d people", buyers))
	world, err := s.Ground.Found(ctx, stage.Plan{Buyers: buyers,
		Deals: []stage.Deal{{Capacity: hotCapacity, PerPerson: 1}, {Capacity: 1, PerPerson: 1}}})
	if err != nil {
		return err
	}
	ours, err := s.sell(ctx, world, sale{name: "ours", keep: true})
	if err != nil {
		return err
	}
	naive, err := s.sellNaively(ctx, world)
	if err != nil {
		return err
	}
	limit, err := s.limit(ctx, world, ours.place, purchaseRows())
	if err != nil {
		return err
	}
	r := s.Report
	lite, wantLimit, wantNaive := s.Engine == db.SQLite, 0.35, 8.0
	if lite {
		wantLimit, wantNaive = 0.6, 7
	}
	r.atLeast("ours/limit", r.ratio("ours/limit", ours.Rate, limit.Rate), wantLimit)
	r.atLeast("ours/naive", r.ratio("ours/naive", ours.Rate, naive.Rate), wantNaive)
	r.atLeast("sold_out/ours", r.ratio("sold_out/ours", ours.soldOut.Rate, ours.Rate), 2)
	for _, step := range Names(ours.Steps) {
		r.atMost(step+" p99 ms", ours.Steps[step].P99, 60)
	}
	return s.Ground.Drop(ctx, ours.place)
}

// sale is one run of the hot deal.
type sale struct {
	name    string
	node    stage.NodeOptions
	keep    bool // the place, for the limit
	quickly bool // a short look, to choose between settings
}

// sold is what came of it.
type sold struct {
	*Figures
	place   stage.Place
	soldOut *Figures
}

// sellNaively runs the same program with one transaction a request, with the number of connections that suits it best.
func (s *Session) sellNaively(ctx context.Context, world *stage.World) (sold, error) {
	best := sale{name: "naive", node: stage.NodeOptions{Direct: true}}
	if s.Engine == db.Postgres && !s.Quick {
		var most float64
		for _, writers := range []int{4, 8, 16, 32} {
			try := sale{name: "try", quickly: true, node: stage.NodeOptions{Direct: true, Writers: writers}}
			got, err := s.sell(ctx, world, try)
			if err != nil {
				return got, err
			}
			if got.Rate > most {
				most, best.node.Writers = got.Rate, writers
			}
		}
	}
	got, err := s.sell(ctx, world, best)
	if err == nil && best.node.Writers > 0 {
		got.More["connections"] = float64(best.node.Writers)
	}
	return got, err
}

// sell lets people buy for a while, kills the server, and looks at what is left.
func (s *Session) sell(ctx context.Context, world *stage.World, o sale) (out sold, err error) {
	s.Say("hot deal: " + o.name)
	place, err := s.Ground.Copy(ctx, world.Place)
	if err != nil {
		return out, err
	}
	gateway, stop, err := openGateway(ctx)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	o.node.Place, o.node.Gateway = place, gateway
	node, err := stage.StartNode(ctx, o.node)
	if err != nil {
		return out, err
	}
	rush := newRush(world, s.Connections)
	crowd := load.Crowd{Address: node.URL(), Callers: s.Connections, Phase: load.Phase{Warm: s.Warm, For: s.For}}
	if o.quickly {
		crowd.Phase = load.Phase{Warm: s.Warm / 2, For: s.For / 3}
	}
	wait := s.profile(ctx, node, o)
	before, err := node.Figures(ctx)
	if err != nil {
		return out, errors.Join(err, node.Kill())
	}
	result := crowd.Closed(ctx, rush.buy)
	after, err := node.Figures(ctx)
	wait()
	if err != nil {
		return out, errors.Join(err, node.Kill())
	}
	out = sold{place: place, Figures: &Figures{Name: o.name, Rate: result.Rate(bought), Unit: "purchases/s",
		Steps: result.Spreads(), Errors: result.Errors, More: map[string]float64{}}}
	out.describe(result, before, after)
	if !o.quickly {
		s.Report.Runs = append(s.Report.Runs, out.Figures)
		crowd.Warm, crowd.For = s.Warm/2, s.For/2
		out.soldOut = s.refuse(ctx, crowd, rush, o.name)
	}
	if err := errors.Join(node.Kill(), s.Ground.PowerCut(ctx)); err != nil {
		return out, err
	}
	if err := s.checkSale(ctx, world, place, rush); err != nil {
		return out, err
	}
	if o.keep {
		return out, nil
	}
	return out, s.Ground.Drop(ctx, place)
}

// describe adds what the server told about itself.
func (f *Figures) describe(result load.Result, before, after stage.Figures) {
	batches := after.Lanes.Batches - before.Lanes.Batches
	commands := after.Lanes.Commands - before.Lanes.Commands
	if batches > 0 {
		f.Batch = float64(commands) / float64(batches)
	}
	if n := result.Counts[bought]; n > 0 {
		f.More["server_cpu_us"] = float64((after.CPU - before.CPU).Microseconds()) / float64(n)
	}
	f.More["again"] = float64(after.Lanes.Again - before.Lanes.Again)
	f.More["splits"] = float64(after.Lanes.Splits - before.Lanes.Splits)
	f.More["server_mb"] = float64(after.Resident >> 20)
}

// refuse measures how fast people hear that nothing is left.
func (s *Session) refuse(ctx context.Context, crowd load.Crowd, rush *rush, name string) *Figures {
	result := crowd.Closed(ctx, rush.ask)
	f := s.Report.run("sold_out ("+name+")", result.Rate(refused), "answers/s")
	f.Steps, f.Errors = result.Spreads(), result.Errors
	return f
}

const (
	bought  = "bought"
	refused = "refused"
)

// rush is people who all want the same thing.
type rush struct {
	world *stage.World
	next  atomic.Int64
	acks  [][]string // by caller: orders that were answered as paid
}

func newRush(world *stage.World, callers int) *rush {
	return &rush{world: world, acks: make([][]string, callers)}
}

// buy is one purchase by the next person; false when everybody has bought.
func (h *rush) buy(ctx context.Context, c *load.Caller) bool {
	n := int(h.next.Add(1) - 1)
	if n >= h.world.Buyers() {
		return false
	}
	person := h.world.Buyer(n)
	began := time.Now()
	a, err := c.Conn.Do(ctx, hold(person, h.world.Items[0], n))
	order := valueOf(a.Body, "id")
	if err != nil || a.Status != http.StatusCreated {
		c.Fail(failure("hold", a, err))
		return true
	}
	c.Time("hold", began)
	began = time.Now()
	a, err = c.Conn.Do(ctx, pay(person, order, n))
	if err != nil || a.Status != http.StatusCreated || valueOf(a.Body, "state") != "paid" {
		c.Fail(failure("pay", a, err))
		return true
	}
	c.Time("pay", began)
	c.Count(bought)
	h.acks[c.Number] = append(h.acks[c.Number], order)
	return true
}

// ask is one person who comes too late.
func (h *rush) ask(ctx context.Context, c *load.Caller) bool {
	n := int(h.next.Add(1)-1) % h.world.Buyers()
	began := time.Now()
	a, err := c.Conn.Do(ctx, hold(h.world.Buyer(n), h.world.Items[1], n))
	switch {
	case err == nil && a.Status == http.StatusConflict && valueOf(a.Body, "code") == "deal.sold_out":
		c.Time("hold", began)
		c.Count(refused)
	case err == nil && a.Status == http.StatusCreated: // the one who gets the last
	default:
		c.Fail(failure("hold", a, err))
	}
	return true
}

func hold(p stage.Person, item stage.Item, n int) load.Request {
	return load.Request{Method: http.MethodPost, Path: api.Prefix + "/orders",
		Head: fmt.Sprintf("Authorization: Bearer %s\r\nIdempotency-Key: hold-%s-%07d\r\n", p.Token, item.Deal, n),
		Body: fmt.Sprintf(`{"deal_id":%q,"option_id":%q,"quantity":1}`, item.Deal, item.Option)}
}

func pay(p stage.Person, order string, n int) load.Request {
	return load.Request{Method: http.MethodPost, Path: api.Prefix + "/orders/" + order + "/payments",
		Head: fmt.Sprintf("Authorization: Bearer %s\r\nIdempotency-Key: pay-%07d\r\n", p.Token, n),
		Body: `{"method":"sandbox","instrument":"ok"}`}
}

// valueOf reads the first text of a name in a JSON object, without reading all of it: the client shares its cores with
// the server.
func valueOf(body []byte, name string) string {
	_, rest, ok := bytes.Cut(body, []byte(`"`+name+`":"`))
	if !ok {
		return ""
	}
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(value)
}

func failure(step string, a load.Answer, err error) string {
	if err != nil {
		return step + ": " + err.Error()
	}
	return fmt.Sprintf("%s: %d %s %s", step, a.Status, valueOf(a.Body, "code"), valueOf(a.Body, "state"))
}
