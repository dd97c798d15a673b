package api

import "strings"

// plain is a JSON object of short texts and whole numbers.
type plain struct {
	fields [8]plainField
	n      int
	asked  int // fields that were asked for and right
}

type plainField struct {
	name, text string
	number     int64
	isText     bool
}

// text gives a field; one that is missing, no text or out of bounds makes the object incomplete.
func (p *plain) text(name string, least, most int) string {
	for i := range p.n {
		if f := &p.fields[i]; f.name == name && f.isText && len(f.text) >= least && len(f.text) <= most {
			p.asked++
			return f.text
		}
	}
	return ""
}

// number gives a whole number within bounds.
func (p *plain) number(name string, least, most int64) int64 {
	for i := range p.n {
		if f := &p.fields[i]; f.name == name && !f.isText && f.number >= least && f.number <= most {
			p.asked++
			return f.number
		}
	}
	return 0
}

// complete tells that there were so many fields, all of them asked for and right.
func (p *plain) complete(want int) bool { return p.n == want && p.asked == want }

// readPlain reads an object of texts without escapes and of whole numbers, each name once. False is anything else.
func readPlain(s string) (p plain, ok bool) {
	s, ok = strings.CutPrefix(blank(s), "{")
	for ok {
		if p.n == len(p.fields) {
			return p, false
		}
		f := &p.fields[p.n]
		if f.name, s, ok = readText(blank(s)); !ok || p.has(f.name) {
			return p, false
		}
		if s, ok = strings.CutPrefix(blank(s), ":"); !ok {
			return p, false
		}
		s = blank(s)
		if f.isText = strings.HasPrefix(s, `"`); f.isText {
			f.text, s, ok = readText(s)
		} else {
			f.number, s, ok = readNumber(s)
		}
		if !ok || s == "" {
			return p, false
		}
		p.n++
		s = blank(s)
		if rest, more := strings.CutPrefix(s, ","); more {
			s = rest
			continue
		}
		s, ok = strings.CutPrefix(s, "}")
		return p, ok && blank(s) == ""
	}
	return p, false
}

func (p *plain) has(name string) bool {
	for i := range p.n {
		if p.fields[i].name == name {
			return true
		}
	}
	return false
}

func blank(s string) string { return strings.TrimLeft(s, " \t\r\n") }

func readText(s string) (text, rest string, ok bool) {
	if s, ok = strings.CutPrefix(s, `"`); !ok {
		return "", "", false
	}
	text, rest, ok = strings.Cut(s, `"`)
	return text, rest, ok && isPlain(text)
}

// isPlain tells that a text is of printable ASCII without escapes: what ids, keys and codes are made of.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || c == '\\' {
			return false
		}
	}
	return true
}

// digitsMax keeps whole numbers within what an int64 holds.
const digitsMax = 15

func readNumber(s string) (n int64, rest string, ok bool) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		n = 10*n + int64(s[i]-'0')
		if i++; i > digitsMax {
			return 0, "", false
		}
	}
	if i == 0 || i > 1 && s[0] == '0' {
		return 0, "", false
	}
	if i < len(s) && !strings.ContainsRune(",} \t\r\n", rune(s[i])) {
		return 0, "", false // a fraction, an exponent
	}
	return n, s[i:], true
}
