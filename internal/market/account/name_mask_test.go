package account_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/market/account"
)

func TestMaskedNamesGreetAndTellNobody(t *testing.T) {
	for name, want := range map[string]string{
		"김나영": "김○영", "이솔": "이○", "남궁민수": "남○○수", "별": "○", "": "", "Mina Kim": "M○○○ K○○", "mina": "m○○○",
		"김 나영": "○ 나○", "李小龍": "李○○",
	} {
		if got := account.Masked(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
