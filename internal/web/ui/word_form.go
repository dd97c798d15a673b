package ui

import (
	"context"
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

// BankSays words why a payout stands still: the bank's code where we know it, else as it came.
func BankSays(loc Loc, code string) string {
	key := "ui.bank." + strings.ToLower(code)
	if text := loc.T(key); text != key {
		return text
	}
	return code
}
