package form

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Refusals of a text.
var (
	ErrRequired  = fail.New(fail.Invalid, "form.required")
	ErrTooShort  = fail.New(fail.Invalid, "form.too_short")
	ErrTooLong   = fail.New(fail.Invalid, "form.too_long")
	ErrControl   = fail.New(fail.Invalid, "form.control_character")
	ErrLineBreak = fail.New(fail.Invalid, "form.line_break")
	ErrDirection = fail.New(fail.Invalid, "form.direction_character")
	ErrChoice    = fail.New(fail.Invalid, "form.choice")
	ErrTooMany   = fail.New(fail.Invalid, "form.too_many")
	ErrEmail     = fail.New(fail.Invalid, "form.email")
)

// emailBytesMax is the longest address that SMTP can carry (RFC 5321 §4.5.3.1.3 less the angle brackets).
const emailBytesMax = 254

// refuse notes a refusal beside its field.
func (f *Form) refuse(name string, refusal *fail.Error) {
	f.faults = append(f.faults, refusal.On(name))
}

// raw gives a field's first value as it came, "" when there is none.
func (f *Form) raw(name string) string { return f.values.Get(name) }

// Blank tells that a field is missing or holds nothing visible; optional fields are read only if it is false.
func (f *Form) Blank(name string) bool { return !visible(f.raw(name)) }

// Text reads one line, trimmed and in NFC, of min to max characters; min 0 makes it optional.
func (f *Form) Text(name string, minimum, maximum int) string {
	return f.text(name, minimum, maximum, false)
}

// Multiline reads text with line breaks (as \n) and tabs, of min to max characters; min 0 makes it optional.
func (f *Form) Multiline(name string, minimum, maximum int) string {
	return f.text(name, minimum, maximum, true)
}

func (f *Form) text(name string, minimum, maximum int, lines bool) string {
	text := f.raw(name)
	if lines {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	text = norm.NFC.String(strings.TrimSpace(text))
	if !visible(text) {
		text = ""
	}
	if refusal := forbidden(text, lines); refusal != nil {
		f.refuse(name, refusal)
		return text
	}
	f.measure(name, text, minimum, maximum)
	return text
}

// measure refuses a text with too few or too many characters.
func (f *Form) measure(name, text string, minimum, maximum int) {
	switch length := utf8.RuneCountInString(text); {
	case length == 0 && minimum > 0:
		f.refuse(name, ErrRequired)
	case length < minimum:
		f.refuse(name, ErrTooShort.With("Min", minimum))
	case length > maximum:
		f.refuse(name, ErrTooLong.With("Max", maximum, "Length", length))
	}
}

// Secret reads a password: in NFC, not trimmed, and never shown again by Values.
func (f *Form) Secret(name string, minimum, maximum int) string {
	f.secrets[name] = true
	text := norm.NFC.String(f.raw(name))
	f.measure(name, text, minimum, maximum)
	return text
}

// Bool reads a checkbox.
func (f *Form) Bool(name string) bool {
	switch f.raw(name) {
	case "on", "true", "1", "yes":
		return true
	}
	return false
}

// Choice reads one of the allowed values; allow "" to make it optional.
func (f *Form) Choice(name string, allowed ...string) string {
	value := strings.TrimSpace(f.raw(name))
	switch {
	case slices.Contains(allowed, value):
		return value
	case value == "":
		f.refuse(name, ErrRequired)
	default:
		f.refuse(name, ErrChoice)
	}
	return ""
}

// Many reads every value of a field, each once, all among the allowed ones and at most max of them.
func (f *Form) Many(name string, maximum int, allowed ...string) []string {
	var chosen []string
	for _, value := range f.values[name] {
		value = strings.TrimSpace(value)
		if value == "" || slices.Contains(chosen, value) {
			continue
		}
		if !slices.Contains(allowed, value) {
			f.refuse(name, ErrChoice)
			return nil
		}
		chosen = append(chosen, value)
	}
	if len(chosen) > maximum {
		f.refuse(name, ErrTooMany.With("Max", maximum))
		return nil
	}
	return chosen
}

// Email reads one address, its domain in lower case.
func (f *Form) Email(name string) string {
	text := strings.TrimSpace(folded(f.raw(name)))
	if text == "" {
		f.refuse(name, ErrRequired)
		return ""
	}
	address, err := mail.ParseAddress(text)
	at := strings.LastIndexByte(text, '@')
	if err != nil || address.Address != text || len(text) > emailBytesMax || strings.ContainsAny(text, " \"\\()<>,;:") ||
		!strings.Contains(text[at+1:], ".") {
		f.refuse(name, ErrEmail)
		return ""
	}
	return text[:at] + strings.ToLower(text[at:])
}

// Files gives what was uploaded under a name.
func (f *Form) Files(name string) []File { return f.files[name] }

// File gives the first file uploaded under a name.
func (f *Form) File(name string) (File, bool) {
	if list := f.files[name]; len(list) > 0 {
		return list[0], true
	}
	return File{}, false
}

// forbidden refuses characters that hide what a line says: controls, and the marks that turn the reading direction
// around (a known way to make "gpj.exe" look like "exe.jpg", or a shop's name like another's).
func forbidden(text string, lines bool) *fail.Error {
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r':
			if !lines {
				return ErrLineBreak
			}
		case r == '\t':
			if !lines {
				return ErrControl
			}
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff':
			return ErrControl
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return ErrDirection
		}
	}
	return nil
}

// visible tells that a text shows something: blanks made of fillers and zero-width marks are not names.
func visible(text string) bool {
	for _, r := range text {
		switch r {
		case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800':
			continue
		}
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) {
			return true
		}
	}
	return false
}
