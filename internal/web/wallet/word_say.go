package wallet

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// fewDays: so many days a week or fewer are told as the days on which a voucher can be used, more as those on
// which not.
const fewDays = 3

const weekDays = 7

// usableWhen says when a voucher can be used.
func usableWhen(loc ui.Loc, r hours.Rules) string {
	days := ""
	if n := len(r.Weekdays); n > 0 && n <= fewDays {
		days = weekdays(loc, r.Weekdays)
	}
	if r.From == "" || r.To == "" {
		if days == "" {
			return loc.T("voucher.any_time")
		}
		return days
	}
	span := loc.T("voucher.between", "From", r.From, "To", r.To)
	if r.To <= r.From {
		span = loc.T("voucher.past_midnight", "From", r.From, "To", r.To)
	}
	return strings.TrimSpace(days + " " + span)
}

// unusableWhen says on which days a voucher cannot be used, "" when there are none ahead.
func unusableWhen(loc ui.Loc, r hours.Rules, now time.Time) string {
	var parts []string
	if n := len(r.Weekdays); n > fewDays && n < weekDays {
		var missing []int
		for day := range weekDays {
			if !slices.Contains(r.Weekdays, day) {
				missing = append(missing, day)
			}
		}
		parts = append(parts, weekdays(loc, missing))
	}
	return strings.Join(append(parts, blackouts(loc, r.Blackout, now)...), ", ")
}

const blackoutsShown = 6

func blackouts(loc ui.Loc, days []string, now time.Time) []string {
	var out []string
	more := int64(0)
	today := now.In(voucher.Zone).Format(time.DateOnly)
	for _, day := range days {
		t, err := time.ParseInLocation(time.DateOnly, day, voucher.Zone)
		if err != nil || day < today {
			continue
		}
		if len(out) == blackoutsShown {
			more++
			continue
		}
		out = append(out, loc.Date(t, now))
	}
	if more > 0 {
		out = append(out, loc.T("voucher.more_days", "Count", more))
	}
	return out
}

func weekdays(loc ui.Loc, days []int) string {
	names := make([]string, 0, len(days))
	for _, day := range inWeek(days) {
		names = append(names, loc.T("voucher.day_"+strconv.Itoa(day)))
	}
	return loc.T("voucher.weekdays", "Days", strings.Join(names, loc.T("voucher.day_join")))
}

// inWeek puts days in the order of a Korean week, which begins on Monday.
func inWeek(days []int) []int {
	sorted := slices.Clone(days)
	slices.SortFunc(sorted, func(a, b int) int { return (a+6)%weekDays - (b+6)%weekDays })
	return sorted
}

// lastDay says until when, naming the last whole day: an end at midnight belongs to the day before.
func lastDay(loc ui.Loc, until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return loc.FullDate(until.Add(-time.Nanosecond))
}

// nearDay is lastDay for a day that is near: without this year's number.
func nearDay(loc ui.Loc, until, now time.Time) string {
	return loc.Date(until.Add(-time.Nanosecond), now)
}

// missing says how much is still needed to open a deal, in the words of its own count: "7명", "3장", "120,000원".
func missing(loc ui.Loc, d deal.Deal) string { return counted(loc, d.ThresholdKind, d.Missing()) }

func counted(loc ui.Loc, kind deal.ThresholdKind, n int64) string {
	switch kind {
	case deal.ThresholdPeople:
		return loc.T("voucher.people", "Count", n)
	case deal.ThresholdUnits:
		return loc.T("voucher.units", "Count", n)
	case deal.ThresholdWon:
	}
	return loc.Won(n)
}

// meter is the ring of a deal that has not opened.
func meter(loc ui.Loc, d deal.Deal) ui.Meter {
	return ui.Meter{Goal: d.Threshold, Paid: d.Progress(), Mine: true, Size: "l", Say: missing(loc, d),
		Sub: loc.T("voucher.until_open"), Name: loc.T("voucher.until_open_long", "Missing", missing(loc, d))}
}

// saleEnd writes the end of a sale: the midnight after its last day as that day's, any other instant to the minute.
func saleEnd(loc ui.Loc, end, now time.Time) string {
	if loc.Time(end) == "00:00" {
		return loc.T("voucher.midnight", "Day", loc.Day(end.Add(-time.Minute)))
	}
	return loc.DateTime(end, now)
}
