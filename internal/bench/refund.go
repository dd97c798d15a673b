package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/payment"
)

const (
	refundsASecond = 10_000 // orders in the world, for each second asked for: 100,000 in ten
	refundGoal     = 60     // seconds for 100,000
)

// giveBack lets a deal fail that many people have paid for, and decides all refunds; half-way the work breaks off and
// is taken up again by another process.
func giveBack(ctx context.Context, s *Session) error {
	n := int(s.For.Seconds() * refundsASecond)
	if s.Quick {
		n = 300
	}
	s.Say(fmt.Sprintf("building a world with %d purchases", n))
	world, err := s.Ground.Found(ctx, stage.Plan{Buyers: n, Bought: n,
		Deals: []stage.Deal{{Capacity: hotCapacity, PerPerson: 1, Threshold: int64(n) + 1}}})
	if err != nil {
		return err
	}
	id := world.Items[0].Deal
	if err := s.end(ctx, world, func(c *app.Core) error {
		return errors.Join(c.Tipping.Close(ctx, id), c.Tipping.Decide(ctx, id))
	}); err != nil {
		return err
	}
	began := time.Now()
	broken, breakOff := context.WithCancel(ctx)
	err = s.end(ctx, world, func(c *app.Core) error {
		c.DB.OnCommit(func(db.Committed) {
			if done, err := decided(ctx, c.DB); err == nil && done >= int64(n/2) {
				breakOff()
			}
		})
		return c.Refunds.Deal(broken, id, payment.CauseFailedToTip)
	})
	breakOff()
	if err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	if err := s.Ground.PowerCut(ctx); err != nil {
		return err
	}
	err = s.end(ctx, world, func(c *app.Core) error { return c.Refunds.Deal(ctx, id, payment.CauseFailedToTip) })
	if err != nil {
		return err
	}
	took := time.Since(began)
	s.Report.run("refunds decided", float64(n)/took.Seconds(), "refunds/s")
	s.Report.atMost("seconds for 100,000", took.Seconds()*100_000/float64(n), refundGoal)
	return errors.Join(s.checkRefunds(ctx, world.Place, n), s.Ground.Drop(ctx, world.Place))
}

// decided is how many refunds there are.
func decided(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM refund`)
}

// end works on a world at an instant at which its sales are over.
func (s *Session) end(ctx context.Context, w *stage.World, work func(c *app.Core) error) (err error) {
	later := clock.NewFake(deal.NextMonday(time.Now()).Add(time.Hour))
	d, err := db.Open(ctx, db.Options{URL: w.Place.URL, Clock: later})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	key, err := sign.LoadKey(w.Place.Config().KeyPath(), d.IDs())
	if err != nil {
		return err
	}
	c, err := app.NewCore(app.CoreOptions{DB: d, Key: key, BaseURL: "http://127.0.0.1", Node: "later"})
	if err != nil {
		return err
	}
	defer c.Close()
	return work(c)
}

// checkRefunds counts orders without a refund, and those with two.
func (s *Session) checkRefunds(ctx context.Context, place stage.Place, n int) (err error) {
	d, err := db.Open(ctx, db.Options{URL: place.URL, Clock: clock.NewFake(deal.NextMonday(time.Now()).Add(time.Hour))})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	done, err := decided(ctx, d)
	if err != nil {
		return err
	}
	orders, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM (SELECT DISTINCT order_id FROM refund) o`)
	if err != nil {
		return err
	}
	s.Report.Invariants["lost"] = int64(n) - orders
	s.Report.Invariants["double"] = done - orders
	// Days have gone by until the end of the sale, on which no operator topped custody up.
	return s.ask(ctx, d, "ledger_coverage")
}
