package policy_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/policy"
)

// kst reads an instant as a clock in Korea shows it.
func kst(t *testing.T, text string) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02 15:04:05.000000", "2006-01-02 15:04", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, text, policy.Seoul); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no instant", text)
	return time.Time{}
}

func TestMayWithdraw(t *testing.T) {
	rows := []struct {
		name, paid, activated, now string
		want                       bool
	}{
		{"at once", "2026-03-02 10:00", "2026-03-04 09:00", "2026-03-04 09:00", true},
		{"last microsecond of the 7th day", "2026-03-02 10:00", "2026-03-04 09:00", "2026-03-11 23:59:59.999999", true},
		{"24:00 of the 7th day", "2026-03-02 10:00", "2026-03-04 09:00", "2026-03-12", false},
		{"activated before paid", "2026-03-05 23:59", "2026-03-04 09:00", "2026-03-12 23:59", true},
		{"activated before paid, a day on", "2026-03-05 23:59", "2026-03-04 09:00", "2026-03-13", false},
		{"activated on the last microsecond of a day", "2026-03-01", "2026-03-04 23:59:59.999999", "2026-03-11 23:59", true},
		{"activated at midnight", "2026-03-01", "2026-03-05", "2026-03-12 23:59", true},
		{"over 29 February", "2028-02-22", "2028-02-22 12:00", "2028-02-29 23:59:59.999999", true},
		{"on 29 February, 24:00", "2028-02-22", "2028-02-22 12:00", "2028-03-01", false},
		{"from 29 February", "2028-02-29", "2028-02-29", "2028-03-07 23:59", true},
		{"from 29 February, over", "2028-02-29", "2028-02-29", "2028-03-08", false},
		{"over a year's end", "2026-12-28", "2026-12-28 08:00", "2027-01-04 23:59", true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			now := kst(t, row.now)
			got := policy.At(now).MayWithdraw(kst(t, row.paid), kst(t, row.activated), now.UTC())
			if got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
	if !policy.At(kst(t, "2026-03-04")).MayWithdraw(kst(t, "2026-01-01"), time.Time{}, kst(t, "2026-03-04")) {
		t.Error("before the activation the time does not run")
	}
}

func TestClaimBP(t *testing.T) {
	rows := []struct {
		profile policy.ProfileName
		day     string
		price   int64
		want    int64
	}{
		{policy.Std2025, "2026-03-04", 1, 9_000},
		{policy.Std2025, "2026-03-04", 50_000, 9_000},
		{policy.Std2025, "2026-03-04", 50_001, 9_500},
		{policy.Std2025, "2025-09-16", 50_001, 9_000},
		{policy.Std2025, "2025-09-17", 50_001, 9_500},
		{policy.DatedService, "2026-03-04", 50_001, 0},
		{policy.Legacy70, "2026-03-04", 50_001, 7_000},
	}
	for _, row := range rows {
		p, err := policy.At(kst(t, row.day)).Profile(row.profile)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.ClaimBP(row.price); got != row.want {
			t.Errorf("%s of %d on %s: got %d, want %d", row.profile, row.price, row.day, got, row.want)
		}
	}
	if _, err := policy.At(kst(t, "2026-03-04")).Profile("mine"); !errors.Is(err, policy.ErrProfile) {
		t.Errorf("got %v, want ErrProfile", err)
	}
}

func TestPaysBalance(t *testing.T) {
	p, err := policy.At(kst(t, "2026-03-04")).Profile(policy.Std2025)
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		price, used int64
		want        bool
	}{
		{10_000, 7_999, false}, {10_000, 8_000, true}, {10_001, 6_000, false}, {10_001, 6_001, true},
		{50_000, 29_999, false}, {50_000, 30_000, true},
	}
	for _, row := range rows {
		if got := p.PaysBalance(row.price, row.used); got != row.want {
			t.Errorf("%d of %d: got %v", row.used, row.price, got)
		}
	}
}

func TestMayLast(t *testing.T) {
	set := policy.At(kst(t, "2026-03-04"))
	p, err := set.Profile(policy.Std2025)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.MayLast(365); err != nil {
		t.Error(err)
	}
	if err := p.MayLast(364); !errors.Is(err, policy.ErrValidity) {
		t.Errorf("got %v, want ErrValidity", err)
	}
	for _, offered := range set.Offered() {
		if offered.Name == policy.Legacy70 {
			t.Error("legacy70 is for imports only")
		}
	}
}

func TestClaimUntil(t *testing.T) {
	rows := []struct{ name, until, want string }{
		{"ends at 24:00", "2026-03-05", "2031-03-05"},
		{"ends within the day", "2026-03-04 18:00", "2031-03-05"},
		{"last day 29 February", "2028-03-01", "2033-03-01"},
		{"last day 28 February, first counted the 29th", "2028-02-29", "2033-03-01"},
		{"ends on a leap day", "2027-03-01", "2032-03-01"},
	}
	for _, row := range rows {
		until := kst(t, row.until)
		if got := policy.At(until).ClaimUntil(until); !got.Equal(kst(t, row.want)) {
			t.Errorf("%s: got %s, want %s", row.name, got.In(policy.Seoul), row.want)
		}
	}
}

func TestInterest(t *testing.T) {
	rows := []struct {
		name          string
		due, executed string
		amount        int64
		days, want    int64
	}{
		{"in time", "2026-03-10", "2026-03-09 23:59:59.999999", 19_900, 0, 0},
		{"first late instant", "2026-03-10", "2026-03-10", 19_900, 1, 9},
		{"five days late, the worked case", "2026-03-10", "2026-03-14 15:00", 19_900, 5, 41},
		{"over 29 February", "2028-02-28", "2028-03-01 09:00", 36_500, 3, 45},
		{"due within a day", "2026-03-09 18:00", "2026-03-10 09:00", 36_500, 1, 15},
		{"the same day, too late", "2026-03-09 18:00", "2026-03-09 19:00", 36_500, 0, 0},
		{"a year", "2026-01-01", "2026-12-31 12:00", 10_000, 365, 1_500},
		{"large", "2026-01-01", "2026-12-31 12:00", 9_000_000_000_000, 365, 1_350_000_000_000},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			executed := kst(t, row.executed)
			days := policy.LateDays(kst(t, row.due), executed)
			if days != row.days {
				t.Errorf("days: got %d, want %d", days, row.days)
			}
			if got := policy.At(executed).Interest.Of(row.amount, days); got != row.want {
				t.Errorf("interest: got %d, want %d", got, row.want)
			}
		})
	}
}

func TestRemindersDue(t *testing.T) {
	rows := []struct {
		now  string
		want []int
	}{
		{"2026-03-01 23:59:59.999999", nil},
		{"2026-03-02", []int{30}},
		{"2026-03-18", []int{30, 14}},
		{"2026-03-25", []int{30, 14, 7}},
		{"2026-03-30 23:59", []int{30, 14, 7}},
		{"2026-03-31", []int{30, 14, 7, 1}},
		{"2026-04-01 23:59", []int{30, 14, 7, 1}},
		{"2026-04-02", nil},
	}
	until := kst(t, "2026-04-02") // valid through 1 April
	for _, row := range rows {
		now := kst(t, row.now)
		if got := policy.At(now).Reminder.Due(until, now); !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.now, got, row.want)
		}
	}
}

func TestFiguresOfTheDay(t *testing.T) {
	s := policy.At(kst(t, "2026-03-04"))
	if got := s.Hold.TTL(false); got != 10*time.Minute {
		t.Errorf("hold: %s", got)
	}
	if got := s.Hold.TTL(true); got != 12*time.Minute {
		t.Errorf("hold with the page open: %s", got)
	}
	if s.Hold.LapsesMax != 3 || s.Hold.Pause() != 10*time.Minute {
		t.Errorf("lapses %d, pause %s", s.Hold.LapsesMax, s.Hold.Pause())
	}
	if s.Hold.Extra() != 2*time.Minute || s.Tipping.Closing() != 15*time.Minute {
		t.Errorf("extra %s, closing %s", s.Hold.Extra(), s.Tipping.Closing())
	}
	if s.Gateway != (policy.Gateway{FeeBP: 220, BusinessDays: 1}) {
		t.Errorf("gateway %+v", s.Gateway)
	}
	if s.Undo.Own() != 10*time.Minute || s.Undo.Manager() != 24*time.Hour {
		t.Errorf("undo %s and %s", s.Undo.Own(), s.Undo.Manager())
	}
	if got := s.Settlement.IssueAt.On(kst(t, "2026-03-04 23:00")); !got.Equal(kst(t, "2026-03-04 00:10")) {
		t.Errorf("issue at %s", got)
	}
	if got := s.Settlement.ObjectUntil.On(kst(t, "2026-03-05 00:10")); !got.Equal(kst(t, "2026-03-05 10:00")) {
		t.Errorf("object until %s", got)
	}
	if got := s.Queue.Score(100, 50, 20, 0); got != 58 {
		t.Errorf("score %d", got)
	}
}

func TestNoticesAreKeptForTheirDays(t *testing.T) {
	now := kst(t, "2026-11-19")
	if got := policy.At(now).Notice.Border(now); !got.Equal(kst(t, "2026-05-23")) {
		t.Errorf("border %s", got)
	}
	if got := (policy.Notice{KeptDays: 1}).Border(now); !got.Equal(kst(t, "2026-11-18")) {
		t.Errorf("border %s", got)
	}
}
