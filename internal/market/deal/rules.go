package deal

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// ErrReason refuses a return or a cancellation without a reason that the merchant can act on.
var ErrReason = fail.New(fail.Invalid, "deal.reason")

const (
	reasonMin = 5
	reasonMax = 500
)

// CheckReason asks for a reason of readable length.
func CheckReason(reason string) error {
	if n := utf8.RuneCountInString(reason); n < reasonMin || n > reasonMax {
		return ErrReason.With("Min", reasonMin, "Max", reasonMax).On("reason")
	}
	return nil
}

// Editable answers whether the merchant may still rewrite the deal freely.
func (d Deal) Editable() error {
	if d.State == Draft || d.State == Returned {
		return nil
	}
	return ErrState.With("State", string(d.State), "Action", "edit")
}

// Public is when a deal's page can be seen by everybody.
type Public struct {
	From  time.Time
	Until time.Time
}

const publicAfter = 4 * 7 * 24 * time.Hour

// Publicity opens the page at scheduling, or later when asked but never after the sale's start, and keeps it for four
// weeks after the sale.
func Publicity(start, end, wanted, now time.Time) Public {
	from := now
	if wanted.After(now) {
		from = wanted
	}
	if from.After(start) {
		from = start
	}
	return Public{From: from, Until: end.Add(publicAfter)}
}

// Asking and extending: a merchant who wants to be asked has a day; a sale is extended once, by a week at most.
const (
	AskTime   = 24 * time.Hour
	ExtendMax = 7 * 24 * time.Hour
)

// ErrExtend refuses a second extension or a longer one.
var (
	ErrExtend = fail.New(fail.Conflict, "deal.extend")
	ErrEmpty  = fail.New(fail.Conflict, "deal.nobody_paid")
)

// Decision is what the end of a sale leads to.
type Decision uint8

// The decisions.
const (
	DecideWait Decision = iota // holds are still open
	DecideEnd
	DecideAsk
	DecideFail
)

// Decide judges a closing sale, once its last hold is paid, lapsed or looked up.
func (d Deal) Decide() Decision {
	switch {
	case d.State != Closing || d.HeldUnits > 0:
		return DecideWait
	case d.Tipped():
		return DecideEnd
	case d.AskWhenShort && !d.Extended && d.PaidUnits > 0:
		return DecideAsk
	}
	return DecideFail
}

// MayExtend answers whether the sale may go on until the given end.
func (d Deal) MayExtend(now, until time.Time) error {
	if d.Extended || !until.After(now) || until.Sub(now) > ExtendMax+24*time.Hour {
		return ErrExtend
	}
	return nil
}

// CloseKey names the closing of a window, so that an extended window gets its own.
func CloseKey(id market.DealID, end time.Time) string {
	return string(id) + ":" + strconv.FormatInt(end.UnixMicro(), 36)
}

// WindowEnd is the end of a window whose last day is given as "2026-11-29": midnight after it, in Korea. A text that is
// no day gives the zero time.
func WindowEnd(lastDay string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, lastDay, Zone)
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1).UTC()
}

// WindowStart is midnight, in Korea, of a day given as text; a text that is no day gives the zero time.
func WindowStart(day string) time.Time {
	start, err := time.ParseInLocation(time.DateOnly, day, Zone)
	if err != nil {
		return time.Time{}
	}
	return start.UTC()
}

// LastDay is the last whole or begun day before an instant, in Korea, as "2026-11-29".
func LastDay(end time.Time) string { return end.Add(-time.Microsecond).In(Zone).Format(time.DateOnly) }

// ExtendUntilMax is the latest midnight until which a short sale may go on.
func (d Deal) ExtendUntilMax(now time.Time) time.Time {
	local := now.Add(ExtendMax).In(Zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, Zone).AddDate(0, 0, 1).UTC()
}

// WeekAfter is the end of the shortest window that begins at a start.
func WeekAfter(start time.Time) time.Time { return start.Add(week) }
