package art

import (
	"fmt"
	"html"
	"math"
	"strings"
	"unicode"
)

// Card is what stands on the picture shown when a page is shared.
type Card struct {
	Title, Price, Shop string
	Kind               string // scene behind
	Seed               uint64
	Goal, Paid         int64  // bead ring; no ring when Goal is 0
	Say                string // inside the ring: "7명 더"
}

const (
	cardBeads   = 40
	lineLength  = 15.0 // Hangul letters on one line of the title
	persimmon   = "#d9480f"
	bareBead    = "#ebe3d6"
	cardFontSet = "Pretendard Variable, Pretendard, Apple SD Gothic Neo, Noto Sans KR, Noto Sans CJK KR, sans-serif"
)

// SVG draws the card, 1200 by 630, as a whole document. Texts are escaped and cut to two lines.
func (c Card) SVG() string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" width="1200" height="630" ` +
		`font-family="` + cardFontSet + `"><rect width="1200" height="630" fill="#faf7f2"/>`)
	scene := Scene(c.Kind, c.Seed)
	scene = strings.Replace(scene, `width="800" height="520"`,
		`x="600" y="0" width="600" height="630" preserveAspectRatio="xMidYMid slice"`, 1)
	b.WriteString(scene)
	b.WriteString(`<g transform="translate(64 60) scale(1.9)">` + logoCircles() + `</g>` +
		`<text x="140" y="107" font-size="40" font-weight="800" fill="#211d17">두레</text>`)
	for i, line := range wrap(c.Title, 2) {
		fmt.Fprintf(&b, `<text x="64" y="%d" font-size="36" font-weight="750" fill="#211d17" letter-spacing="-1">%s</text>`,
			200+i*50, html.EscapeString(line))
	}
	fmt.Fprintf(&b, `<text x="64" y="336" font-size="62" font-weight="800" fill="#211d17" letter-spacing="-2">%s</text>`,
		html.EscapeString(c.Price))
	fmt.Fprintf(&b, `<text x="64" y="560" font-size="30" fill="#575045">%s</text>`, html.EscapeString(c.Shop))
	if c.Goal > 0 {
		b.WriteString(c.ring())
	}
	b.WriteString(`</svg>`)
	return b.String()
}

func (c Card) ring() string {
	beads := min(c.Goal, cardBeads)
	full := min(c.Paid, c.Goal) * beads / c.Goal
	var b strings.Builder
	b.WriteString(`<g transform="translate(470 460)"><circle r="118" fill="#fff"/>`)
	for i := range beads {
		angle := 2 * math.Pi * float64(i) / float64(beads)
		colour := bareBead
		if i < full {
			colour = persimmon
		}
		fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="%s"/>`, 88*math.Sin(angle), -88*math.Cos(angle),
			math.Min(9, 88*math.Pi/float64(beads)*.74), colour)
	}
	fmt.Fprintf(&b, `<text y="13" font-size="36" font-weight="800" text-anchor="middle" fill="#211d17">%s</text></g>`,
		html.EscapeString(c.Say))
	return b.String()
}

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

// wrap breaks a text at spaces into lines that fit the card and marks what was cut.
func wrap(text string, lines int) []string {
	var out []string
	line, width := "", 0.0
	for word := range strings.FieldsSeq(text) {
		size := measure(word)
		if line != "" && width+size+.3 > lineLength {
			out = append(out, line)
			line, width = "", 0
		}
		if line != "" {
			line, width = line+" ", width+.3
		}
		line, width = line+word, width+size
	}
	out = append(out, line)
	if len(out) > lines {
		out = out[:lines]
		out[lines-1] += " …"
	}
	return out
}

func measure(word string) float64 {
	width := 0.0
	for _, letter := range word {
		if unicode.Is(unicode.Hangul, letter) {
			width++
		} else {
			width += .6
		}
	}
	return width
}
