package region

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameRunesMax bounds a name; the longest in the country has 16 letters.
const nameRunesMax = 60

// usableName refuses names that are empty, too long, or hold characters nobody can see.
func usableName(name string) bool {
	if name == "" || utf8.RuneCountInString(name) > nameRunesMax || !utf8.ValidString(name) {
		return false
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// suffixes are the endings of Korean place names in both languages.
var suffixes = map[string]string{"동": "dong", "읍": "eup", "면": "myeon", "구": "gu", "시": "si", "군": "gun", "리": "ri"}

var (
	readings    = regexp.MustCompile(`\((il|i|sam|sa|o|yuk|chil|pal|gu|sip|sib)\)`)
	digitBefore = regexp.MustCompile(`[- ]?([0-9]+)`)
	gaAfter     = regexp.MustCompile(`([0-9])[- ]?[Gg]a\b`)
)

// tidyEnglish writes an English name of a neighbourhood in one manner. The published outlines mix several:
// "Changsin 1(il)-dong", "Wonhyoro2-dong", "Yongsan2Gadong" and "Pildong" become "Changsin 1-dong",
// "Wonhyoro 2-dong", "Yongsan 2-ga-dong" and "Pil-dong".
func tidyEnglish(korean, english string) string {
	last, _ := utf8.DecodeLastRuneInString(korean)
	suffix, known := suffixes[string(last)]
	if !known || english == "" {
		return strings.TrimSpace(english)
	}
	stem := strings.ReplaceAll(readings.ReplaceAllString(english, ""), "_", "-")
	if cut := len(stem) - len(suffix); cut > 0 && strings.EqualFold(stem[cut:], suffix) {
		stem = strings.TrimRight(stem[:cut], "- ")
	}
	// A number stands apart from the word before it, but not from the number it is listed with (1·2).
	stem = digitBefore.ReplaceAllStringFunc(stem, func(part string) string {
		return " " + strings.TrimLeft(part, "- ")
	})
	stem = strings.ReplaceAll(stem, "· ", "·")
	stem = gaAfter.ReplaceAllString(stem, "$1-ga")
	return strings.TrimSpace(stem) + "-" + suffix
}

// foldName is a name as registers are matched by: no blanks, no separators (1·2 is 1.2 is 1,2), and no 제 before a
// number, which some registers write and some leave out (당감제1동 is 당감1동).
func foldName(name string) string {
	kept := make([]rune, 0, len(name))
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			kept = append(kept, r)
		}
	}
	out := kept[:0]
	for i, r := range kept {
		if r == '제' && leadsToDigit(kept[i+1:]) && len(out) > 0 {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// leadsToDigit reports that a number follows, perhaps after further 제 (홍제제1동 is 홍제1동 is 홍1동: all fold alike).
func leadsToDigit(rest []rune) bool {
	for _, r := range rest {
		if r != '제' {
			return unicode.IsDigit(r)
		}
	}
	return false
}
