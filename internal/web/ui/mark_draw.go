package ui

import (
	"fmt"
	"math"
	"time"
)

// logoBeads are the sign's eleven beads: ten persimmon, the uppermost pine. Part holds the colour.
func logoBeads() []bead {
	const count = 11
	beads := make([]bead, count)
	for i := range beads {
		angle := 2 * math.Pi * float64(i) / count
		colour := "var(--gather)"
		if i == 0 {
			colour = "var(--act)"
		}
		beads[i] = bead{
			x: fmt.Sprintf("%.2f", 16+12*math.Sin(angle)), y: fmt.Sprintf("%.2f", 16-12*math.Cos(angle)),
			r: "2.6", part: colour,
		}
	}
	return beads
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
