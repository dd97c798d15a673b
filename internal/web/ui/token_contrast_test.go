package ui_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

var tokenPair = regexp.MustCompile(`--([a-z0-9-]+): light-dark\(#([0-9a-f]{3,6}), #([0-9a-f]{3,6})\)`)

// tokens reads the colours of both themes; the source sheet is the only place that has them.
func tokens(t *testing.T) map[string][2]string {
	t.Helper()
	sheet, err := os.ReadFile("asset/src/css/token.css")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][2]string{}
	for _, match := range tokenPair.FindAllStringSubmatch(string(sheet), -1) {
		found[match[1]] = [2]string{match[2], match[3]}
	}
	return found
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		part, err := strconv.ParseUint(hex[i*2:i*2+2], 16, 8)
		if err != nil {
			t.Fatalf("%s: %v", hex, err)
		}
		value := float64(part) / 255
		if value <= .04045 {
			value /= 12.92
		} else {
			value = math.Pow((value+.055)/1.055, 2.4)
		}
		sum += weight * value
	}
	return sum
}

// contrast is the ratio of WCAG 2.2.
func contrast(t *testing.T, one, other string) float64 {
	t.Helper()
	a, b := luminance(t, one), luminance(t, other)
	return (math.Max(a, b) + .05) / (math.Min(a, b) + .05)
}

func TestTextStandsOutInLightAndDark(t *testing.T) {
	colours := tokens(t)
	plain := []string{"paper", "card", "raised", "sunk"}
	soft := []string{"act-soft", "gather-soft", "info-soft", "loss-soft", "warn-soft"}
	pairs := map[string][]string{
		"ink": append(append([]string{}, plain...), soft...), "ink-2": append(append([]string{}, plain...), soft...),
		"ink-3": {"paper", "card", "sunk"}, "act-text": append([]string{"act-soft"}, plain...),
		"gather-text": append([]string{"gather-soft"}, plain...), "info": append([]string{"info-soft"}, plain...),
		"loss": append([]string{"loss-soft"}, plain...), "warn": append([]string{"warn-soft"}, plain...),
		"act-ink": {"act", "act-deep"}, "loss-ink": {"loss"}, "paper": {"ink"},
	}
	for text, grounds := range pairs {
		for _, ground := range grounds {
			for theme, name := range []string{"light", "dark"} {
				ratio := contrast(t, colours[text][theme], colours[ground][theme])
				if ratio < 4.5 {
					t.Errorf("%s on %s, %s: %.2f, text needs 4.5", text, ground, name, ratio)
				}
			}
		}
	}
}

// Beads, edges of boxes and the focus ring are not text: 3 is enough (WCAG 1.4.11).
func TestMarksStandOutInLightAndDark(t *testing.T) {
	colours := tokens(t)
	for mark, grounds := range map[string][]string{
		"gather": {"paper", "card", "bead"}, "act": {"paper", "card"}, "edge": {"paper", "card"},
		"info": {"paper", "card", "sunk"},
	} {
		for _, ground := range grounds {
			for theme, name := range []string{"light", "dark"} {
				if ratio := contrast(t, colours[mark][theme], colours[ground][theme]); ratio < 3 {
					t.Errorf("%s on %s, %s: %.2f, a mark needs 3", mark, ground, name, ratio)
				}
			}
		}
	}
}

func TestContrastKnowsItsEnds(t *testing.T) {
	if got := contrast(t, "000000", "ffffff"); math.Abs(got-21) > .01 {
		t.Errorf("black on white is %.2f, want 21", got)
	}
	if got := contrast(t, "777777", "fff"); math.Abs(got-4.48) > .01 {
		t.Errorf("#777 on white is %.2f, want 4.48", got)
	}
}
