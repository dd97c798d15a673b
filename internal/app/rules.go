package app

import (
	"context"
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/report"
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

// policyID is the id of the policies in force now; it stands on every order.
func (c *Core) policyID() string { return policy.At(c.DB.Clock().Now()).ID }

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

// maySell refuses shops that are not approved. A shop without a record of its own stands in worlds of tests only:
// rights come from memberships, and those name a record.
func maySell(ctx context.Context, q db.Querier, id market.MerchantID) error {
	m, err := merchant.Find(ctx, q, id)
	if errors.Is(err, merchant.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.CheckSell()
}

// score gives a submitted deal its place in the operator's sorting, with the parts that its merchant sees.
func (c *Core) score(ctx context.Context, q db.Querier, d deal.Deal, t deal.Terms) (int64, string, error) {
	now := c.DB.Clock().Now()
	standing, err := report.StandingOf(ctx, q, d, t.CategoryID, now)
	if err != nil {
		return 0, "", err
	}
	text, err := standing.Text()
	return standing.Score(policy.At(now).Queue), text, err
}
