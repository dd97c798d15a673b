package hours

import (
	"net/url"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// Day is one day's four times as a form has them: "11:00", or "".
type Day struct{ Open, Close, Break, Back string }

// Month is one monthly day off as a form has it.
type Month struct{ Nth, Weekday string }

// Date is one day that differs.
type Date struct {
	Date, Note string
	Day
}

// Form is the whole hours editor: a line a weekday, Monday first on the page, and a few lines to fill in.
type Form struct {
	Week  [7]Day // Sunday first, as time.Weekday counts
	Month [2]Month
	Dates []Date
}

const (
	datesBlank = 2  // empty lines offered
	datesRead  = 30 // lines a form may send
)

// Weekdays is the order of the page: a shop's week begins on Monday.
func Weekdays() []time.Weekday {
	return []time.Weekday{
		time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
	}
}

func dayOf(d merchant.Day) Day {
	if len(d) == 0 {
		return Day{}
	}
	f := Day{Open: clock(d[0].From), Close: clock(d[len(d)-1].To)}
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

// FormOf is the editor as kept hours fill it.
func FormOf(h merchant.Hours) Form {
	var f Form
	for i, day := range h.Week {
		f.Week[i] = dayOf(day)
	}
	for i, m := range h.Monthly {
		if i < len(f.Month) {
			f.Month[i] = Month{strconv.Itoa(m.Nth), strconv.Itoa(int(m.Weekday))}
		}
	}
	for _, d := range h.Dates {
		f.Dates = append(f.Dates, Date{d.Date, d.Note, dayOf(d.Day)})
	}
	return f.blanks()
}

// blanks adds the empty lines in which further days are written.
func (f Form) blanks() Form {
	for range datesBlank {
		f.Dates = append(f.Dates, Date{})
	}
	return f
}

// Key names a field of the i-th line: of a weekday "h", a monthly day off "m" or a day that differs "x".
func Key(prefix string, i int, name string) string { return prefix + strconv.Itoa(i) + "_" + name }

func readDay(values url.Values, prefix string, i int) Day {
	get := func(name string) string { return values.Get(Key(prefix, i, name)) }
	return Day{get("open"), get("close"), get("break"), get("back")}
}

// Read takes the editor's fields as they were typed.
func Read(values url.Values) Form {
	var f Form
	for i := range f.Week {
		f.Week[i] = readDay(values, "h", i)
	}
	for i := range f.Month {
		f.Month[i] = Month{values.Get(Key("m", i, "nth")), values.Get(Key("m", i, "day"))}
	}
	for i := range datesRead {
		d := Date{values.Get(Key("x", i, "date")), values.Get(Key("x", i, "note")), readDay(values, "x", i)}
		if d != (Date{}) {
			f.Dates = append(f.Dates, d)
		}
	}
	return f.blanks()
}

// CopyFirst gives every weekday the times of Monday: most shops have one kind of day.
func (f *Form) CopyFirst() {
	for i := range f.Week {
		f.Week[i] = f.Week[time.Monday]
	}
}

// Parse makes hours of the editor and notes, beside its line, what cannot be read.
func (f Form) Parse(form *form.Form) merchant.Hours {
	var h merchant.Hours
	for i, d := range f.Week {
		day, ok := merchant.DayOf(d.Open, d.Close, d.Break, d.Back)
		if !ok {
			form.Add(merchant.ErrHours.On(Key("h", i, "open")))
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
			form.Add(merchant.ErrHoursDate.On(Key("m", i, "nth")))
			continue
		}
		h.Monthly = append(h.Monthly, merchant.Monthly{Nth: nth, Weekday: time.Weekday(weekday)})
	}
	for i, d := range f.Dates {
		if d == (Date{}) {
			continue
		}
		day, ok := merchant.DayOf(d.Open, d.Close, d.Break, d.Back)
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil || !ok {
			form.Add(merchant.ErrHoursDate.On(Key("x", i, "date")))
			continue
		}
		h.Dates = append(h.Dates, merchant.Dated{Date: d.Date, Day: day, Note: d.Note})
	}
	return h
}
