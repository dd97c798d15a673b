package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/bench/watcher"
	"github.com/dure-commerce/dure/internal/web/api"
)

const (
	liveRounds = 20
	watchPart  = "watch"
)

// crowds are the numbers of viewers, and what is wanted of each: milliseconds until 99 of 100 have heard.
func crowds(quick bool) map[int]float64 {
	if quick {
		return map[int]float64{50: 100}
	}
	return map[int]float64{5_000: 100, 10_000: 400}
}

// live measures how soon a use of a voucher is seen: by the three screens of the people concerned, and by a crowd. The
// crowd lives in a process of its own.
func live(ctx context.Context, s *Session) error {
	rounds := liveRounds
	if s.Quick {
		rounds = 3
	}
	all := crowds(s.Quick)
	s.Say("building a world")
	world, err := s.Ground.Found(ctx, stage.Plan{Buyers: rounds * (1 + len(all)), Bought: rounds * (1 + len(all)),
		SignedIn: rounds, Deals: []stage.Deal{{Capacity: hotCapacity, PerPerson: 1}}})
	if err != nil {
		return err
	}
	var open syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &open); err != nil {
		return err
	}
	h := &counters{world: world, acks: make([][]string, 1)}
	place, err := s.serve(ctx, world, stage.NodeOptions{}, func(node *stage.Node) error {
		if err := s.three(ctx, node, h, rounds); err != nil {
			return err
		}
		for _, viewers := range []int{50, 5_000, 10_000} {
			want, ok := all[viewers]
			if !ok {
				continue
			}
			if uint64(viewers)+200 > open.Cur {
				s.Say(fmt.Sprintf("%d viewers need more than the %d open files allowed here", viewers, open.Cur))
				continue
			}
			if err := s.crowd(ctx, node, h, watchers{count: viewers, rounds: rounds, want: want}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Report.Settings["open files"] = fmt.Sprint(open.Cur)
	return errors.Join(s.checkUses(ctx, place, h), s.Ground.Drop(ctx, place))
}

// scan uses the next voucher at its shop and gives the instant of the answer.
func (h *counters) scan(ctx context.Context, conn *load.Conn, n int) (at time.Time, err error) {
	v := h.world.Vouchers[n]
	shop := h.world.Shops[v.Shop]
	a, err := conn.Do(ctx, load.Request{Method: http.MethodPost, Path: api.Prefix + "/redemptions",
		Head: fmt.Sprintf("Authorization: Bearer %s\r\nIdempotency-Key: use-%07d\r\n", shop.Staff.Token, n),
		Body: fmt.Sprintf(`{"merchant_id":%q,"branch_id":%q,"code":%q,"units":1,"nonce":"nonce-%07d"}`,
			shop.ID, shop.Branch, v.Face, n)})
	at = time.Now()
	if err == nil && a.Status != http.StatusCreated {
		err = fmt.Errorf("%s", failure(redeemStep, a, nil))
	}
	if err == nil {
		h.acks[0] = append(h.acks[0], valueOf(a.Body, "id"))
		h.next.Add(1)
	}
	return at, err
}

// three watches the buyer's voucher, the shop's board and the operator's console, and uses the voucher.
func (s *Session) three(ctx context.Context, node *stage.Node, h *counters, rounds int) error {
	conn := load.NewConn(node.URL())
	defer conn.Close()
	names := []string{"buyer", "shop", "operator"}
	times := map[string]*load.Times{"redeem": {}, "all three": {}}
	for _, name := range names {
		times[name] = &load.Times{}
	}
	for n := range rounds {
		v := h.world.Vouchers[n]
		topics := []string{"voucher:" + string(v.ID), "merchant:" + string(h.world.Shops[v.Shop].ID), "console"}
		cookies := []string{h.world.Buyer(v.Holder).Cookie, h.world.Shops[v.Shop].Owner.Cookie, h.world.Operator.Cookie}
		streams := make([]*load.Stream, len(names))
		for i := range names {
			var err error
			if streams[i], err = load.Open(ctx, node.URL(), "/live?topics="+topics[i], cookies[i]); err != nil {
				return fmt.Errorf("%s: %w", names[i], err)
			}
		}
		heard := make([]time.Time, len(names))
		var all sync.WaitGroup
		var failed error
		for i, stream := range streams {
			all.Go(func() {
				defer stream.Close()
				if _, err := stream.Next(time.Now().Add(watcher.Wait)); err != nil {
					failed = fmt.Errorf("%s did not hear: %w", names[i], err)
				}
				heard[i] = time.Now()
			})
		}
		began := time.Now()
		at, err := h.scan(ctx, conn, n)
		all.Wait()
		if err = errors.Join(err, failed); err != nil {
			return err
		}
		times["redeem"].Add(at.Sub(began))
		last := time.Duration(0)
		for i, name := range names {
			after := max(0, heard[i].Sub(at))
			times[name].Add(after)
			last = max(last, after)
		}
		times["all three"].Add(last)
		rest(ctx, watcher.Pause)
	}
	f := s.Report.run("three screens", float64(rounds), "uses")
	f.Steps = map[string]load.Spread{}
	for name, t := range times {
		f.Steps[name] = t.Spread()
	}
	s.Report.atMost("three screens p99 ms", f.Steps["all three"].P99, 100)
	return nil
}

// rest waits, or until the bench is stopped.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// watchers are a crowd.
type watchers struct {
	count, rounds int
	want          float64
}

// crowd lets many viewers watch a shop's board, and uses vouchers there.
func (s *Session) crowd(ctx context.Context, node *stage.Node, h *counters, o watchers) (err error) {
	s.Say(fmt.Sprintf("live: %d viewers", o.count))
	before, err := settled(ctx, node)
	if err != nil {
		return err
	}
	shop := h.world.Shops[0]
	part, err := stage.Start(ctx, watchPart, watcher.Options{URL: node.URL(),
		Path: "/live?topics=merchant:" + string(shop.ID), Cookie: shop.Owner.Cookie, Count: o.count, Rounds: o.rounds})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, part.Kill()) }()
	var ready, seen watcher.Seen
	if err := part.Read(&ready); err != nil {
		return err
	}
	during, err := settled(ctx, node)
	if err != nil {
		return err
	}
	conn := load.NewConn(node.URL())
	defer conn.Close()
	first := int(h.next.Load())
	answered := make([]time.Time, o.rounds)
	for i := range answered {
		if answered[i], err = h.scan(ctx, conn, first+i); err != nil {
			return err
		}
		rest(ctx, watcher.Pause)
	}
	if err := part.Read(&seen); err != nil {
		return err
	}
	var times load.Times
	for i, heard := range seen.Heard {
		for _, at := range heard {
			times.Add(max(0, time.UnixMicro(at).Sub(answered[i])))
		}
	}
	f := s.Report.run(fmt.Sprintf("%d viewers", o.count), float64(ready.Open), "streams")
	f.Steps = map[string]load.Spread{"heard": times.Spread()}
	if seen.Missed > 0 {
		f.Errors = map[string]int{"not heard": seen.Missed}
	}
	each := float64(during.Resident-before.Resident) / float64(max(ready.Open, 1)) / 1024
	f.More["kb_each"], f.More["server_mb"] = each, float64(during.Resident>>20)
	s.Report.atMost(fmt.Sprintf("%d viewers p99 ms", o.count), f.Steps["heard"].P99, o.want)
	s.Report.atMost(fmt.Sprintf("%d viewers KB each", o.count), each, 30)
	return nil
}

// settled are a server's figures once it has given back what it does not need.
func settled(ctx context.Context, node *stage.Node) (stage.Figures, error) {
	if err := node.TidyUp(ctx); err != nil {
		return stage.Figures{}, err
	}
	return node.Figures(ctx)
}
