package i18n

import (
	"strconv"
	"time"
)

const day = 24 * time.Hour

// Date writes a day, with the year if it is not now's: "11월 19일", "2025년 11월 19일".
func (l *Localizer) Date(t, now time.Time) string {
	t, now = t.In(l.zone), now.In(l.zone)
	if t.Year() != now.Year() {
		return l.FullDate(t)
	}
	if l.lang == Korean {
		return t.Format("1월 2일")
	}
	return t.Format("2 Jan")
}

// FullDate writes a day with its year, as contracts and receipts want it: "2026년 11월 19일".
func (l *Localizer) FullDate(t time.Time) string {
	if l.lang == Korean {
		return t.In(l.zone).Format("2006년 1월 2일")
	}
	return t.In(l.zone).Format("2 Jan 2006")
}

// DateTime writes a day and the minute, with the year if it is not now's: "11월 19일 18:22".
func (l *Localizer) DateTime(t, now time.Time) string { return l.Date(t, now) + " " + l.Time(t) }

// Time writes the minute of the day in 24 hours: "18:22".
func (l *Localizer) Time(t time.Time) string { return t.In(l.zone).Format("15:04") }

// Day writes a day with its weekday: "11월 19일 (목)", "Thu 19 Nov".
func (l *Localizer) Day(t time.Time) string {
	t = t.In(l.zone)
	if l.lang == Korean {
		return t.Format("1월 2일") + " (" + l.Weekday(t.Weekday()) + ")"
	}
	return t.Format("Mon 2 Jan")
}

// Weekday writes a weekday shortly: "목", "Thu".
func (l *Localizer) Weekday(weekday time.Weekday) string {
	return l.T("moment.weekday_" + strconv.Itoa(int(weekday)))
}

// Ago writes how long ago t was: "방금", "3분 전", "2시간 전", "어제", "4일 전", and the date from a week on.
// An instant after now (another machine's clock) reads as just now.
func (l *Localizer) Ago(t, now time.Time) string {
	span := now.Sub(t)
	switch days := l.daysBetween(t, now); {
	case span < time.Minute:
		return l.T("moment.just_now")
	case span < time.Hour:
		return l.T("moment.minutes_ago", "Count", int64(span/time.Minute))
	case days == 0 || span < 6*time.Hour:
		return l.T("moment.hours_ago", "Count", int64(span/time.Hour))
	case days == 1:
		return l.T("moment.yesterday")
	case days < 7:
		return l.T("moment.days_ago", "Count", days)
	}
	return l.Date(t, now)
}

// Until writes what is left of a half-open deadline: "오늘 18:00까지", "내일 10:00까지", "3일 남음", "마감".
// A deadline at midnight belongs to the day it ends: "오늘 24:00까지".
func (l *Localizer) Until(t, now time.Time) string {
	if !now.Before(t) {
		return l.T("moment.over")
	}
	last, clock := t, l.Time(t)
	if clock == "00:00" {
		last, clock = t.Add(-time.Nanosecond), "24:00"
	}
	switch days := l.daysBetween(now, last); days {
	case 0:
		return l.T("moment.until_today", "Time", clock)
	case 1:
		return l.T("moment.until_tomorrow", "Time", clock)
	default:
		return l.T("moment.days_left", "Count", days)
	}
}

// Duration writes a span in its two largest units, rounded down: "2시간 30분", "3일", "45초".
func (l *Localizer) Duration(span time.Duration) string {
	if span < 0 {
		span = -span
	}
	units := []struct {
		size time.Duration
		key  string
	}{{day, "moment.days"}, {time.Hour, "moment.hours"}, {time.Minute, "moment.minutes"}, {time.Second, "moment.seconds"}}
	for i, unit := range units {
		if span < unit.size && unit.size > time.Second {
			continue
		}
		text := l.T(unit.key, "Count", int64(span/unit.size))
		if i+1 < len(units) {
			if rest := span % unit.size / units[i+1].size; rest > 0 {
				text += " " + l.T(units[i+1].key, "Count", int64(rest))
			}
		}
		return text
	}
	return ""
}

// daysBetween counts midnights in the reader's zone, which is what "tomorrow" means to a reader.
func (l *Localizer) daysBetween(from, to time.Time) int64 {
	return dayNumber(to.In(l.zone)) - dayNumber(from.In(l.zone))
}

func dayNumber(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / int64(day/time.Second)
}
