package ui

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

// grouped writes a number with commas: 1,234,567.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// capped keeps a count small enough for its bubble.
func capped(n int64) string {
	if n > 99 {
		return "99+"
	}
	return strconv.FormatInt(n, 10)
}

func bellName(ctx context.Context, unread int64) string {
	if unread > 0 {
		return word(ctx, "ui.bell.unread", "Count", unread)
	}
	return word(ctx, "ui.bell")
}

func (s Seller) parts(ctx context.Context) []string {
	parts := []string{s.Name}
	for _, line := range []struct{ key, value string }{
		{"ui.legal.head", s.Head}, {"ui.legal.number", s.Number}, {"ui.legal.mail_order", s.MailOrder},
		{"ui.legal.address", s.Address}, {"ui.legal.phone", s.Phone}, {"ui.legal.email", s.Email},
	} {
		if line.value != "" {
			parts = append(parts, word(ctx, line.key)+" "+line.value)
		}
	}
	return parts
}

// gatewayCode is the shape of what a gateway or a bank names its reasons by; anything else was written by a person.
var gatewayCode = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)

// BankWord words a reason that the gateway or the bank gave, and gives its code to stand small beside the words. What
// is no code was written by a person and comes back as it is.
func BankWord(loc Loc, code string) (said, raw string) {
	if !gatewayCode.MatchString(code) {
		return code, ""
	}
	name := strings.ToLower(code)
	if strings.HasPrefix(code, "HTTP_") {
		name = "http"
	}
	key := "ui.bank." + name
	if text := loc.T(key); text != key {
		return text, code
	}
	return loc.T("ui.bank.unknown_code"), code
}

// BankSays is BankWord in one line, where nothing can stand beside it.
func BankSays(loc Loc, code string) string {
	said, raw := BankWord(loc, code)
	if raw == "" {
		return said
	}
	return said + " (" + raw + ")"
}
