package hours_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/hours"
)

func TestJudge(t *testing.T) {
	zone := time.FixedZone("KST", 9*60*60)
	noon := hours.Rules{Weekdays: []int{1, 2, 3, 4, 5}, From: "11:00", To: "14:00", Blackout: []string{"2026-11-25"}}
	night := hours.Rules{Weekdays: []int{5}, From: "18:00", To: "02:00"}
	for _, c := range []struct {
		rules hours.Rules
		at    string
		want  hours.Verdict
	}{
		{hours.Rules{}, "2026-11-22 03:00", hours.Inside},
		{noon, "2026-11-23 11:00", hours.Inside},
		{noon, "2026-11-23 10:59", hours.OutsideHours},
		{noon, "2026-11-23 14:00", hours.OutsideHours},
		{noon, "2026-11-22 12:00", hours.OtherDay},
		{noon, "2026-11-25 12:00", hours.OtherDay},
		{night, "2026-11-27 23:59", hours.Inside},
		{night, "2026-11-28 01:59", hours.Inside},
		{night, "2026-11-28 02:00", hours.OtherDay},
		{night, "2026-11-27 01:00", hours.OtherDay},
		{night, "2026-11-27 17:59", hours.OutsideHours},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.rules.Judge(at.UTC(), zone); got != c.want {
			t.Errorf("%s: %d, want %d", c.at, got, c.want)
		}
	}
}
