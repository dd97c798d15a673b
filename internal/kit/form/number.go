package form

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Refusals of numbers, days and telephone numbers.
var (
	ErrNumber   = fail.New(fail.Invalid, "form.number")
	ErrWon      = fail.New(fail.Invalid, "form.won")
	ErrTooSmall = fail.New(fail.Invalid, "form.too_small")
	ErrTooBig   = fail.New(fail.Invalid, "form.too_big")
	ErrPhone    = fail.New(fail.Invalid, "form.phone")
	ErrDate     = fail.New(fail.Invalid, "form.date")
	ErrClock    = fail.New(fail.Invalid, "form.clock")
)

// folded turns the wide digits and signs of a Korean keyboard into plain ones.
func folded(text string) string { return width.Fold.String(text) }

// filled gives the folded, trimmed value of a required field and whether there is one.
func (f *Form) filled(name string) (string, bool) {
	text := strings.TrimSpace(folded(f.raw(name)))
	if !visible(text) {
		f.refuse(name, ErrRequired)
		return "", false
	}
	return text, true
}

// Int reads a whole number from min to max; thousands may be set apart with commas.
func (f *Form) Int(name string, minimum, maximum int64) int64 {
	text, ok := f.filled(name)
	if !ok {
		return 0
	}
	n, ok := wholeNumber(text)
	if !ok {
		f.refuse(name, ErrNumber)
		return 0
	}
	return f.within(name, n, minimum, maximum)
}

// Won reads an amount in won as people write it: "12900", "12,900", "12,900원", "₩12,900".
func (f *Form) Won(name string, minimum, maximum int64) int64 {
	text, ok := f.filled(name)
	if !ok {
		return 0
	}
	text = strings.TrimSpace(strings.TrimSuffix(text, "원"))
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "₩"), "\\"))
	n, ok := wholeNumber(text)
	if !ok {
		f.refuse(name, ErrWon)
		return 0
	}
	return f.within(name, n, minimum, maximum)
}

func (f *Form) within(name string, n, minimum, maximum int64) int64 {
	switch {
	case n < minimum:
		f.refuse(name, ErrTooSmall.With("Min", minimum))
	case n > maximum:
		f.refuse(name, ErrTooBig.With("Max", maximum))
	}
	return n
}

// wholeNumber reads digits with an optional sign; commas count only where thousands are, so "1,50" is not 150.
// A number beyond int64 reads as the largest, which the caller's limit then refuses with the right words.
func wholeNumber(text string) (int64, bool) {
	negative := strings.HasPrefix(text, "-")
	groups := strings.Split(strings.TrimPrefix(text, "-"), ",")
	for i, group := range groups {
		tooWide := len(groups) > 1 && len(group) > 3
		if group == "" || tooWide || i > 0 && len(group) != 3 || strings.Trim(group, "0123456789") != "" {
			return 0, false
		}
	}
	sign := ""
	if negative {
		sign = "-"
	}
	// The only error left is a number out of range, for which ParseInt gives the bound itself.
	n, _ := strconv.ParseInt(sign+strings.Join(groups, ""), 10, 64)
	return n, true
}

// Phone reads a Korean telephone number and gives its digits: "010-1234-5678" and "+82 10 1234 5678" are "01012345678".
func (f *Form) Phone(name string) string {
	text, ok := f.filled(name)
	if !ok {
		return ""
	}
	digits, ok := phoneDigits(text)
	if !ok {
		f.refuse(name, ErrPhone)
		return ""
	}
	return digits
}

func phoneDigits(text string) (string, bool) {
	abroad := strings.HasPrefix(text, "+82")
	var b strings.Builder
	for _, r := range strings.TrimPrefix(text, "+82") {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -.()", r):
		default:
			return "", false
		}
	}
	digits := b.String()
	if abroad && !strings.HasPrefix(digits, "0") {
		digits = "0" + digits
	}
	switch n := len(digits); {
	case strings.HasPrefix(digits, "02"):
		return digits, n == 9 || n == 10
	case strings.HasPrefix(digits, "050"):
		return digits, n == 11 || n == 12
	case strings.HasPrefix(digits, "00"):
		return "", false
	case strings.HasPrefix(digits, "0"):
		return digits, n == 10 || n == 11
	case strings.HasPrefix(digits, "1"):
		return digits, n == 8 // nationwide numbers such as 1588-0000
	}
	return "", false
}

// Date reads a day and gives it as "2026-11-21"; dots, slashes and no separators are understood too.
func (f *Form) Date(name string) string {
	text, ok := f.filled(name)
	if !ok {
		return ""
	}
	text = strings.TrimSuffix(strings.ReplaceAll(text, " ", ""), ".")
	text = strings.TrimSuffix(strings.NewReplacer("년", "-", "월", "-", ".", "-", "/", "-").Replace(text), "일")
	for _, layout := range []string{"2006-1-2", "20060102"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1900 {
			return t.Format("2006-01-02")
		}
	}
	f.refuse(name, ErrDate)
	return ""
}

// ClockTime reads a time of day ("09:00", "9:30", "24:00") and gives the minutes since midnight, 0 to 1440.
func (f *Form) ClockTime(name string) int {
	text, ok := f.filled(name)
	if !ok {
		return 0
	}
	hours, minutes, found := strings.Cut(text, ":")
	h, hoursFault := strconv.ParseUint(hours, 10, 8)
	m, minutesFault := strconv.ParseUint(minutes, 10, 8)
	total := int(h)*60 + int(m)
	if !found || hoursFault != nil || minutesFault != nil || len(minutes) != 2 || m > 59 || total > 24*60 {
		f.refuse(name, ErrClock)
		return 0
	}
	return total
}
