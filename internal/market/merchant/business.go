package merchant

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
)

// digitsOf keeps the digits of what people type with blanks, dashes and full-width figures; ok is false when anything
// else stands there.
func digitsOf(text string) (digits string, ok bool) {
	var kept []byte
	for _, r := range norm.NFKC.String(text) {
		switch {
		case r >= '0' && r <= '9':
			kept = append(kept, byte(r))
		case strings.ContainsRune(" -.\u00a0\u2010\u2011\u2012\u2013\u2014\u2212()", r):
		default:
			return "", false
		}
	}
	return string(kept), true
}

// ParseNumber cleans a business registration number and checks its last digit as the tax office computes it: the first
// nine digits weighed 1 3 7 1 3 7 1 3 5, plus the tens of the ninth's product; it refuses with ErrNumber.
func ParseNumber(text string) (string, *fail.Error) {
	digits, ok := digitsOf(text)
	if !ok || len(digits) != 10 {
		return "", ErrNumber.On("number")
	}
	weights := [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5}
	sum := 0
	for i, weight := range weights {
		sum += int(digits[i]-'0') * weight
	}
	sum += int(digits[8]-'0') * 5 / 10
	if (10-sum%10)%10 != int(digits[9]-'0') || digits == "0000000000" {
		return "", ErrNumber.On("number")
	}
	return digits, nil
}

// FormatNumber writes a business number as its certificate does: 123-45-67890.
func FormatNumber(digits string) string {
	if len(digits) != 10 {
		return digits
	}
	return digits[:3] + "-" + digits[3:5] + "-" + digits[5:]
}

// ParsePhone cleans a Korean phone number: 02-123-4567, 010-1234-5678, 0507-1234-5678, 1588-1234.
func ParsePhone(text string) (string, *fail.Error) {
	digits, ok := digitsOf(strings.Replace(strings.TrimSpace(text), "+82", "0", 1))
	if ok && strings.HasPrefix(digits, "00") {
		digits = digits[1:]
	}
	switch {
	case !ok:
	case len(digits) == 8 && digits[0] == '1':
		return digits, nil
	case len(digits) >= 9 && len(digits) <= 12 && digits[0] == '0':
		return digits, nil
	}
	return "", ErrPhone.On("phone")
}

// FormatPhone writes a phone number with its dashes.
func FormatPhone(digits string) string {
	area := 3
	switch {
	case len(digits) == 8:
		return digits[:4] + "-" + digits[4:]
	case len(digits) < 9:
		return digits
	case strings.HasPrefix(digits, "02"):
		area = 2
	case len(digits) == 12 || strings.HasPrefix(digits, "050") && len(digits) > 10:
		area = 4
	}
	last := len(digits) - 4
	return digits[:area] + "-" + digits[area:last] + "-" + digits[last:]
}

// Parse cleans the business; what is still empty is left so, and missing parts are told when it is submitted.
func (b Business) Parse() (Business, error) {
	var faults fail.List
	b.Number = optional(&faults, b.Number, ParseNumber)
	b.Phone = optional(&faults, b.Phone, ParsePhone)
	b.Name = optional(&faults, b.Name, line(1, NameMax, ErrName, "name"))
	b.Representative = optional(&faults, b.Representative, line(1, NameMax, ErrRepresentative, "representative"))
	b.Email = optional(&faults, b.Email, parseEmail)
	return b, faults.Err()
}

func parseEmail(text string) (string, *fail.Error) {
	email, refusal := form.Address(text)
	if refusal != nil {
		return "", ErrEmail.On("email")
	}
	return email, nil
}

// optional parses what is not empty and keeps the refusal.
func optional(faults *fail.List, text string, parse func(string) (string, *fail.Error)) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	clean, refusal := parse(text)
	if refusal != nil {
		*faults = append(*faults, refusal)
	}
	return clean
}

// line parses one line of text, refusing with one error whatever is wrong.
func line(minimum, maximum int, refuse *fail.Error, field string) func(string) (string, *fail.Error) {
	return func(text string) (string, *fail.Error) {
		clean, refusal := form.Line(text, minimum, maximum)
		if refusal != nil {
			return "", refuse.On(field).With("Max", maximum)
		}
		return clean, nil
	}
}
