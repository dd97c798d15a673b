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
	"github.com/dure-commerce/dure/internal/web/api"
)

const (
	redeemRate      = 1_000 // offered a second, in the open loop
	redeemASecond   = 5_000 // vouchers kept ready for the closed loop
	redeemVouchers  = 60_000
	redeemShops     = 8
	redeemCallers   = 64 // of the open loop: more than are ever under way at once, unless the server falls behind
	redeemedCount   = "redeemed"
	redeemStep      = "redeem"
	redeemP99       = 20
	redeemLimitGoal = 0.6
)

// redeem uses vouchers at the counters of some shops: first at a steady pace, then as fast as they go.
func redeem(ctx context.Context, s *Session) error {
	open := int(redeemRate * (s.Warm + s.For).Seconds())
	vouchers := min(open+int(redeemASecond*(s.Warm+s.For).Seconds()), redeemVouchers)
	s.Say(fmt.Sprintf("building a world with %d vouchers", vouchers))
	plan := stage.Plan{Buyers: vouchers, Shops: redeemShops, Bought: vouchers}
	for range redeemShops {
		plan.Deals = append(plan.Deals, stage.Deal{Capacity: hotCapacity, PerPerson: 1})
	}
	world, err := s.Ground.Found(ctx, plan)
	if err != nil {
		return err
	}
	ours, steady, place, err := s.use(ctx, world, "ours", stage.NodeOptions{})
	if err != nil {
		return err
	}
	writers := 0
	if s.Engine == db.Postgres {
		writers = 16
	}
	naive, _, other, err := s.use(ctx, world, "naive", stage.NodeOptions{Direct: true, Writers: writers})
	if err != nil {
		return err
	}
	limit, err := s.limit(ctx, world, place, ceiling.Redemption())
	if err != nil {
		return err
	}
	r := s.Report
	r.atLeast("ours/limit", r.ratio("ours/limit", ours.Rate, limit.Rate), redeemLimitGoal)
	r.ratio("ours/naive", ours.Rate, naive.Rate)
	r.atMost("p99 ms at 1,000/s", steady.Steps[redeemStep].P99, redeemP99)
	return errors.Join(s.Ground.Drop(ctx, place), s.Ground.Drop(ctx, other))
}

// counters are shops that redeem what people bring.
type counters struct {
	world *stage.World
	next  atomic.Int64
	acks  [][]string // by caller: redemptions that were answered as accepted
}

func (s *Session) use(
	ctx context.Context, w *stage.World, name string, o stage.NodeOptions,
) (fast, steady *Figures, place stage.Place, err error) {
	s.Say("redeem: " + name)
	h := &counters{world: w, acks: make([][]string, max(s.Connections, redeemCallers))}
	phase := load.Phase{Warm: s.Warm, For: s.For}
	place, err = s.serve(ctx, w, o, func(node *stage.Node) error {
		crowd := load.Crowd{Address: node.URL(), Callers: redeemCallers, Phase: phase}
		steady, err = s.measure(ctx, node, name+" at 1,000/s", phase, func() (load.Result, int) {
			return crowd.Open(ctx, redeemRate, func(ctx context.Context, c *load.Caller, due time.Time) { h.use(ctx, c, due) }),
				h.used()
		})
		if err != nil {
			return err
		}
		steady.rated(redeemedCount, "uses/s")
		crowd.Callers = s.Connections
		already := h.used()
		fast, err = s.measure(ctx, node, name, phase, func() (load.Result, int) {
			return crowd.Closed(ctx, func(ctx context.Context, c *load.Caller) bool { return h.use(ctx, c, time.Now()) }),
				h.used() - already
		})
		if err != nil {
			return err
		}
		fast.rated(redeemedCount, "uses/s")
		s.Report.Runs = append(s.Report.Runs, fast, steady)
		return nil
	})
	if err != nil {
		return nil, nil, place, err
	}
	return fast, steady, place, s.checkUses(ctx, place, h)
}

func (h *counters) used() (n int) {
	for _, acks := range h.acks {
		n += len(acks)
	}
	return n
}

// use is one voucher at its shop; its time runs from when it was due. False when all vouchers are used up.
func (h *counters) use(ctx context.Context, c *load.Caller, due time.Time) bool {
	n := int(h.next.Add(1) - 1)
	if n >= len(h.world.Vouchers) {
		return false
	}
	v := h.world.Vouchers[n]
	shop := h.world.Shops[v.Shop]
	a, err := c.Conn.Do(ctx, load.Request{Method: http.MethodPost, Path: api.Prefix + "/redemptions",
		Head: fmt.Sprintf("Authorization: Bearer %s\r\nIdempotency-Key: use-%07d\r\n", shop.Staff.Token, n),
		Body: fmt.Sprintf(`{"merchant_id":%q,"branch_id":%q,"code":%q,"units":1,"nonce":"nonce-%07d"}`,
			shop.ID, shop.Branch, v.Face, n)})
	if err != nil || a.Status != http.StatusCreated {
		c.Fail(failure(redeemStep, a, err))
		return true
	}
	c.Time(redeemStep, due)
	c.Count(redeemedCount)
	h.acks[c.Number] = append(h.acks[c.Number], valueOf(a.Body, "id"))
	return true
}

// checkUses counts uses that were answered and are gone, and vouchers that were used twice.
func (s *Session) checkUses(ctx context.Context, place stage.Place, h *counters) (err error) {
	d, err := db.Open(ctx, db.Options{URL: place.URL})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	lost, double, err := aftermath.Uses(ctx, d, h.acks)
	if err != nil {
		return err
	}
	s.Report.Invariants["lost"] += lost
	s.Report.Invariants["double"] += double
	return s.ask(ctx, d)
}
