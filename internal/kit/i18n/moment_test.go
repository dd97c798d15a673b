package i18n

import (
	"math"
	"testing"
	"time"
)

// at reads an instant as a clock on a Korean wall shows it.
func at(text string) time.Time {
	t, _ := time.ParseInLocation("2006-01-02 15:04:05", text, time.FixedZone("KST", seoulOffsetSeconds))
	return t.UTC()
}

func TestNumbers(t *testing.T) {
	bundle := mustNew(t)
	ko, en := bundle.For("ko"), bundle.For("en")
	for _, row := range []struct{ got, want string }{
		{ko.Won(12900), "12,900원"}, {en.Won(12900), "₩12,900"}, {ko.Won(0), "0원"},
		{ko.Won(-500), "-500원"}, {en.Won(-1500), "-₩1,500"},
		{ko.Won(math.MinInt64), "-9,223,372,036,854,775,808원"}, {ko.Won(999), "999원"}, {ko.Won(1000), "1,000원"},
		{en.Count(1234567), "1,234,567"},
		{ko.Percent(1250), "12.5%"}, {ko.Percent(1200), "12%"}, {ko.Percent(1205), "12.05%"}, {ko.Percent(1234), "12.34%"},
		{ko.Percent(5), "0.05%"}, {ko.Percent(-150), "-1.5%"}, {ko.Percent(0), "0%"}, {ko.Percent(123400), "1,234%"},
	} {
		if row.got != row.want {
			t.Errorf("got %q, want %q", row.got, row.want)
		}
	}
}

func TestMoments(t *testing.T) {
	bundle := mustNew(t)
	ko, en := bundle.For("ko"), bundle.For("en")
	now := at("2026-11-19 15:00:00")
	for _, row := range []struct{ got, want string }{
		{ko.DateTime(at("2026-11-19 18:22:59"), now), "11월 19일 18:22"},
		{ko.DateTime(at("2025-01-02 00:05:00"), now), "2025년 1월 2일 00:05"},
		{en.DateTime(at("2026-11-19 18:22:00"), now), "19 Nov 18:22"},
		{en.Date(at("2027-11-19 18:22:00"), now), "19 Nov 2027"},
		{ko.Day(at("2026-11-19 00:00:00")), "11월 19일 (목)"},
		{en.Day(at("2026-11-19 00:00:00")), "Thu 19 Nov"},
		{ko.Time(at("2026-11-19 09:05:00")), "09:05"},
		{ko.In(time.UTC).Time(at("2026-11-19 09:05:00")), "00:05"},
		{ko.FullDate(at("2026-01-01 00:00:00")), "2026년 1월 1일"},
		{ko.Ago(at("2026-11-19 14:59:30"), now), "방금"},
		{ko.Ago(at("2026-11-19 15:00:30"), now), "방금"},
		{ko.Ago(at("2026-11-19 14:57:00"), now), "3분 전"},
		{ko.Ago(at("2026-11-19 13:00:00"), now), "2시간 전"},
		{en.Ago(at("2026-11-19 14:00:00"), now), "1 hour ago"},
		{ko.Ago(at("2026-11-18 14:00:00"), now), "어제"},
		{ko.Ago(at("2026-11-15 23:00:00"), now), "4일 전"},
		{en.Ago(at("2026-11-15 23:00:00"), now), "4 days ago"},
		{ko.Ago(at("2026-11-12 14:00:00"), now), "11월 12일"},
		{ko.Ago(at("2026-11-18 23:30:00"), at("2026-11-19 00:10:00")), "40분 전"},
		{ko.Ago(at("2026-11-18 23:30:00"), at("2026-11-19 01:10:00")), "1시간 전"},
		{ko.Until(at("2026-11-19 18:00:00"), now), "오늘 18:00까지"},
		{ko.Until(at("2026-11-20 10:00:00"), now), "내일 10:00까지"},
		{ko.Until(at("2026-11-22 10:00:00"), now), "3일 남음"},
		{ko.Until(at("2026-11-20 00:00:00"), now), "오늘 24:00까지"},
		{ko.Until(at("2026-11-21 00:00:00"), now), "내일 24:00까지"},
		{ko.Until(at("2026-11-23 00:00:00"), now), "3일 남음"},
		{ko.Until(now, now), "마감"},
		{ko.Until(at("2026-11-01 00:00:00"), now), "마감"},
		{en.Until(at("2026-11-19 18:00:00"), now), "until 18:00 today"},
		{en.Until(at("2026-11-20 18:00:00"), now), "until 18:00 tomorrow"},
		{en.Until(at("2026-11-29 18:00:00"), now), "10 days left"},
		{ko.Duration(150 * time.Minute), "2시간 30분"},
		{ko.Duration(72 * time.Hour), "3일"},
		{ko.Duration(72*time.Hour + 5*time.Minute), "3일"},
		{ko.Duration(45 * time.Second), "45초"},
		{ko.Duration(0), "0초"},
		{ko.Duration(-90 * time.Second), "1분 30초"},
		{en.Duration(25 * time.Hour), "1 day 1 hour"},
	} {
		if row.got != row.want {
			t.Errorf("got %q, want %q", row.got, row.want)
		}
	}
}
