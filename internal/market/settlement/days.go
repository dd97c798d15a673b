package settlement

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
)

// Times are the hours and days of settlement, as the policies in force say; hours count from midnight in Korea.
type Times struct {
	Calendar    *bizday.Calendar
	IssueAt     time.Duration
	ObjectUntil time.Duration
	ObjectDays  int // business days after the statement's day
	PayoutDays  int // business days after the statement's day
}

// objectTimeMin is the least time for an objection: a statement that the run issues late stays open a day longer.
const objectTimeMin = 4 * time.Hour

// LastDay is the last day whose statements may be issued: yesterday, or the day before it until the run's hour.
func (t Times) LastDay(now time.Time) string {
	today := bizday.StartOfDay(now)
	if now.Before(today.Add(t.IssueAt)) {
		return before(before(bizday.Day(now)))
	}
	return before(bizday.Day(now))
}

// before gives the day before a day.
func before(day string) string {
	start, err := bizday.ParseDay(day)
	if err != nil {
		return day
	}
	return bizday.Day(start.Add(-time.Microsecond))
}

// After gives the day after a day.
func After(day string) string {
	start, err := bizday.ParseDay(day)
	if err != nil {
		return day
	}
	return bizday.Day(bizday.EndOfDay(start))
}

// Yesterday gives the last day that is over.
func Yesterday(now time.Time) string { return before(bizday.Day(now)) }

// Deadlines are the instants that a statement's life runs by. Known is false past the table of holidays.
type Deadlines struct {
	ObjectUntil time.Time
	PayableDay  string
	Known       bool
}

// Deadlines gives the deadlines of a statement for a day that is issued at an instant.
func (t Times) Deadlines(day string, issued time.Time) Deadlines {
	start, err := bizday.ParseDay(day)
	if err != nil {
		start = bizday.StartOfDay(issued)
	}
	open, known := t.Calendar.Add(start, t.ObjectDays)
	for issued.Add(objectTimeMin).After(open.Add(t.ObjectUntil)) {
		var more bool
		open, more = t.Calendar.Next(open)
		known = known && more
	}
	pay, payKnown := t.Calendar.Add(start, t.PayoutDays)
	if pay.Before(open) {
		pay = open
	}
	return Deadlines{ObjectUntil: open.Add(t.ObjectUntil), PayableDay: bizday.Day(pay), Known: known && payKnown}
}

// payoutDelay leaves time to confirm by silence before the payouts are made.
const payoutDelay = 5 * time.Minute

// PayoutDay is the day whose payouts may be made now; open is false at night and on days without banks.
func (t Times) PayoutDay(now time.Time) (day string, known, open bool) {
	today := bizday.StartOfDay(now)
	open = t.Calendar.IsBusiness(now) && !now.Before(today.Add(t.ObjectUntil+payoutDelay))
	return bizday.Day(now), t.Calendar.Covers(now), open
}

// soldDaysBack bounds the search for the days that one settlement pays for.
const soldDaysBack = 20

// SoldIn gives the instants between which was sold what a gateway pays on a day, so many business days later; ok is
// false on a day on which nothing is paid.
func (t Times) SoldIn(payDay string, businessDays int) (from, to time.Time, ok bool) {
	pay, err := bizday.ParseDay(payDay)
	if err != nil || !t.Calendar.IsBusiness(pay) {
		return from, to, false
	}
	sold := pay
	for range soldDaysBack {
		sold = bizday.StartOfDay(sold.Add(-time.Microsecond))
		due, _ := t.Calendar.Add(sold, businessDays)
		switch {
		case due.Equal(pay):
			from = sold
			if to.IsZero() {
				to = bizday.EndOfDay(sold)
			}
		case due.Before(pay):
			return from, to, !to.IsZero()
		}
	}
	return from, to, !to.IsZero()
}

// DayBounds gives the instants at which a day begins and ends.
func DayBounds(day string) (from, to time.Time) {
	from, err := bizday.ParseDay(day)
	if err != nil {
		return from, from
	}
	return from, bizday.EndOfDay(from)
}

// DueDay is the business day, so many after the day of an instant, until which something must be done.
func (t Times) DueDay(now time.Time, businessDays int) string {
	day, _ := t.Calendar.Add(now, businessDays)
	return bizday.Day(day)
}

// EndOn gives the first instant after the last valid day of vouchers that end so many days after a day.
func EndOn(day string, days int) time.Time {
	start, _ := DayBounds(day)
	local := start.In(bizday.Seoul())
	return time.Date(local.Year(), local.Month(), local.Day()+days+1, 0, 0, 0, 0, bizday.Seoul()).UTC()
}

// LastDayOf gives the last valid day of what ends at an instant.
func LastDayOf(end time.Time) string { return bizday.Day(end.Add(-time.Microsecond)) }
