package bench

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/bench/ceiling"
	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
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
	all, err := s.rounds(ctx, world)
	if err != nil {
		return err
	}
	r := s.Report
	wantLimit, wantNaive := 0.35, 8.0
	if s.Engine == db.SQLite {
		wantLimit, wantNaive = 0.6, 7
	}
	toLimit := func(o round) float64 { return o.ours.Rate / o.limit.Rate }
	toNaive := func(o round) float64 { return o.ours.Rate / o.naive.Rate }
	r.atLeast("ours/limit", r.ratio("ours/limit", median(all, toLimit), 1), wantLimit)
	r.atLeast("ours/naive", r.ratio("ours/naive", median(all, toNaive), 1), wantNaive)
	r.atLeast("sold_out/ours", r.ratio("sold_out/ours", median(all, func(o round) float64 {
		return o.ours.soldOut.Rate / o.ours.Rate
	}), 1), 2)
	slices.SortFunc(all, func(a, b round) int { return cmp.Compare(toLimit(a), toLimit(b)) })
	middle := all[len(all)/2]
	r.Runs = []*Figures{middle.ours.Figures, middle.ours.soldOut, middle.naive.Figures, middle.limit}
	for _, step := range Names(middle.ours.Steps) {
		r.atMost(step+" p99 ms", middle.ours.Steps[step].P99, 60)
	}
	return nil
}

// round is one look at everything that is compared, as close together as it can be: on a machine that others use too
// the load of the next minute is another one.
type round struct {
	ours, naive sold
	limit       *Figures
}

const hotRounds = 3

func (s *Session) rounds(ctx context.Context, world *stage.World) (all []round, err error) {
	n := hotRounds
	if s.Quick {
		n = 1
	}
	short := *s
	short.For = s.For / time.Duration(n)
	writers, err := short.bestWriters(ctx, world)
	if err != nil {
		return nil, err
	}
	for range n {
		var o round
		if o.ours, err = short.sell(ctx, world, sale{name: "ours", keep: true, soldOut: true}); err != nil {
			return nil, err
		}
		if o.limit, err = short.limit(ctx, world, o.ours.place, ceiling.Purchase()); err != nil {
			return nil, err
		}
		naive := stage.NodeOptions{Direct: true, Writers: writers}
		if o.naive, err = short.sell(ctx, world, sale{name: "naive", node: naive}); err != nil {
			return nil, err
		}
		if writers > 0 {
			o.naive.More["connections"] = float64(writers)
		}
		if err := s.Ground.Drop(ctx, o.ours.place); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// median of a figure over all rounds.
func median(all []round, figure func(round) float64) float64 {
	var list []float64
	for _, o := range all {
		list = append(list, figure(o))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// bestWriters is the number of connections that suits one transaction a request best: 0, the default, on SQLite.
func (s *Session) bestWriters(ctx context.Context, world *stage.World) (best int, err error) {
	if s.Engine == db.SQLite || s.Quick {
		return 0, nil
	}
	var most float64
	for _, writers := range []int{4, 8, 16} {
		try := sale{name: "try", quickly: true, node: stage.NodeOptions{Direct: true, Writers: writers}}
		got, err := s.sell(ctx, world, try)
		if err != nil {
			return 0, err
		}
		if got.Rate > most {
			most, best = got.Rate, writers
		}
	}
	return best, nil
}

// sale is one run of the hot deal.
type sale struct {
	name    string
	node    stage.NodeOptions
	keep    bool // the place, for the limit
	quickly bool // a short look, to choose between settings
	soldOut bool // ask for a deal that is sold out, too
	deals   int  // sold at the same time, in turn; 0 means one
}

// sold is what came of it.
type sold struct {
	*Figures
	place   stage.Place
	soldOut *Figures
}

// sell lets people buy for a while, kills the server, and looks at what is left.
func (s *Session) sell(ctx context.Context, world *stage.World, o sale) (out sold, err error) {
	s.Say("hot deal: " + o.name)
	rush := newRush(world, s.Connections)
	rush.deals = max(o.deals, 1)
	phase := load.Phase{Warm: s.Warm, For: s.For}
	if o.quickly {
		phase = load.Phase{Warm: s.Warm / 2, For: s.For / 2}
	}
	out.place, err = s.serve(ctx, world, o.node, func(node *stage.Node) error {
		crowd := load.Crowd{Address: node.URL(), Callers: s.Connections, Phase: phase}
		f, err := s.measure(ctx, node, o.name, phase, func() (load.Result, int) {
			return crowd.Closed(ctx, rush.buy), rush.sold()
		})
		if err != nil {
			return err
		}
		out.Figures = f
		f.rated(bought, "purchases/s")
		if o.quickly {
			return nil
		}
		s.Report.Runs = append(s.Report.Runs, f)
		if !o.soldOut {
			return nil
		}
		crowd.Warm, crowd.For = s.Warm/2, s.For/2
		out.soldOut, err = s.measure(ctx, node, o.name+"-sold-out", crowd.Phase, func() (load.Result, int) {
			r := crowd.Closed(ctx, rush.ask)
			return r, len(r.Times["hold"])
		})
		if err == nil {
			out.soldOut.rated(refused, "answers/s")
			s.Report.Runs = append(s.Report.Runs, out.soldOut)
		}
		return err
	})
	if err != nil {
		return out, err
	}
	if err := s.checkSale(ctx, world, out.place, rush); err != nil {
		return out, err
	}
	if out.More["bytes"], err = s.grown(ctx, world, out.place, rush.sold()); err != nil {
		return out, err
	}
	if o.keep {
		return out, nil
	}
	return out, s.Ground.Drop(ctx, out.place)
}

const (
	bought  = "bought"
	refused = "refused"
)

// rush is people who all want the same thing.
type rush struct {
	world *stage.World
	deals int // sold in turn
	next  atomic.Int64
	acks  [][]string // by caller: orders that were answered as paid

	emptied []market.DealID // deals that more people asked for than there were units
}

func newRush(world *stage.World, callers int) *rush {
	return &rush{world: world, deals: 1, acks: make([][]string, callers)}
}

// grown is by how many bytes a place is larger than the world it was, for each command. It asks after the database was
// opened again and its log folded.
func (s *Session) grown(ctx context.Context, w *stage.World, place stage.Place, commands int) (float64, error) {
	was, err := s.Ground.Size(ctx, w.Place)
	if err != nil {
		return 0, err
	}
	is, err := s.Ground.Size(ctx, place)
	return float64(is-was) / float64(max(commands, 1)), err
}

// sold is how many purchases were answered, in the warm-up too.
func (h *rush) sold() (n int) {
	for _, acks := range h.acks {
		n += len(acks)
	}
	return n
}

// buy is one purchase by the next person; false when everybody has bought.
func (h *rush) buy(ctx context.Context, c *load.Caller) bool {
	n := int(h.next.Add(1) - 1)
	if n >= h.world.Buyers() {
		return false
	}
	h.purchase(ctx, c, h.world.Items[n%h.deals], n, n)
	return true
}

// purchase is a hold and its payment, or the answer that nothing is left. The number of a payment's key is its own.
func (h *rush) purchase(ctx context.Context, c *load.Caller, item stage.Item, n, payment int) {
	person := h.world.Buyer(n)
	began := time.Now()
	a, err := c.Conn.Do(ctx, hold(person, item, n))
	order := valueOf(a.Body, "id")
	switch {
	case soldOut(a, err):
		c.Count(refused)
		return
	case err != nil || a.Status != http.StatusCreated:
		c.Fail(failure("hold", a, err))
		return
	}
	c.Time("hold", began)
	began = time.Now()
	a, err = c.Conn.Do(ctx, pay(person, order, payment))
	if err != nil || a.Status != http.StatusCreated || valueOf(a.Body, "state") != "paid" {
		c.Fail(failure("pay", a, err))
		return
	}
	c.Time("pay", began)
	c.Count(bought)
	h.acks[c.Number] = append(h.acks[c.Number], order)
}

func soldOut(a load.Answer, err error) bool {
	return err == nil && a.Status == http.StatusConflict && valueOf(a.Body, "code") == "deal.sold_out"
}

// ask is one person who comes too late.
func (h *rush) ask(ctx context.Context, c *load.Caller) bool {
	n := int(h.next.Add(1)-1) % h.world.Buyers()
	began := time.Now()
	a, err := c.Conn.Do(ctx, hold(h.world.Buyer(n), h.world.Items[1], n))
	switch {
	case soldOut(a, err):
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
