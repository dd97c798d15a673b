package hours

import (
	"slices"
	"time"
)

// Rules say when something is possible. The zero value means always.
type Rules struct {
	Weekdays []int    `json:"weekdays,omitempty"` // 0 Sunday … 6 Saturday; empty means every day
	From     string   `json:"from,omitempty"`     // "11:00"
	To       string   `json:"to,omitempty"`       // "21:00"; not later than From means past midnight
	Blackout []string `json:"blackout,omitempty"` // days "2027-02-06"
}

// Verdict is how an instant lies to the rules.
type Verdict uint8

// The verdicts.
const (
	Inside Verdict = iota
	OtherDay
	OutsideHours
)

// Judge places an instant, read in the given zone. Hours past midnight belong to the evening before.
func (r Rules) Judge(now time.Time, zone *time.Location) Verdict {
	local := now.In(zone)
	clock := local.Format("15:04")
	bounded := r.From != "" && r.To != ""
	past := bounded && r.To <= r.From
	day := local
	if past && clock < r.To {
		day = local.AddDate(0, 0, -1)
	}
	if slices.Contains(r.Blackout, day.Format(time.DateOnly)) {
		return OtherDay
	}
	if len(r.Weekdays) > 0 && !slices.Contains(r.Weekdays, int(day.Weekday())) {
		return OtherDay
	}
	switch {
	case !bounded,
		past && (clock >= r.From || clock < r.To),
		!past && clock >= r.From && clock < r.To:
		return Inside
	}
	return OutsideHours
}
