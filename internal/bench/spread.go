package bench

import (
	"context"

	"github.com/dure-commerce/dure/internal/bench/stage"
)

const (
	spreadDeals = 500
	spreadShops = 50
	spreadGoal  = 0.8 // of one hot deal
)

// spread sells many deals at once, and one of them alone beside it.
func spread(ctx context.Context, s *Session) error {
	deals, shops := spreadDeals, spreadShops
	if s.Quick {
		deals, shops = 20, 4
	}
	buyers := min(max(int((s.Warm+s.For).Seconds()*buyersASecond), buyersMin), buyersMax)
	plan := stage.Plan{Buyers: buyers, Shops: shops}
	for range deals {
		plan.Deals = append(plan.Deals, stage.Deal{Capacity: hotCapacity, PerPerson: 1})
	}
	s.Say("building a world")
	world, err := s.Ground.Found(ctx, plan)
	if err != nil {
		return err
	}
	many, err := s.sell(ctx, world, sale{name: "spread", deals: deals})
	if err != nil {
		return err
	}
	one, err := s.sell(ctx, world, sale{name: "one deal"})
	if err != nil {
		return err
	}
	s.Report.atLeast("spread/hot-deal", s.Report.ratio("spread/hot-deal", many.Rate, one.Rate), spreadGoal)
	return nil
}
