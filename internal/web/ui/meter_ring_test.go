package ui_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui"
)

// A bead stands for money that was paid: the ring must never show more than that, and never close early.
func TestRingShowsWhatWasPaidAndNoMore(t *testing.T) {
	for _, c := range []struct{ goal, paid, beads, full int64 }{
		{30, 0, 30, 0}, {30, 23, 30, 23}, {30, 29, 30, 29}, {30, 30, 30, 30}, {30, 43, 30, 30}, {1, 0, 1, 0},
		{60, 59, 60, 59},
		{61, 60, 40, 39}, {1000, 999, 40, 39}, {1000, 24, 40, 0}, {1000, 25, 40, 1}, {5000000, 1234567, 40, 9}, {0, 0, 1, 0},
		{30, -3, 30, 0},
	} {
		text := html(t, "ko", ui.Meter{Goal: c.goal, Paid: c.paid, Say: "x"})
		beads := int64(strings.Count(text, `<circle class="bead`))
		partial := int64(strings.Count(text, `opacity="`))
		full := int64(strings.Count(text, `<circle class="bead on`)) - partial
		if beads-partial != c.beads || full != c.full {
			t.Errorf("%d of %d: %d of %d beads, want %d of %d", c.paid, c.goal, full, beads-partial, c.full, c.beads)
		}
		if closed := strings.Contains(text, "meter open"); closed != (c.goal > 0 && c.paid >= c.goal) {
			t.Errorf("%d of %d: open is %v", c.paid, c.goal, closed)
		}
	}
}

func TestFirmPlacesAreOutlinedAndNeverFilled(t *testing.T) {
	text := html(t, "ko", ui.Meter{Goal: 30, Firm: 27, Say: "27"})
	if strings.Contains(text, "bead on") || strings.Count(text, `bead firm"`) != 27 {
		t.Errorf("27 firm places: %s", text)
	}
}

func TestFieldBindsLabelHelpAndErrorAndKeepsItsValue(t *testing.T) {
	text := html(t, "ko", ui.Field{
		Name: "price", Label: "값", Type: "won", Value: `1"<2`, Help: "숫자만", Error: "숫자로 적어 주세요.",
	})
	for _, want := range []string{
		`for="f-price"`, `id="f-price"`, `aria-describedby="f-price-help f-price-error"`, `aria-invalid="true"`,
		`id="f-price-help"`, `id="f-price-error"`, `value="1&#34;&lt;2"`, `inputmode="numeric"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s:\n%s", want, text)
		}
	}
}

func TestFormSumsUpItsErrorsAndLeadsToTheFields(t *testing.T) {
	text := html(t, "en", ui.FormOf(ui.Form{
		Action: "/x", Key: "k1", Errors: []ui.FieldError{{Field: "price", Message: "Price: digits only"}},
	}))
	for _, want := range []string{`href="#f-price"`, `role="alert"`, `name="key" value="k1"`, "one place"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s:\n%s", want, text)
		}
	}
}

func TestAJavascriptAddressIsDisarmed(t *testing.T) {
	text := html(t, "ko", ui.Button{Label: "x", Href: "javascript:alert(1)"})
	if strings.Contains(text, "javascript:") {
		t.Errorf("a link runs script: %s", text)
	}
}

func TestBoldWordsAreFoundInTheWholeSentence(t *testing.T) {
	for _, c := range []struct{ who, text, want string }{
		{"느린물", "느린물에서 다녀갔어요", "<b>느린물</b>에서 다녀갔어요"}, {"하준", "님이 함께했어요", "<b>하준</b> 님이 함께했어요"},
	} {
		if text := html(t, "ko", ui.Events([]ui.Event{{Who: c.who, Text: c.text}})); !strings.Contains(text, c.want) {
			t.Errorf("want %s in %s", c.want, fmt.Sprintf("%q", text))
		}
	}
}
