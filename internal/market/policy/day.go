package policy

import (
	"encoding/json"
	"fmt"
	"time"
)

// Seoul is the zone in which policies reckon; Korea has had no summer time since 1988.
var Seoul = time.FixedZone("Asia/Seoul", 9*60*60)

// Day is a date in the table; it begins at 00:00 in Korea.
type Day struct{ start time.Time }

// String writes the day as 2025-09-17.
func (d Day) String() string { return d.start.In(Seoul).Format(time.DateOnly) }

// Start is the instant at which the day begins.
func (d Day) Start() time.Time { return d.start }

// UnmarshalJSON reads "2025-09-17".
func (d *Day) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	start, err := time.ParseInLocation(time.DateOnly, text, Seoul)
	if err != nil {
		return fmt.Errorf("day %q: %w", text, err)
	}
	d.start = start.UTC()
	return nil
}

// MarshalJSON writes the day as it is read.
func (d Day) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// Clock is a time of day in Korea, as minutes since midnight.
type Clock int

// String writes the time as 00:10.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// On gives the instant of the time of day on the day of t.
func (c Clock) On(t time.Time) time.Time {
	return midnight(t).Add(time.Duration(c) * time.Minute).UTC()
}

// UnmarshalJSON reads "00:10".
func (c *Clock) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		return fmt.Errorf("time of day %q: %w", text, err)
	}
	*c = Clock(at.Hour()*60 + at.Minute())
	return nil
}

// MarshalJSON writes the time as it is read.
func (c Clock) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// midnight is the beginning of t's day in Korea.
func midnight(t time.Time) time.Time {
	year, month, day := t.In(Seoul).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, Seoul)
}

// lastDay is the beginning of the day that ends at, or runs on at, the given end.
func lastDay(end time.Time) time.Time { return midnight(end.Add(-time.Microsecond)) }
