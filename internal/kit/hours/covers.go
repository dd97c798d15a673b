package hours

import "slices"

// Covers reports that everything the other rules allow is allowed by these too.
func (r Rules) Covers(other Rules) bool {
	if len(r.Weekdays) > 0 {
		if len(other.Weekdays) == 0 && len(r.Weekdays) < 7 {
			return false
		}
		if slices.ContainsFunc(other.Weekdays, func(d int) bool { return !slices.Contains(r.Weekdays, d) }) {
			return false
		}
	}
	if slices.ContainsFunc(r.Blackout, func(d string) bool { return !slices.Contains(other.Blackout, d) }) {
		return false
	}
	return r.coversClock(other)
}

// coversClock compares the hours of the day; hours past midnight count on from 24.
func (r Rules) coversClock(other Rules) bool {
	if r.From == "" || r.To == "" {
		return true
	}
	if other.From == "" || other.To == "" {
		return false
	}
	if r.From == r.To { // all round the clock
		return true
	}
	return r.From <= other.From && r.end() >= other.end() && other.From != other.To
}

// end is the closing hour in a form that compares: "26:00" for two in the morning.
func (r Rules) end() string {
	if r.To > r.From {
		return "0" + r.To
	}
	return "1" + r.To
}
