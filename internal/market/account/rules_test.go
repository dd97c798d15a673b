package account_test

import (
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
)

func same(got, want *fail.Error) bool {
	if got == nil || want == nil {
		return (got == nil) == (want == nil)
	}
	return got.Is(want)
}

func TestParseEmail(t *testing.T) {
	for _, c := range []struct{ text, email, key string }{
		{"kim@example.com", "kim@example.com", "kim@example.com"},
		{"  Kim.Dure@Example.COM ", "Kim.Dure@example.com", "kim.dure@example.com"},
		{"ｋｉｍ＠example.com", "kim@example.com", "kim@example.com"},
		{"kim+두레@example.com", "kim+두레@example.com", "kim+두레@example.com"},
		{"", "", ""}, {"kim", "", ""}, {"kim@localhost", "", ""}, {"@example.com", "", ""},
		{"kim@example.com,lee@example.com", "", ""}, {"Kim <kim@example.com>", "", ""},
		{"kim@exa mple.com", "", ""}, {"kim@example.com\nBcc: a@b.co", "", ""}, {"kim@example.com\x00", "", ""},
		{strings.Repeat("a", 250) + "@b.co", "", ""}, {`"kim lee"@example.com`, "", ""},
	} {
		email, key, refusal := account.ParseEmail(c.text)
		if email != c.email || key != c.key || (refusal == nil) != (c.key != "") {
			t.Errorf("%.40q: %q %q %v", c.text, email, key, refusal)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	for _, c := range []struct {
		password string
		want     *fail.Error
	}{
		{"correct horse battery", nil},
		{"우리동네 국수집 할머니", nil},
		{"🍜🍜국수먹고싶다", nil},
		{strings.Repeat("가나다라", 32), nil},
		{"1234567", account.ErrPasswordShort},
		{"국수집", account.ErrPasswordShort},
		{strings.Repeat("가나다라", 32) + "마", account.ErrPasswordLong},
		{strings.Repeat("x", 1<<20), account.ErrPasswordLong},
		{"password", account.ErrPasswordCommon},
		{"PassWord1", account.ErrPasswordCommon},
		{"ｑｗｅｒ１２３４", account.ErrPasswordCommon},
		{"qlalfqjsgh1!", account.ErrPasswordCommon},
		{"aaaaaaaa", account.ErrPasswordCommon},
		{"23456789", account.ErrPasswordCommon},
		{"hgfedcba", account.ErrPasswordCommon},
		{"가나가나가나가나", account.ErrPasswordCommon},
		{"abcabcabcab", account.ErrPasswordCommon},
		{"kim@example.com", account.ErrPasswordMine},
		{"KIM@example.com ", account.ErrPasswordMine},
		{"secret\x00secret", account.ErrPasswordText},
		{"\xff\xff\xff\xff\xff\xff\xff\xff", account.ErrPasswordText},
	} {
		refusal := account.CheckPassword(c.password, "kim@example.com", "김이웃")
		if !same(refusal, c.want) {
			t.Errorf("%.30q: %v, want %v", c.password, refusal, c.want)
		}
		if refusal != nil && refusal.Field != "password" {
			t.Errorf("%.30q: field %q", c.password, refusal.Field)
		}
	}
	if refusal := account.CheckPassword("gangnamkim", "gangnamkim@example.com"); !same(refusal, account.ErrPasswordMine) {
		t.Errorf("the address without its domain: %v", refusal)
	}
}

func TestParseName(t *testing.T) {
	for _, c := range []struct {
		text, want string
		refusal    *fail.Error
	}{
		{" 김이웃 ", "김이웃", nil},
		{"🍜 국수", "🍜 국수", nil},
		{"محمد", "محمد", nil},
		{"", "", account.ErrName},
		{"\u3164\u3164", "", account.ErrName},
		{"kim\u202enosmoc", "", account.ErrName},
		{"kim\x00", "", account.ErrName},
		{strings.Repeat("가", 41), "", account.ErrNameLong},
	} {
		got, refusal := account.ParseName(c.text)
		if got != c.want || !same(refusal, c.refusal) {
			t.Errorf("%q: %q, %v", c.text, got, refusal)
		}
	}
}

func TestSmallRules(t *testing.T) {
	for role, ok := range map[market.Role]bool{
		"": true, market.RoleAdmin: true, market.RoleFinance: true, market.RoleSupport: true,
		market.RoleOwner: false, "root": false,
	} {
		if (account.CheckStaffRole(role) == nil) != ok {
			t.Errorf("role %q", role)
		}
	}
	for days, ok := range map[int]bool{0: false, 1: true, 365: true, 366: false, -1: false} {
		if (account.CheckTokenDays(days) == nil) != ok {
			t.Errorf("days %d", days)
		}
	}
	for locale, ok := range map[string]bool{"ko": true, "en": true, "": false, "fr": false} {
		if (account.CheckLocale(locale) == nil) != ok {
			t.Errorf("locale %q", locale)
		}
	}
	if _, refusal := account.ParseLabel(strings.Repeat("x", 41)); !same(refusal, account.ErrLabel) {
		t.Errorf("label: %v", refusal)
	}
	if !account.MayMail(account.PendingPerEmail) || account.MayMail(account.PendingPerEmail+1) {
		t.Error("links to one address")
	}
}
