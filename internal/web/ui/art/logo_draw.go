package art

import (
	"fmt"
	"math"
	"strings"
)

const persimmon = "#d9480f"

// Logo draws the sign, 32 by 32, as a whole document.
func Logo() string {
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">` + logoCircles() + `</svg>`
}

func logoCircles() string {
	const count = 11
	var b strings.Builder
	for i := range count {
		colour := persimmon
		if i == 0 {
			colour = "#0c8a63"
		}
		angle := 2 * math.Pi * float64(i) / count
		fmt.Fprintf(&b, `<circle cx="%.2f" cy="%.2f" r="2.7" fill="%s"/>`,
			16+12*math.Sin(angle), 16-12*math.Cos(angle), colour)
	}
	return b.String()
}
