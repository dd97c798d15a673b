package bizday

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrMalformed is a text that is no day of the form 2026-11-21.
var ErrMalformed = fail.New(fail.Invalid, "bizday.malformed")

const (
	layout             = "2006-01-02"
	seoulOffsetSeconds = 9 * 60 * 60
)

// Seoul is Korea's zone: nine hours before UTC, without summer time since 1988.
func Seoul() *time.Location { return time.FixedZone("KST", seoulOffsetSeconds) }

// Day gives the day of an instant in Seoul, as "2026-11-21".
func Day(t time.Time) string { return t.In(Seoul()).Format(layout) }

// ParseDay gives the first instant of a day written as "2026-11-21", or ErrMalformed.
func ParseDay(day string) (time.Time, error) {
	t, err := time.ParseInLocation(layout, day, Seoul())
	if err != nil {
		return time.Time{}, ErrMalformed.Wrap(err)
	}
	return t.UTC(), nil
}

// StartOfDay gives the first instant of t's day in Seoul.
func StartOfDay(t time.Time) time.Time { return startAfter(t, 0) }

// EndOfDay gives the first instant after t's day in Seoul: the 24:00 of laws and terms.
func EndOfDay(t time.Time) time.Time { return startAfter(t, 1) }

// NextMonday gives the next Monday's first instant in Seoul; on a Monday it is the one a week later.
func NextMonday(t time.Time) time.Time {
	days := (int(time.Monday) - int(t.In(Seoul()).Weekday()) + 7) % 7
	if days == 0 {
		days = 7
	}
	return startAfter(t, days)
}

// startAfter gives the first instant of the day so many days after t's.
func startAfter(t time.Time, days int) time.Time {
	local := t.In(Seoul())
	return time.Date(local.Year(), local.Month(), local.Day()+days, 0, 0, 0, 0, Seoul()).UTC()
}
