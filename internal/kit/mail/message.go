package mail

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// What Send answers besides nil.
var (
	// ErrMalformed is a message that must not be sent at all; trying again is useless.
	ErrMalformed = fail.New(fail.Invalid, "mail.malformed")
	// ErrRefused is a server's final no, such as an unknown recipient; trying again is useless.
	ErrRefused = fail.New(fail.Conflict, "mail.refused")
	// ErrUnavailable is a server that cannot be reached or says "later"; the message may or may not have gone out.
	ErrUnavailable = fail.New(fail.Unavailable, "mail.unavailable")
)

// The limits of a message; no sentence of ours comes near them.
const (
	addressBytesMax = 254
	nameRunesMax    = 100
	subjectRunesMax = 200
	bodyBytesMax    = 256 << 10
)

// Message is one mail to one person. ID is unique among all mails and becomes the Message-ID, by which a recipient's
// server can tell a repeated mail. HTML is optional; Text always stands beside it.
type Message struct {
	ID      string
	To      string
	Name    string
	Subject string
	Text    string
	HTML    string
	At      time.Time
}

// Mailer sends a message, or answers ErrMalformed, ErrRefused or ErrUnavailable.
type Mailer interface {
	Send(ctx context.Context, message Message) error
}

// Check refuses what no mailer may send: missing parts, line breaks or controls in what becomes a header, more than
// one recipient, broken UTF-8.
func (m Message) Check() error {
	address, err := mail.ParseAddress(m.To)
	switch {
	case err != nil || address.Address != m.To || len(m.To) > addressBytesMax || !oneLine(m.To):
		return ErrMalformed.On("to")
	case !oneLine(m.Name) || utf8.RuneCountInString(m.Name) > nameRunesMax:
		return ErrMalformed.On("name")
	case m.Subject == "" || !oneLine(m.Subject) || utf8.RuneCountInString(m.Subject) > subjectRunesMax:
		return ErrMalformed.On("subject")
	case m.ID == "" || strings.Trim(m.ID, idLetters) != "":
		return ErrMalformed.On("id")
	case m.Text == "" || !bodyText(m.Text):
		return ErrMalformed.On("text")
	case !bodyText(m.HTML):
		return ErrMalformed.On("html")
	case m.At.IsZero():
		return ErrMalformed.On("at")
	}
	return nil
}

const idLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

func oneLine(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}) < 0
}

func bodyText(text string) bool {
	return len(text) <= bodyBytesMax && utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}
