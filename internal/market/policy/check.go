package policy

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
)

// check finds figures that cannot be meant.
func (s Set) check() error {
	return errors.Join(
		s.Refund.check(),
		positive("interest.refund_business_days", s.Interest.RefundBusinessDays),
		positive("interest.year_days", int(s.Interest.YearDays)),
		rate("interest.rate_bp", s.Interest.RateBP),
		rate("commission.bp_max", s.Commission.BPMax),
		within(s.Commission.DefaultBP <= s.Commission.BPMax && s.Commission.DefaultBP >= 0, "commission.default_bp"),
		// Above it, the commission and its VAT would exceed the price.
		within(s.Commission.BPMax <= 9_000, "commission.bp_max"),
		positive("hold.minutes", s.Hold.Minutes),
		positive("hold.lapses_max", int(s.Hold.LapsesMax)),
		within(s.Hold.PageMinutes >= 0 && s.Hold.PauseMinutes >= 0, "hold"),
		s.Tipping.check(),
		s.Settlement.check(),
		positive("undo.own_minutes", s.Undo.OwnMinutes),
		positive("undo.manager_hours", s.Undo.ManagerHours),
		falling("reminder.days", s.Reminder.Days),
		positive("notice.kept_days", s.Notice.KeptDays),
		s.Queue.check(),
		s.Custody.check(),
		positive("payee.change_hours", s.Payee.ChangeHours),
		rate("gateway.fee_bp", s.Gateway.FeeBP),
		positive("gateway.business_days", s.Gateway.BusinessDays),
		s.Wanted.check(),
	)
}

func (r Refund) check() error {
	err := errors.Join(positive("refund.withdrawal_days", r.WithdrawalDays), positive("refund.claim_years", r.ClaimYears))
	for _, name := range []ProfileName{Std2025, DatedService, Legacy70} {
		if !slices.ContainsFunc(r.Profiles, func(p Profile) bool { return p.Name == name }) {
			err = errors.Join(err, fmt.Errorf("refund profile %s is missing", name))
		}
	}
	for _, p := range r.Profiles {
		name := "refund." + string(p.Name)
		err = errors.Join(err, positive(name+".valid_days_min", int(p.ValidDaysMin)), rate(name+".points_bp", p.PointsBP),
			within(len(p.Tiers) > 0, name+".tiers"))
		for i, t := range p.Tiers {
			last := i == len(p.Tiers)-1
			err = errors.Join(err, rate(name+".claim_bp", t.ClaimBP), within((t.PriceMax == 0) == last, name+".price_max"),
				within(i == 0 || last || t.PriceMax > p.Tiers[i-1].PriceMax, name+".price_max"))
		}
		for i, t := range p.Balance {
			err = errors.Join(err, rate(name+".used_bp", t.UsedBP),
				within((t.PriceMax == 0) == (i == len(p.Balance)-1), name+".balance"))
		}
	}
	return err
}

func (t Tipping) check() error {
	_, err := time.LoadLocation(t.Zone)
	return errors.Join(err,
		within(slices.Contains([]string{"people", "units", "won"}, t.Kind), "tipping.kind"),
		positive("tipping.window_days", t.WindowDays), positive("tipping.closing_minutes", t.ClosingMinutes),
		positive("tipping.ask_hours", t.AskHours), positive("tipping.extend_days", t.ExtendDays),
		positive("tipping.public_days_after", t.PublicDaysAfter))
}

func (s Settlement) check() error {
	return errors.Join(positive("settlement.object_business_days", s.ObjectBusinessDays),
		positive("settlement.payout_business_days", s.PayoutBusinessDays),
		within(slices.IsSorted(s.AlarmDays) && len(s.AlarmDays) > 0, "settlement.alarm_days"))
}

func (q Queue) check() error {
	sum := q.Satisfaction + q.Promises + q.Region + q.Category + q.Discount
	return errors.Join(within(sum == 100, "queue"), within(q.Discount == 0, "queue.discount"))
}

func (c Custody) check() error {
	return errors.Join(positive("custody.coverage_bp", int(c.CoverageBP)), within(c.BufferMin >= 0, "custody.buffer_min"),
		positive("custody.top_up_business_days", c.TopUpBusinessDays),
		positive("custody.payout_transit_hours", c.PayoutTransitHours),
		positive("custody.refund_transit_hours", c.RefundTransitHours),
		positive("custody.suspense_hours", c.SuspenseHours))
}

func within(holds bool, name string) error {
	if holds {
		return nil
	}
	return fmt.Errorf("%s is out of its bounds", name)
}

func positive(name string, n int) error { return within(n > 0, name) }

func rate(name string, bp money.BasisPoints) error { return within(bp >= 0 && bp <= 10_000, name) }

func falling(name string, days []int) error {
	for i, d := range days {
		if d <= 0 || i > 0 && d >= days[i-1] {
			return within(false, name)
		}
	}
	return within(len(days) > 0, name)
}
