package ui_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

func speaker(t *testing.T, lang string) ui.Loc {
	t.Helper()
	words, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	return words.For(lang)
}

func TestWhatTheGatewaySaysHasWords(t *testing.T) {
	loc := speaker(t, "ko")
	general, machine := loc.T("ui.bank.unknown_code"), loc.T("ui.bank.http")
	for code, want := range map[string][2]string{
		"ACCOUNT_CLOSED": {"은행이 문 닫은 계좌라고 답했어요", "ACCOUNT_CLOSED"},
		"SOMETHING_NEW":  {general, "SOMETHING_NEW"},
		"HTTP_502":       {machine, "HTTP_502"},
		"서류가 모자라요":       {"서류가 모자라요", ""},
		"ASK the bank":   {"ASK the bank", ""},
		"":               {"", ""},
	} {
		if said, raw := ui.BankWord(loc, code); said != want[0] || raw != want[1] {
			t.Errorf("%q: %q, %q", code, said, raw)
		}
	}
	if got := ui.BankSays(loc, "ACCOUNT_CLOSED"); got != "은행이 문 닫은 계좌라고 답했어요 (ACCOUNT_CLOSED)" {
		t.Error(got)
	}
}

// TestEveryKnownCodeHasWords reads the codes where the adapter and the sandbox name them.
func TestEveryKnownCodeHasWords(t *testing.T) {
	code := regexp.MustCompile(`"([A-Z]+(?:_[A-Z]+)+)"`)
	for _, lang := range []string{"ko", "en"} {
		loc, general := speaker(t, lang), speaker(t, lang).T("ui.bank.unknown_code")
		for _, file := range []string{"../../market/payment/toss/failure.go", "../../sandbox/refusal/refusal.go",
			"../../market/payment/gateway/absent.go"} {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found := code.FindAllStringSubmatch(string(text), -1)
			if len(found) == 0 {
				t.Errorf("%s names no code any more", file)
			}
			for _, one := range found {
				if said, _ := ui.BankWord(loc, one[1]); said == general || strings.Contains(said, "ui.bank") {
					t.Errorf("%s in %s has no words in %s", one[1], file, lang)
				}
			}
		}
	}
}
