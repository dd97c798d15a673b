package account

import (
	_ "embed"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
)

const (
	// PasswordMin and PasswordMax are characters (NIST SP 800-63B §5.1.1.2: at least 8, at least 64 allowed, no rules
	// of composition, a list of common ones).
	PasswordMin = 8
	PasswordMax = 128
)

// ParseEmail cleans an address and gives the key it is found by; it refuses with ErrEmail on the field "email".
func ParseEmail(text string) (email, key string, refusal *fail.Error) {
	email, refusal = form.Address(text)
	if refusal != nil {
		return "", "", ErrEmail.On("email")
	}
	return email, strings.ToLower(email), nil
}

// ParseName cleans a person's name; it refuses on the field "name".
func ParseName(text string) (string, *fail.Error) {
	name, refusal := form.Line(text, 1, NameMax)
	switch {
	case refusal == nil:
		return name, nil
	case refusal.Is(form.ErrTooLong):
		return "", ErrNameLong.On("name").With("Max", NameMax)
	}
	return "", ErrName.On("name")
}

// ParseLabel cleans what an owner calls a token; it refuses on the field "label".
func ParseLabel(text string) (string, *fail.Error) {
	label, refusal := form.Line(text, 1, LabelMax)
	if refusal != nil {
		return "", ErrLabel.On("label").With("Max", LabelMax)
	}
	return label, nil
}

// CheckLocale refuses languages the catalogues do not speak.
func CheckLocale(locale string) *fail.Error {
	if locale == "ko" || locale == "en" {
		return nil
	}
	return ErrLocale.On("locale")
}

// CheckStaffRole refuses what is no role at the operator's; "" takes a role away.
func CheckStaffRole(role market.Role) *fail.Error {
	if slices.Contains([]market.Role{"", market.RoleAdmin, market.RoleFinance, market.RoleSupport}, role) {
		return nil
	}
	return ErrRole.On("role")
}

// CheckTokenDays refuses lives of an API token outside 1 to TokenDaysMax days.
func CheckTokenDays(days int) *fail.Error {
	if days >= 1 && days <= TokenDaysMax {
		return nil
	}
	return ErrDays.On("days").With("Max", TokenDaysMax)
}

// CheckPassword refuses, on the field "password", what is too short, too long, common, or the person's own address or
// name. There are no rules of composition: a long sentence is a good password.
func CheckPassword(password string, own ...string) *fail.Error {
	if !utf8.ValidString(password) || strings.ContainsRune(password, 0) {
		return ErrPasswordText.On("password")
	}
	switch length := utf8.RuneCountInString(norm.NFKC.String(password)); {
	case length < PasswordMin:
		return ErrPasswordShort.On("password").With("Min", PasswordMin)
	case length > PasswordMax:
		return ErrPasswordLong.On("password").With("Max", PasswordMax)
	}
	folded := fold(password)
	for _, mine := range own {
		mine = fold(mine)
		local, _, _ := strings.Cut(mine, "@")
		if mine != "" && (folded == mine || folded == local) {
			return ErrPasswordMine.On("password")
		}
	}
	if monotone(folded) || slices.Contains(commonPasswords(), folded) {
		return ErrPasswordCommon.On("password")
	}
	return nil
}

func fold(text string) string { return strings.ToLower(norm.NFKC.String(strings.TrimSpace(text))) }

// monotone finds "aaaaaaaa", "12345678", "hgfedcba" and one short piece repeated, such as "abcabcabc".
func monotone(text string) bool {
	runes := []rune(text)
	step, steady := runes[1]-runes[0], true
	for i := 2; i < len(runes); i++ {
		steady = steady && runes[i]-runes[i-1] == step
	}
	if steady && step >= -1 && step <= 1 {
		return true
	}
	for size := 1; size <= 3; size++ {
		piece := string(runes[:size])
		whole := strings.Repeat(piece, len(runes)/size+1)
		if strings.HasPrefix(whole, text) {
			return true
		}
	}
	return false
}

//go:embed common.txt
var commonText string

func commonPasswords() []string { return strings.Fields(commonText) }

// PendingUntil is the end of a sign-up that begins now.
func PendingUntil(now time.Time) time.Time { return now.Add(PendingHours * time.Hour) }

// ResetUntil is the end of a reset link made now.
func ResetUntil(now time.Time) time.Time { return now.Add(ResetMinutes * time.Minute) }

// SetupUntil is the end of a setup link made now.
func SetupUntil(now time.Time) time.Time { return now.Add(SetupHours * time.Hour) }

// TokenUntil is the end of an API token made now for some days.
func TokenUntil(now time.Time, days int) time.Time {
	return now.Add(time.Duration(days) * 24 * time.Hour)
}

// MayMail reports whether one more link may go to an address that got so many within the last hour.
func MayMail(within int64) bool { return within <= PendingPerEmail }

// MailedSince is where that hour begins.
func MailedSince(now time.Time) time.Time { return now.Add(-time.Hour) }
