package app

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
)

const validDaysMax = 5 * 365

// DealLimits are the bounds of a deal's draft under the policies in force at an instant.
func (c *Core) DealLimits(now time.Time) (deal.Limits, string) {
	set := policy.At(now)
	limits := deal.Limits{ValidDaysMin: map[string]int64{}, ValidDaysMax: validDaysMax,
		CommissionBP: set.Commission.DefaultBP}
	for _, p := range set.Offered() {
		limits.ValidDaysMin[string(p.Name)] = p.ValidDaysMin
	}
	return limits, set.ID
}

// PayoutDay is the business day on which a use is paid out: the next after the statement of the use's day.
func (c *Core) PayoutDay(use time.Time) time.Time {
	day, _ := c.Calendar.Next(bizday.StartOfDay(use))
	return day
}

// RefundDue is the end of the legal time to refund: three business days, the day of the request not counted.
func (c *Core) RefundDue(requested time.Time) time.Time {
	day, _ := c.Calendar.Add(requested, policy.At(requested).Interest.RefundBusinessDays)
	return bizday.EndOfDay(day)
}

func lateInterest(amount int64, due, now time.Time) int64 {
	return policy.At(now).Interest.Of(amount, policy.LateDays(due, now))
}

// score gives a submitted deal its place in the operator's sorting.
func (c *Core) score(context.Context, db.Querier, deal.Deal, deal.Terms) (int64, string, error) {
	return policy.At(c.DB.Clock().Now()).Queue.Score(5000, 5000, 0, 0), "", nil
}
