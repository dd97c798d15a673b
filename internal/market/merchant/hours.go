package merchant

import (
	"slices"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

const dayMinutes = 24 * 60

// Span is a time in which a shop is open, in minutes since midnight; To may lie beyond 24:00, for shops that close
// after midnight.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Day is the spans of one day, in order; none is a closed day, two are a break between.
type Day []Span

// Monthly is a day off that comes by the month: the second Sunday, the last Monday (Nth -1).
type Monthly struct {
	Nth     int          `json:"nth"`
	Weekday time.Weekday `json:"weekday"`
}

// Dated is a day that differs: a holiday, a longer evening.
type Dated struct {
	Date string `json:"date"` // "2026-02-17"
	Day  Day    `json:"day"`
	Note string `json:"note,omitempty"` // 설 연휴
}

// Hours say when a branch is open. The zero value is never.
type Hours struct {
	Week    [7]Day    `json:"week"` // Sunday first
	Monthly []Monthly `json:"monthly,omitempty"`
	Dates   []Dated   `json:"dates,omitempty"`
}

const (
	spansMax   = 4
	monthlyMax = 10
	datesMax   = 60
	noteMax    = 40
)

// Never reports hours in which no week has an open day.
func (h Hours) Never() bool {
	return !slices.ContainsFunc(h.Week[:], func(d Day) bool { return len(d) > 0 })
}

// Parse puts hours in order and refuses what cannot be: with ErrHours and the day, ErrHoursDate or ErrHoursMany.
func (h Hours) Parse() (Hours, *fail.Error) {
	for i, day := range h.Week {
		if !day.possible() {
			return h, ErrHours.On("hours").With("Day", i)
		}
	}
	if len(h.Monthly) > monthlyMax || len(h.Dates) > datesMax {
		return h, ErrHoursMany.On("hours")
	}
	for _, m := range h.Monthly {
		if m.Nth != -1 && (m.Nth < 1 || m.Nth > 5) || m.Weekday < 0 || m.Weekday > 6 {
			return h, ErrHoursDate.On("hours")
		}
	}
	h.Dates = slices.Clone(h.Dates)
	for i, d := range h.Dates {
		note, refusal := line(0, noteMax, ErrHoursDate, "hours")(d.Note)
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil || !d.Day.possible() || refusal != nil {
			return h, ErrHoursDate.On("hours")
		}
		h.Dates[i].Note = note
	}
	slices.SortFunc(h.Dates, func(a, b Dated) int {
		switch {
		case a.Date < b.Date:
			return -1
		case a.Date > b.Date:
			return 1
		}
		return 0
	})
	return h, nil
}

// possible reports spans that begin on their day, end within 24 hours, and follow one another.
func (d Day) possible() bool {
	last := 0
	for _, s := range d {
		if s.From < last || s.From >= dayMinutes || s.To <= s.From || s.To > s.From+dayMinutes {
			return false
		}
		last = s.To
	}
	return len(d) <= spansMax && (len(d) == 0 || d[len(d)-1].To <= d[0].From+dayMinutes)
}

// On gives the spans that begin on a local date, and why that day differs from its week ("" when it does not).
func (h Hours) On(date time.Time) (Day, string) {
	text := date.Format(time.DateOnly)
	for _, d := range h.Dates {
		if d.Date == text {
			return d.Day, d.Note
		}
	}
	for _, m := range h.Monthly {
		if m.falls(date) {
			return nil, ""
		}
	}
	return h.Week[date.Weekday()], ""
}

func (m Monthly) falls(date time.Time) bool {
	if date.Weekday() != m.Weekday {
		return false
	}
	if m.Nth == -1 {
		return date.AddDate(0, 0, 7).Month() != date.Month()
	}
	return (date.Day()-1)/7+1 == m.Nth
}

// at gives the instant of a minute of a local date; minutes beyond 24:00 lie in the next day.
func at(date time.Time, minute int) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, minute, 0, 0, date.Location())
}

// current finds the span in which an instant lies: of its own day, or of the evening before.
func (h Hours) current(t time.Time, zone *time.Location) (end time.Time, open bool) {
	local := t.In(zone)
	for _, date := range []time.Time{local, local.AddDate(0, 0, -1)} {
		day, _ := h.On(date)
		for _, s := range day {
			if from, to := at(date, s.From), at(date, s.To); !t.Before(from) && t.Before(to) {
				return to, true
			}
		}
	}
	return time.Time{}, false
}

// OpenAt reports whether the branch is open at an instant. The minute of closing is closed.
func (h Hours) OpenAt(t time.Time, zone *time.Location) bool {
	_, open := h.current(t, zone)
	return open
}

// aheadDays is how far NextOpening and ClosesAt look: longer closures have no date that helps.
const aheadDays = 60

// ClosesAt gives the end of being open at an instant; a shop that never closes has none within aheadDays.
func (h Hours) ClosesAt(t time.Time, zone *time.Location) (time.Time, bool) {
	end, open := h.current(t, zone)
	if !open {
		return time.Time{}, false
	}
	for range aheadDays {
		next, still := h.current(end, zone)
		if !still {
			return end, true
		}
		end = next
	}
	return time.Time{}, false
}

// NextOpening gives the next instant after t at which the branch opens.
func (h Hours) NextOpening(t time.Time, zone *time.Location) (time.Time, bool) {
	local := t.In(zone)
	for ahead := range aheadDays {
		date := local.AddDate(0, 0, ahead)
		day, _ := h.On(date)
		for _, s := range day {
			if from := at(date, s.From); from.After(t) {
				return from.UTC(), true
			}
		}
	}
	return time.Time{}, false
}

// Clock writes a minute of the day as signs do: "11:00", "24:00", and "01:30" for half past one in the night.
func Clock(minute int) string {
	if minute > dayMinutes {
		minute -= dayMinutes
	}
	two := func(n int) string {
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	return two(minute/60) + ":" + two(minute%60)
}

// SpanOf reads two clock times as one span: a closing time not later than the opening lies past midnight. ok is false
// for anything that is no clock time.
func SpanOf(from, to string) (s Span, ok bool) {
	f, ok1 := minuteOf(from)
	t, ok2 := minuteOf(to)
	if t <= f {
		t += dayMinutes
	}
	return Span{f, t}, ok1 && ok2 && f < dayMinutes
}

// DayOf reads the four times of a form as a day: opening, closing, and a break that may be empty.
func DayOf(from, to, breakFrom, breakTo string) (Day, bool) {
	if from == "" && to == "" && breakFrom == "" && breakTo == "" {
		return nil, true
	}
	whole, ok := SpanOf(from, to)
	if !ok {
		return nil, false
	}
	if breakFrom == "" && breakTo == "" {
		return Day{whole}, true
	}
	pause, ok := SpanOf(breakFrom, breakTo)
	if pause.From < whole.From { // a break after midnight
		pause.From, pause.To = pause.From+dayMinutes, pause.To+dayMinutes
	}
	if !ok || pause.From <= whole.From || pause.To >= whole.To {
		return nil, false
	}
	if pause.To >= dayMinutes {
		return nil, false // the second part would begin on another day: write it there
	}
	return Day{{whole.From, pause.From}, {pause.To, whole.To}}, true
}

func minuteOf(clock string) (int, bool) {
	if clock == "24:00" {
		return dayMinutes, true
	}
	t, err := time.Parse("15:04", clock)
	return t.Hour()*60 + t.Minute(), err == nil
}
