package form

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Line cleans one line that did not come through a Form (the API, an import): trimmed, in NFC, of min to max
// characters. It refuses as Form.Text does.
func Line(text string, minimum, maximum int) (string, *fail.Error) {
	return clean(text, minimum, maximum, false)
}

// Lines is Line for text with line breaks (as \n) and tabs, as Form.Multiline reads it.
func Lines(text string, minimum, maximum int) (string, *fail.Error) {
	return clean(text, minimum, maximum, true)
}

func clean(text string, minimum, maximum int, lines bool) (string, *fail.Error) {
	if !utf8.ValidString(text) {
		return "", ErrNotText
	}
	if lines {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	text = norm.NFC.String(strings.TrimSpace(text))
	if !visible(text) {
		text = ""
	}
	if refusal := forbidden(text, lines); refusal != nil {
		return "", refusal
	}
	switch length := utf8.RuneCountInString(text); {
	case length == 0 && minimum > 0:
		return "", ErrRequired
	case length < minimum:
		return "", ErrTooShort.With("Min", minimum)
	case length > maximum:
		return "", ErrTooLong.With("Max", maximum, "Length", length)
	}
	return text, nil
}

// Address cleans one e-mail address that did not come through a Form, its domain in lower case; it refuses with
// ErrRequired and ErrEmail, as Form.Email does.
func Address(text string) (string, *fail.Error) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if text == "" {
		return "", ErrRequired
	}
	address, err := mail.ParseAddress(text)
	at := strings.LastIndexByte(text, '@')
	if err != nil || address.Address != text || len(text) > emailBytesMax || strings.ContainsAny(text, " \"\\()<>,;:") ||
		!strings.Contains(text[at+1:], ".") {
		return "", ErrEmail
	}
	return text[:at] + strings.ToLower(text[at:]), nil
}
