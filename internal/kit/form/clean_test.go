package form_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
)

func TestLinesFromElsewhereAreCleanedAlike(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		refusal          *fail.Error
	}{
		{"korean", "  두레 국수  ", "두레 국수", nil},
		{"decomposed", "\u1103\u116e", "두", nil},
		{"emoji", "🍜 국수", "🍜 국수", nil},
		{"empty", " \t ", "", form.ErrRequired},
		{"fillers only", "\u3164\u3164", "", form.ErrRequired},
		{"long", strings.Repeat("가", 11), "", form.ErrTooLong},
		{"two lines", "국수\n집", "", form.ErrLineBreak},
		{"nul", "국\x00수", "", form.ErrControl},
		{"turned", "abc\u202egpj", "", form.ErrDirection},
		{"broken", "\xff\xfe", "", form.ErrNotText},
	} {
		got, refusal := form.Line(c.text, 1, 10)
		if got != c.want || (c.refusal == nil) != (refusal == nil) || (refusal != nil && !errors.Is(refusal, c.refusal)) {
			t.Errorf("%s: %q, %v", c.name, got, refusal)
		}
	}
	if got, refusal := form.Lines("국수\r\n집", 0, 10); got != "국수\n집" || refusal != nil {
		t.Errorf("lines: %q, %v", got, refusal)
	}
}
