package merchant

import (
	"math"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Colour is a shop's own colour, "#1f6f54", or "" for the platform's.
type Colour string

func parseColour(text string) (string, *fail.Error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if _, _, _, ok := rgb(text); !ok {
		return "", ErrColour.On("colour")
	}
	return text, nil
}

func rgb(text string) (r, g, b uint64, ok bool) {
	if len(text) != 7 || text[0] != '#' {
		return 0, 0, 0, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	return n >> 16, n >> 8 & 0xff, n & 0xff, err == nil
}

// inks are what may be written on a shop's colour. The dark one is almost black: a lighter one would leave colours in
// the middle on which neither reads well.
const (
	inkLight Colour = "#ffffff"
	inkDark  Colour = "#050505"
)

// Ink is the colour of words on this colour: whichever of light and dark reads better. One of them always reaches the
// 4.5:1 that WCAG 2.2 asks of text (1.4.3), whatever the shop chose.
func (c Colour) Ink() Colour {
	if c.contrast(inkLight) >= c.contrast(inkDark) {
		return inkLight
	}
	return inkDark
}

// contrast is WCAG's ratio between two colours, 1 to 21.
func (c Colour) contrast(other Colour) float64 {
	a, b := c.luminance(), other.luminance()
	return (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
}

// luminance is WCAG's relative luminance, 0 for black to 1 for white; what is no colour counts as black.
func (c Colour) luminance() float64 {
	r, g, b, ok := rgb(string(c))
	if !ok {
		return 0
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(channel uint64) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
