package bizday

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"
)

//go:embed holidays.csv
var table string

// Calendar is a table of holidays with the span it covers; it never changes and is safe for concurrent use.
type Calendar struct {
	from, to string // the first and last day covered
	names    map[string]string
}

// Korea gives the calendar that ships with the program.
func Korea() (*Calendar, error) { return Parse(table) }

// Parse reads a calendar: lines "from,DAY" and "to,DAY", then "DAY,kind,name"; lines of # are comments. An operator may
// give a newer table than ours in the same form.
func Parse(text string) (*Calendar, error) {
	c := &Calendar{names: map[string]string{}}
	last := ""
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := c.read(line, &last); err != nil {
			return nil, fmt.Errorf("holidays, line %d: %w", number+1, err)
		}
	}
	if c.from == "" || c.to == "" || c.from > c.to {
		return nil, errors.New("holidays: from and to are missing")
	}
	return c, nil
}

func (c *Calendar) read(line string, last *string) error {
	first, rest, _ := strings.Cut(line, ",")
	day := first
	if first == "from" || first == "to" {
		day = rest
	}
	if _, err := ParseDay(day); err != nil {
		return err
	}
	switch kind, name, _ := strings.Cut(rest, ","); {
	case first == "from":
		c.from = day
	case first == "to":
		c.to = day
	case kind == "" || name == "":
		return errors.New("want day,kind,name")
	case day <= *last || day < c.from || c.to == "" || day > c.to:
		return errors.New("days must rise and lie between from and to")
	default:
		c.names[day], *last = name, day
	}
	return nil
}

// TableEnd is the last day covered, as "2027-12-31".
func (c *Calendar) TableEnd() string { return c.to }

// Covers tells whether holidays are known for t's day; outside, only weekends are.
func (c *Calendar) Covers(t time.Time) bool {
	day := Day(t)
	return day >= c.from && day <= c.to
}

// DaysLeft counts the days from t's day to the end of the table, negative past it. The operator is alarmed at 120.
func (c *Calendar) DaysLeft(t time.Time) int {
	end, err := ParseDay(c.to)
	if err != nil { // Parse has read it
		return 0
	}
	return int(end.Sub(StartOfDay(t)) / (24 * time.Hour))
}

// Holiday gives the Korean name of the holiday on t's day.
func (c *Calendar) Holiday(t time.Time) (string, bool) {
	name, ok := c.names[Day(t)]
	return name, ok
}

// IsBusiness tells whether t's day is neither a weekend nor a known holiday.
func (c *Calendar) IsBusiness(t time.Time) bool {
	switch t.In(Seoul()).Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	_, holiday := c.Holiday(t)
	return !holiday
}

// Add gives the first instant of the n-th business day after t's day, which is not counted itself; Add(t, 0) is t's
// own day, or the next business day if it is none. known is false if the way leads past the table's ends, where only
// weekends could be told: such a date must be marked where it is shown. A negative n counts as 0.
func (c *Calendar) Add(t time.Time, n int) (day time.Time, known bool) {
	day, known = StartOfDay(t), c.Covers(t)
	if n <= 0 && c.IsBusiness(day) {
		return day, known
	}
	for left := max(n, 1); left > 0; {
		day = EndOfDay(day)
		known = known && c.Covers(day)
		if c.IsBusiness(day) {
			left--
		}
	}
	return day, known
}

// Next gives the first instant of the first business day after t's day.
func (c *Calendar) Next(t time.Time) (day time.Time, known bool) { return c.Add(t, 1) }
