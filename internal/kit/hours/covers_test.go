package hours_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/kit/hours"
)

func TestCovers(t *testing.T) {
	week := []int{0, 1, 2, 3, 4, 5, 6}
	for name, c := range map[string]struct {
		wide, narrow hours.Rules
		want         bool
	}{
		"always covers noon":      {hours.Rules{}, hours.Rules{From: "11:00", To: "14:00", Weekdays: []int{1}}, true},
		"noon is not always":      {hours.Rules{From: "11:00", To: "14:00"}, hours.Rules{}, false},
		"every day named":         {hours.Rules{Weekdays: week}, hours.Rules{}, true},
		"a day less":              {hours.Rules{Weekdays: []int{1, 2}}, hours.Rules{Weekdays: []int{1, 2, 3}}, false},
		"a day more":              {hours.Rules{Weekdays: []int{1, 2, 3}}, hours.Rules{Weekdays: []int{1, 2}}, true},
		"an hour later":           {hours.Rules{From: "12:00", To: "15:00"}, hours.Rules{From: "11:00", To: "15:00"}, false},
		"an hour longer":          {hours.Rules{From: "11:00", To: "16:00"}, hours.Rules{From: "11:00", To: "15:00"}, true},
		"past midnight is longer": {hours.Rules{From: "18:00", To: "02:00"}, hours.Rules{From: "18:00", To: "23:00"}, true},
		"midnight is shorter":     {hours.Rules{From: "18:00", To: "23:00"}, hours.Rules{From: "18:00", To: "02:00"}, false},
		"a new blackout":          {hours.Rules{Blackout: []string{"2026-12-25"}}, hours.Rules{}, false},
		"a blackout gone":         {hours.Rules{}, hours.Rules{Blackout: []string{"2026-12-25"}}, true},
		"round the clock":         {hours.Rules{From: "09:00", To: "09:00"}, hours.Rules{From: "11:00", To: "02:00"}, true},
		"not round the clock":     {hours.Rules{From: "09:00", To: "08:00"}, hours.Rules{From: "09:00", To: "09:00"}, false},
	} {
		if got := c.wide.Covers(c.narrow); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
