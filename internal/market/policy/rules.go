package policy

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
)

// Profile gives a refund profile by its name, or ErrProfile.
func (s Set) Profile(name ProfileName) (Profile, error) {
	for _, p := range s.Refund.Profiles {
		if p.Name == name {
			return p, nil
		}
	}
	return Profile{}, ErrProfile.With("Name", string(name))
}

// Offered gives the profiles that a new deal may carry.
func (s Set) Offered() []Profile {
	var out []Profile
	for _, p := range s.Refund.Profiles {
		if !p.ImportsOnly {
			out = append(out, p)
		}
	}
	return out
}

// MayLast answers whether vouchers may be valid for so many days, or ErrValidity with the least number.
func (p Profile) MayLast(days int64) error {
	if days < p.ValidDaysMin {
		return ErrValidity.With("Days", p.ValidDaysMin)
	}
	return nil
}

// ClaimBP gives the part of the unused value that an expired voucher still gives back, by the price of the whole
// voucher: owed up to the last won of the tier's limit.
func (p Profile) ClaimBP(price money.Won) money.BasisPoints {
	for _, t := range p.Tiers {
		if t.PriceMax == 0 || price <= t.PriceMax {
			return t.ClaimBP
		}
	}
	return 0
}

// PaysBalance answers whether the rest of an amount voucher of this price is paid out in money, so much being used.
func (p Profile) PaysBalance(price, used money.Won) bool {
	for _, t := range p.Balance {
		if t.PriceMax == 0 || price <= t.PriceMax {
			return used >= money.RateUp(price, t.UsedBP)
		}
	}
	return false
}

// WithdrawalUntil gives the instant before which a purchase may be withdrawn from: 24:00 in Korea of the seventh day
// after the later of payment and activation, that day not counted (전자상거래법 17조; decision 33). Without an activation
// (the zero time) the time has not begun to run: open is true.
func (s Set) WithdrawalUntil(paid, activated time.Time) (until time.Time, open bool) {
	if activated.IsZero() {
		return time.Time{}, true
	}
	later := paid
	if activated.After(later) {
		later = activated
	}
	return midnight(later).AddDate(0, 0, s.Refund.WithdrawalDays+1).UTC(), false
}

// MayWithdraw answers whether a purchase may be withdrawn from at an instant.
func (s Set) MayWithdraw(paid, activated, now time.Time) bool {
	until, open := s.WithdrawalUntil(paid, activated)
	return open || now.Before(until)
}

// ClaimUntil gives the instant before which the refundable part of an expired voucher may be asked for: years counted
// from the day after the last valid one (민법 157조, 160조). The end of the validity is given as its first invalid instant.
func (s Set) ClaimUntil(validUntil time.Time) time.Time {
	return lastDay(validUntil).AddDate(0, 0, 1).AddDate(s.Refund.ClaimYears, 0, 0).UTC()
}

// LateDays counts the days on which a refund was late when it was executed. Due is the first instant that is too late,
// 24:00 of the last day in time; an execution on the following day is one day late.
func LateDays(due, executed time.Time) int64 {
	if executed.Before(due) {
		return 0
	}
	return int64(midnight(executed).Sub(lastDay(due)) / (24 * time.Hour))
}

// Of gives the interest on an amount for so many days, up to the next won: it is owed to a buyer.
func (i Interest) Of(amount money.Won, days int64) money.Won {
	if amount <= 0 || days <= 0 {
		return 0
	}
	owed, rest := money.MulDiv(amount, i.RateBP*days, 10_000*i.YearDays)
	if rest > 0 {
		owed++
	}
	return owed
}

// TTL is how long a hold lasts; with the payment page open once, longer.
func (h Hold) TTL(pageOpened bool) time.Duration {
	minutes := h.Minutes
	if pageOpened {
		minutes += h.PageMinutes
	}
	return time.Duration(minutes) * time.Minute
}

// Extra is how much longer a hold lasts, once, when the payment page is open.
func (h Hold) Extra() time.Duration { return time.Duration(h.PageMinutes) * time.Minute }

// Closing is how long the last holds of a closing sale have to be paid or to lapse.
func (t Tipping) Closing() time.Duration { return time.Duration(t.ClosingMinutes) * time.Minute }

// Pause is how long an account waits after too many lapsed holds on a deal.
func (h Hold) Pause() time.Duration { return time.Duration(h.PauseMinutes) * time.Minute }

// Own is how long somebody may undo their own scan.
func (u Undo) Own() time.Duration { return time.Duration(u.OwnMinutes) * time.Minute }

// Manager is how long a manager or owner may undo a scan of the shop.
func (u Undo) Manager() time.Duration { return time.Duration(u.ManagerHours) * time.Hour }

// Score weighs the parts of a draft's standing, each 0 to 100, to a score of 0 to 100.
func (q Queue) Score(satisfaction, promises, region, category int64) int64 {
	return (satisfaction*q.Satisfaction + promises*q.Promises + region*q.Region + category*q.Category) / 100
}

// Due gives the notices whose day has begun, as days before the last valid day. The end of the validity is given as
// its first invalid instant; afterwards nothing is due.
func (r Reminder) Due(validUntil, now time.Time) []int {
	var due []int
	if !now.Before(validUntil) {
		return nil
	}
	for _, d := range r.Days {
		if !now.Before(lastDay(validUntil).AddDate(0, 0, -d)) {
			due = append(due, d)
		}
	}
	return due
}

// Border is the instant before which a notice was written that is kept no more.
func (n Notice) Border(now time.Time) time.Time {
	return now.Add(-time.Duration(n.KeptDays) * 24 * time.Hour)
}
