package merchant_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/market/merchant"
)

var kst = time.FixedZone("KST", 9*60*60)

func when(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, kst)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func day(t *testing.T, times ...string) merchant.Day {
	t.Helper()
	for len(times) < 4 {
		times = append(times, "")
	}
	d, ok := merchant.DayOf(times[0], times[1], times[2], times[3])
	if !ok {
		t.Fatalf("%v is no day", times)
	}
	return d
}

// noodles: Tue–Fri 11–21 with a break, Sat until 02, Sun 11–15, Mon closed; second Sunday off; 설 2026-02-17 off.
func noodles(t *testing.T) merchant.Hours {
	t.Helper()
	workday := day(t, "11:00", "21:00", "15:00", "17:00")
	return merchant.Hours{
		Week:    [7]merchant.Day{day(t, "11:00", "15:00"), nil, workday, workday, workday, workday, day(t, "17:00", "02:00")},
		Monthly: []merchant.Monthly{{Nth: 2, Weekday: time.Sunday}},
		Dates: []merchant.Dated{
			{Date: "2026-03-02", Day: day(t, "12:00", "15:00"), Note: "대체공휴일"}, // a Monday
			{Date: "2026-02-17", Note: "설날"},                                   // a Tuesday
		},
	}
}

func TestOpenAt(t *testing.T) {
	h := noodles(t)
	for text, want := range map[string]bool{
		"2026-03-04 10:59": false, "2026-03-04 11:00": true, "2026-03-04 14:59": true, "2026-03-04 15:00": false,
		"2026-03-04 16:59": false, "2026-03-04 17:00": true, "2026-03-04 20:59": true, "2026-03-04 21:00": false,
		"2026-03-07 16:59": false, "2026-03-07 23:59": true, "2026-03-08 00:00": true, "2026-03-08 01:59": true,
		"2026-03-08 02:00": false,
		"2026-03-08 12:00": false, // the second Sunday; the night before it is Saturday's
		"2026-03-01 12:00": true, "2026-03-09 12:00": false,
		"2026-03-02 12:00": true, "2026-03-02 15:00": false, // a Monday that differs
		"2026-02-17 12:00": false,
	} {
		if got := h.OpenAt(when(t, text), kst); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if (merchant.Hours{}).OpenAt(when(t, "2026-03-04 12:00"), kst) || !(merchant.Hours{}).Never() {
		t.Error("no hours are open")
	}
}

func TestNextOpeningAndClosing(t *testing.T) {
	h := noodles(t)
	for text, want := range map[string][2]string{ // next opening, closing
		"2026-03-04 10:00": {"2026-03-04 11:00", ""},
		"2026-03-04 12:00": {"2026-03-04 17:00", "2026-03-04 15:00"},
		"2026-03-06 21:00": {"2026-03-07 17:00", ""},
		"2026-03-07 23:00": {"2026-03-10 11:00", "2026-03-08 02:00"}, // Sunday off, Monday off
		"2026-02-28 20:00": {"2026-03-01 11:00", "2026-03-01 02:00"},
	} {
		next, ok := h.NextOpening(when(t, text), kst)
		if got := next.In(kst).Format("2006-01-02 15:04"); !ok || got != want[0] {
			t.Errorf("%s opens next at %s", text, got)
		}
		closes, open := h.ClosesAt(when(t, text), kst)
		if got := closes.In(kst).Format("2006-01-02 15:04"); open != (want[1] != "") || open && got != want[1] {
			t.Errorf("%s closes at %s, %v", text, got, open)
		}
	}
	always := merchant.Hours{}
	for i := range always.Week {
		always.Week[i] = day(t, "00:00", "24:00")
	}
	if _, ends := always.ClosesAt(when(t, "2026-03-04 12:00"), kst); ends {
		t.Error("a shop that never closes closes")
	}
	if !always.OpenAt(when(t, "2026-03-04 00:00"), kst) || !always.OpenAt(when(t, "2026-03-04 23:59"), kst) {
		t.Error("around the clock is not open")
	}
	if _, ok := (merchant.Hours{}).NextOpening(when(t, "2026-03-04 12:00"), kst); ok {
		t.Error("never opens some day")
	}
}

func TestMonthlyDaysOff(t *testing.T) {
	open := merchant.Hours{}
	for i := range open.Week {
		open.Week[i] = day(t, "10:00", "20:00")
	}
	for nth, off := range map[int]string{1: "2026-03-02", 2: "2026-03-09", 5: "2026-03-30", -1: "2026-03-30"} {
		h := open
		h.Monthly = []merchant.Monthly{{Nth: nth, Weekday: time.Monday}}
		closed := []string{}
		for d := when(t, "2026-03-01 12:00"); d.Before(when(t, "2026-04-01 00:00")); d = d.AddDate(0, 0, 1) {
			if !h.OpenAt(d, kst) {
				closed = append(closed, d.In(kst).Format(time.DateOnly))
			}
		}
		if strings.Join(closed, " ") != off {
			t.Errorf("Monday %d: %v", nth, closed)
		}
	}
}

func TestDayOfRefuses(t *testing.T) {
	for _, c := range [][4]string{
		{"11:00", "", "", ""}, {"", "21:00", "", ""}, {"25:00", "26:00", "", ""}, {"11시", "21시", "", ""},
		{"11:00", "21:00", "15:00", ""}, {"11:00", "21:00", "10:00", "12:00"}, {"11:00", "21:00", "20:00", "22:00"},
		{"11:00", "21:00", "17:00", "15:00"}, {"17:00", "03:00", "00:30", "01:00"}, {"", "", "15:00", "16:00"},
	} {
		if d, ok := merchant.DayOf(c[0], c[1], c[2], c[3]); ok {
			t.Errorf("%v became %v", c, d)
		}
	}
	if d, ok := merchant.DayOf("17:00", "02:00", "20:00", "21:00"); !ok || len(d) != 2 || d[1].To != 26*60 {
		t.Errorf("break of an evening: %v", d)
	}
	if d, ok := merchant.DayOf("", "", "", ""); !ok || d != nil {
		t.Errorf("closed: %v", d)
	}
	if got := merchant.Clock(26*60) + merchant.Clock(24*60) + merchant.Clock(9*60+5); got != "02:0024:0009:05" {
		t.Error(got)
	}
}

func TestHoursParse(t *testing.T) {
	good, refusal := noodles(t).Parse()
	if refusal != nil || good.Dates[0].Date != "2026-02-17" {
		t.Errorf("%+v, %v", good, refusal)
	}
	spoil := func(change func(*merchant.Hours)) merchant.Hours {
		h := noodles(t)
		change(&h)
		return h
	}
	for name, h := range map[string]merchant.Hours{
		"overlap":      spoil(func(h *merchant.Hours) { h.Week[1] = merchant.Day{{600, 700}, {650, 800}} }),
		"backwards":    spoil(func(h *merchant.Hours) { h.Week[1] = merchant.Day{{From: 600, To: 500}} }),
		"negative":     spoil(func(h *merchant.Hours) { h.Week[1] = merchant.Day{{From: -5, To: 500}} }),
		"two days":     spoil(func(h *merchant.Hours) { h.Week[1] = merchant.Day{{From: 600, To: 4000}} }),
		"many spans":   spoil(func(h *merchant.Hours) { h.Week[1] = merchant.Day{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}} }),
		"no date":      spoil(func(h *merchant.Hours) { h.Dates[0].Date = "2026-02-30" }),
		"many dates":   spoil(func(h *merchant.Hours) { h.Dates = make([]merchant.Dated, 61) }),
		"sixth Sunday": spoil(func(h *merchant.Hours) { h.Monthly[0].Nth = 6 }),
		"eighth day":   spoil(func(h *merchant.Hours) { h.Monthly[0].Weekday = 7 }),
		"turned note":  spoil(func(h *merchant.Hours) { h.Dates[0].Note = "설\u202e날" }),
	} {
		if _, refusal := h.Parse(); refusal == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	raw, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	var back merchant.Hours
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(raw) {
		t.Errorf("%s\n%s", raw, again)
	}
}

// TestOpeningsAgree: whatever the hours, the next opening is an instant at which the shop is open and just before which
// it was not, or was in another span.
func TestOpeningsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := merchant.Hours{}
		for i := range h.Week {
			if rapid.Bool().Draw(t, "open") {
				from := rapid.IntRange(0, 1439).Draw(t, "from")
				h.Week[i] = merchant.Day{{From: from, To: from + rapid.IntRange(1, 1440).Draw(t, "minutes")}}
			}
		}
		now := time.Unix(rapid.Int64Range(1700000000, 1800000000).Draw(t, "now"), 0).UTC()
		next, ok := h.NextOpening(now, kst)
		if ok == h.Never() {
			t.Fatalf("next opening %v of %v", ok, h)
		}
		if ok && (!next.After(now) || !h.OpenAt(next, kst)) {
			t.Fatalf("%v after %v", next, now)
		}
		closes, open := h.ClosesAt(now, kst)
		if open && (h.OpenAt(closes, kst) || !closes.After(now) || !h.OpenAt(closes.Add(-time.Nanosecond), kst)) {
			t.Fatalf("closes %v", closes)
		}
	})
}
