package office

import (
	"net/url"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// dayForm is one day's four times as a form has them: "11:00", or "".
type dayForm struct{ Open, Close, Break, Back string }

// monthForm is one monthly day off as a form has it.
type monthForm struct{ Nth, Weekday string }

// dateForm is one day that differs.
type dateForm struct {
	Date, Note string
	dayForm
}

// hoursForm is the whole hours editor: a line a weekday, Monday first on the page, and a few lines to fill in.
type hoursForm struct {
	Week  [7]dayForm // Sunday first, as time.Weekday counts
	Month [2]monthForm
	Dates []dateForm
}

const (
	datesBlank = 2  // empty lines offered
	datesRead  = 30 // lines a form may send
)

// weekdays is the order of the page: a shop's week begins on Monday.
func weekdays() []time.Weekday {
	return []time.Weekday{
		time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
	}
}

func dayFormOf(d merchant.Day) dayForm {
	if len(d) == 0 {
		return dayForm{}
	}
	f := dayForm{Open: clock(d[0].From), Close: clock(d[len(d)-1].To)}
	if len(d) > 1 {
		f.Break, f.Back = clock(d[0].To), clock(d[1].From)
	}
	return f
}

// clock writes a minute as a time field takes it: there is no 24:00 in HTML.
func clock(minute int) string {
	if minute == 24*60 {
		return "00:00"
	}
	return merchant.Clock(minute)
}

func hoursFormOf(h merchant.Hours) hoursForm {
	var f hoursForm
	for i, day := range h.Week {
		f.Week[i] = dayFormOf(day)
	}
	for i, m := range h.Monthly {
		if i < len(f.Month) {
			f.Month[i] = monthForm{strconv.Itoa(m.Nth), strconv.Itoa(int(m.Weekday))}
		}
	}
	for _, d := range h.Dates {
		f.Dates = append(f.Dates, dateForm{d.Date, d.Note, dayFormOf(d.Day)})
	}
	return f.blanks()
}

// blanks adds the empty lines in which further days are written.
func (f hoursForm) blanks() hoursForm {
	for range datesBlank {
		f.Dates = append(f.Dates, dateForm{})
	}
	return f
}

func key(prefix string, i int, name string) string { return prefix + strconv.Itoa(i) + "_" + name }

func readDay(values url.Values, prefix string, i int) dayForm {
	get := func(name string) string { return values.Get(key(prefix, i, name)) }
	return dayForm{get("open"), get("close"), get("break"), get("back")}
}

// readHours takes the editor's fields as they were typed.
func readHours(values url.Values) hoursForm {
	var f hoursForm
	for i := range f.Week {
		f.Week[i] = readDay(values, "h", i)
	}
	for i := range f.Month {
		f.Month[i] = monthForm{values.Get(key("m", i, "nth")), values.Get(key("m", i, "day"))}
	}
	for i := range datesRead {
		d := dateForm{values.Get(key("x", i, "date")), values.Get(key("x", i, "note")), readDay(values, "x", i)}
		if d != (dateForm{}) {
			f.Dates = append(f.Dates, d)
		}
	}
	return f.blanks()
}

// copyFirst gives every weekday the times of Monday: most shops have one kind of day.
func (f *hoursForm) copyFirst() {
	for i := range f.Week {
		f.Week[i] = f.Week[time.Monday]
	}
}

// parse makes hours of the editor and notes, beside its line, what cannot be read.
func (f hoursForm) parse(form *form.Form) merchant.Hours {
	var h merchant.Hours
	for i, d := range f.Week {
		day, ok := merchant.DayOf(d.Open, d.Close, d.Break, d.Back)
		if !ok {
			form.Add(merchant.ErrHours.On(key("h", i, "open")))
		}
		h.Week[i] = day
	}
	for i, m := range f.Month {
		if m.Nth == "" && m.Weekday == "" {
			continue
		}
		nth, err1 := strconv.Atoi(m.Nth)
		weekday, err2 := strconv.Atoi(m.Weekday)
		if err1 != nil || err2 != nil {
			form.Add(merchant.ErrHoursDate.On(key("m", i, "nth")))
			continue
		}
		h.Monthly = append(h.Monthly, merchant.Monthly{Nth: nth, Weekday: time.Weekday(weekday)})
	}
	for i, d := range f.Dates {
		if d == (dateForm{}) {
			continue
		}
		day, ok := merchant.DayOf(d.Open, d.Close, d.Break, d.Back)
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil || !ok {
			form.Add(merchant.ErrHoursDate.On(key("x", i, "date")))
			continue
		}
		h.Dates = append(h.Dates, merchant.Dated{Date: d.Date, Day: day, Note: d.Note})
	}
	return h
}
