package bizday

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func korea(t testing.TB) *Calendar {
	t.Helper()
	c, err := Korea()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at reads an instant as a clock on a Korean wall shows it.
func at(text string) time.Time {
	t, _ := time.ParseInLocation("2006-01-02 15:04", text, Seoul())
	return t.UTC()
}

func TestDays(t *testing.T) {
	for in, want := range map[string][3]string{
		"2026-11-21 00:00": {"2026-11-21 00:00", "2026-11-22 00:00", "2026-11-23 00:00"},
		"2026-11-22 23:59": {"2026-11-22 00:00", "2026-11-23 00:00", "2026-11-23 00:00"},
		"2026-11-23 00:00": {"2026-11-23 00:00", "2026-11-24 00:00", "2026-11-30 00:00"},
		"2026-12-31 23:59": {"2026-12-31 00:00", "2027-01-01 00:00", "2027-01-04 00:00"},
		"2028-02-28 08:59": {"2028-02-28 00:00", "2028-02-29 00:00", "2028-03-06 00:00"},
	} {
		now := at(in)
		got := [3]time.Time{StartOfDay(now), EndOfDay(now), NextMonday(now)}
		if got != [3]time.Time{at(want[0]), at(want[1]), at(want[2])} {
			t.Errorf("%s gave %v", in, got)
		}
	}
	if got := Day(time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)); got != "2026-11-21" {
		t.Errorf("15:00 UTC is %s in Seoul", got)
	}
	for _, bad := range []string{"", "2026-1-2", "2026-02-30", "20261121", "2026-11-21T00:00"} {
		if _, err := ParseDay(bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestAdd(t *testing.T) {
	c := korea(t)
	for _, row := range []struct {
		from  string
		n     int
		want  string
		known bool
	}{
		{"2026-11-20 18:00", 0, "2026-11-20", true},  // a Friday is its own
		{"2026-11-21 10:00", 0, "2026-11-23", true},  // a Saturday is not
		{"2026-11-20 18:00", 1, "2026-11-23", true},  // over a weekend
		{"2026-11-20 18:00", 3, "2026-11-25", true},  // a refund asked for on a Friday
		{"2026-09-23 23:59", 1, "2026-09-28", true},  // Chuseok, of which one day is a Saturday
		{"2026-10-02 09:00", 3, "2026-10-08", true},  // over a substitute holiday
		{"2026-07-16 09:00", 1, "2026-07-20", true},  // 제헌절, a holiday again since 2026
		{"2025-07-16 09:00", 1, "2025-07-17", true},  // and not before
		{"2025-10-02 09:00", 1, "2025-10-10", true},  // ten days of holidays
		{"2025-01-24 09:00", 1, "2025-01-31", true},  // a proclaimed day before 설날
		{"2027-02-05 09:00", 1, "2027-02-10", true},  // 설날 on a Sunday
		{"2027-12-24 09:00", 1, "2027-12-28", true},  // Christmas on a Saturday
		{"2027-12-30 09:00", 2, "2028-01-03", false}, // past the table: 1월 1일 2028 is a Saturday anyway
		{"2028-03-01 09:00", 0, "2028-03-01", false}, // past the table a holiday is not known
		{"2023-12-29 09:00", 1, "2024-01-02", false}, // before it, neither
		{"2026-11-20 18:00", -5, "2026-11-20", true},
	} {
		got, known := c.Add(at(row.from), row.n)
		if Day(got) != row.want || known != row.known || !got.Equal(StartOfDay(got)) {
			t.Errorf("%s and %d is %s, %v; want %s, %v", row.from, row.n, Day(got), known, row.want, row.known)
		}
	}
	if next, _ := c.Next(at("2026-11-20 00:00")); Day(next) != "2026-11-23" {
		t.Error(next)
	}
	if c.TableEnd() != "2027-12-31" || c.DaysLeft(at("2027-09-02 12:00")) != 120 ||
		c.DaysLeft(at("2028-01-01 00:00")) != -1 {
		t.Error("the table's end is wrong")
	}
	if name, ok := c.Holiday(at("2026-02-17 12:00")); !ok || name != "설날" {
		t.Error(name)
	}
}

// TestTheTableFollowsTheDecree rebuilds the substitute holidays from the others and compares.
func TestTheTableFollowsTheDecree(t *testing.T) {
	c := korea(t)
	kinds := map[string]string{}
	for _, line := range strings.Split(table, "\n") {
		if parts := strings.Split(line, ","); len(parts) == 3 {
			kinds[parts[0]] = parts[1]
		}
	}
	for year := 2024; year <= 2027; year++ {
		prefix := time.Date(year, 1, 1, 0, 0, 0, 0, Seoul()).Format("2006-")
		fixed := []string{"01-01", "03-01", "05-01", "05-05", "06-06", "08-15", "10-03", "10-09", "12-25"}
		if year >= 2026 {
			fixed = append(fixed, "07-17")
		}
		for _, day := range fixed {
			if c.names[prefix+day] == "" {
				t.Errorf("%s is missing", prefix+day)
			}
		}
	}
	want := map[string]bool{}
	for day, kind := range kinds {
		if !substituted(day, kind, c.names[day]) {
			continue
		}
		next, _ := ParseDay(day)
		for taken := true; taken; _, taken = kinds[Day(next)] {
			next = EndOfDay(next)
			for !c.weekday(next) {
				next = EndOfDay(next)
			}
			if kinds[Day(next)] == "substitute" {
				break
			}
		}
		want[Day(next)] = true
	}
	for day, kind := range kinds {
		if (kind == "substitute") != want[day] {
			t.Errorf("%s is %s, but the decree says substitute: %v", day, kind, want[day])
		}
	}
	for day := range want {
		if kinds[day] != "substitute" {
			t.Errorf("%s should be a substitute holiday", day)
		}
	}
}

func (c *Calendar) weekday(t time.Time) bool {
	day := t.In(Seoul()).Weekday()
	return day != time.Saturday && day != time.Sunday
}

// substituted tells whether a holiday gets a substitute (관공서의 공휴일에 관한 규정 §3): 설날 and 추석 for Sundays, the others
// for Saturdays too, New Year's Day and 현충일 never; two on one day get one.
func substituted(day, kind, name string) bool {
	t, _ := ParseDay(day)
	weekday := t.In(Seoul()).Weekday()
	switch {
	case strings.Contains(name, "·부처님"):
		return true
	case kind != "fixed" && kind != "lunar", name == "현충일", name == "1월 1일":
		return false
	case strings.HasPrefix(name, "설날"), strings.HasPrefix(name, "추석"):
		return weekday == time.Sunday
	}
	return weekday == time.Saturday || weekday == time.Sunday
}

func TestProperties(t *testing.T) {
	c := korea(t)
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(1_700_000_000, 1_850_000_000).Draw(t, "from"), 0)
		n := rapid.IntRange(0, 30).Draw(t, "n")
		day, _ := c.Add(from, n)
		if !c.IsBusiness(day) || day.Before(StartOfDay(from)) {
			t.Fatalf("%v and %d gave %v", from, n, day)
		}
		counted := 0
		for step := EndOfDay(from); !step.After(day); step = EndOfDay(step) {
			if c.IsBusiness(step) {
				counted++
			}
		}
		if want := n; counted != want && !(n == 0 && counted == 1) {
			t.Fatalf("%v and %d passes %d business days", from, n, counted)
		}
		monday := NextMonday(from)
		if !monday.After(from) || monday.Sub(from) > 7*24*time.Hour || Day(monday) == Day(from) {
			t.Fatalf("next Monday of %v is %v", from, monday)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	const head = "from,2026-01-01\nto,2026-12-31\n"
	for name, text := range map[string]string{
		"nothing": "", "no end": "from,2026-01-01\n", "ends before": "from,2026-01-02\nto,2026-01-01\n",
		"no day": head + "2026-02-30,fixed,x", "no kind": head + "2026-02-01", "no name": head + "2026-02-01,fixed,",
		"out of order": head + "2026-02-02,fixed,x\n2026-02-01,fixed,x",
		"twice":        head + "2026-02-02,fixed,x\n2026-02-02,fixed,x",
		"outside":      head + "2027-02-02,fixed,x", "before the span": "2026-02-02,fixed,x\n" + head,
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := Parse("# ours\n" + head + "\n2026-02-02,fixed,x\n"); err != nil {
		t.Error(err)
	}
}
