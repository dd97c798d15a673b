package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security is how the connection to the server is protected.
type Security string

// The ways to protect a connection.
const (
	StartTLS Security = "starttls" // plain at first, encrypted before anything is said; usual on port 587
	TLS      Security = "tls"      // encrypted from the first byte; usual on port 465
	Plain    Security = "none"     // only for a server on the same machine
)

const timeoutDefault = 20 * time.Second

// Server says how to reach an SMTP server. Username "" means no authentication; without encryption no password is sent.
type Server struct {
	Host     string
	Port     int
	Security Security
	Username string
	Password string
	From     string // the sender's address
	FromName string
	Timeout  time.Duration // for the whole of one mail; 0 means 20 s
	Config   *tls.Config   // nil means the system's certificates and the host's name
}

// SMTP sends through a server, one connection a mail: jobs send few mails each, and a held connection goes stale.
type SMTP struct {
	server  Server
	options []gomail.Option
	domain  string
}

// NewSMTP checks the configuration; it does not connect.
func NewSMTP(server Server) (*SMTP, error) {
	if server.Timeout <= 0 {
		server.Timeout = timeoutDefault
	}
	_, domain, ok := strings.Cut(server.From, "@")
	if !ok {
		return nil, fmt.Errorf("mail: sender %q is no address", server.From)
	}
	options := []gomail.Option{gomail.WithTimeout(server.Timeout), gomail.WithHELO(domain)}
	switch server.Security {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("mail: security %q is none of starttls, tls, none", server.Security)
	}
	options = append(options, gomail.WithPort(server.Port))
	if server.Config != nil {
		options = append(options, gomail.WithTLSConfig(server.Config))
	}
	if server.Username != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(server.Username), gomail.WithPassword(server.Password))
	}
	if _, err := gomail.NewClient(server.Host, options...); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return &SMTP{server: server, options: options, domain: domain}, nil
}

// Send delivers the message to the server and waits for its answer.
func (s *SMTP) Send(ctx context.Context, message Message) error {
	envelope, err := s.envelope(message)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.server.Host, s.options...)
	if err != nil {
		return ErrUnavailable.Wrap(err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.server.Timeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, envelope); err != nil {
		var refusal *gomail.SendError
		if errors.As(err, &refusal) && refusal.ErrorCode() >= 500 {
			return ErrRefused.Wrap(err)
		}
		return ErrUnavailable.Wrap(err)
	}
	return nil
}

// envelope builds the MIME message; subject and names are encoded as RFC 2047 words by the library.
func (s *SMTP) envelope(message Message) (*gomail.Msg, error) {
	if err := message.Check(); err != nil {
		return nil, err
	}
	envelope := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithNoDefaultUserAgent())
	if err := envelope.FromFormat(s.server.FromName, s.server.From); err != nil {
		return nil, ErrMalformed.On("from").Wrap(err)
	}
	if err := envelope.AddToFormat(message.Name, message.To); err != nil {
		return nil, ErrMalformed.On("to").Wrap(err)
	}
	envelope.Subject(message.Subject)
	envelope.SetMessageIDWithValue(message.ID + "@" + s.domain)
	envelope.SetDateWithValue(message.At)
	envelope.SetGenHeader("Auto-Submitted", "auto-generated")
	envelope.SetBodyString(gomail.TypeTextPlain, message.Text)
	if message.HTML != "" {
		envelope.AddAlternativeString(gomail.TypeTextHTML, message.HTML)
	}
	return envelope, nil
}
