package clearing

import "time"

// seoul is the zone of all business days; Korea has had no daylight saving since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

const dayForm = "2006-01-02"

// Calendar knows business days. Holiday may be nil: then only weekends are off.
type Calendar struct{ Holiday func(day string) bool }

// Day gives the Korean calendar day of an instant.
func Day(t time.Time) string { return t.In(seoul).Format(dayForm) }

// Business reports whether banks work on the day.
func (c Calendar) Business(day string) bool {
	t, err := time.ParseInLocation(dayForm, day, seoul)
	if err != nil || t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	return c.Holiday == nil || !c.Holiday(day)
}

// After gives the nth business day after the day; n 0 gives the day itself or the first business day after it.
func (c Calendar) After(day string, n int) string {
	t, err := time.ParseInLocation(dayForm, day, seoul)
	if err != nil {
		return day
	}
	if n == 0 && c.Business(day) {
		return day
	}
	for left := max(n, 1); left > 0; {
		t = t.AddDate(0, 0, 1)
		if c.Business(t.Format(dayForm)) {
			left--
		}
	}
	return t.Format(dayForm)
}

// NextDay gives the instant at which the next business day after t begins.
func (c Calendar) NextDay(t time.Time) time.Time {
	day, err := time.ParseInLocation(dayForm, c.After(Day(t), 1), seoul)
	if err != nil {
		return t
	}
	return day.UTC()
}
