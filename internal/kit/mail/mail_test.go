package mail

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

func letter() Message {
	return Message{
		ID: "eml_01", To: "kim@example.com", Name: "김이웃", Subject: "두레에서 온 편지: 삼겹살 2인분이 열렸어요 🎉",
		Text: "안녕하세요.\n.점으로 시작하는 줄\n" + strings.Repeat("긴 줄", 400), HTML: "<p>안녕하세요</p>",
		At: time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC),
	}
}

func newSMTP(t *testing.T, s *server, security Security, username string) *SMTP {
	t.Helper()
	sender, err := NewSMTP(Server{
		Host: "127.0.0.1", Port: s.port, Security: security, Username: username, Password: "비밀",
		From: "post@dure.example", FromName: "두레", Timeout: 2 * time.Second, Config: s.config,
	})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func TestSMTPDeliversWhatWasWritten(t *testing.T) {
	for name, row := range map[string]struct {
		security Security
		username string
	}{
		"starttls and password": {StartTLS, "dure"}, "tls and password": {TLS, "dure"}, "plain": {Plain, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, row.security == TLS, nil)
			if err := newSMTP(t, s, row.security, row.username).Send(t.Context(), letter()); err != nil {
				t.Fatal(err)
			}
			log, data := s.got()
			if (row.username != "") != strings.Contains(log, "AUTH PLAIN |dure|비밀") {
				t.Errorf("authentication: %s", log)
			}
			if (row.security == StartTLS) != strings.Contains(log, "STARTTLS") {
				t.Errorf("encryption: %s", log)
			}
			if !strings.Contains(log, "MAIL FROM:<post@dure.example>") || !strings.Contains(log, "RCPT TO:<kim@example.com>") {
				t.Errorf("envelope: %s", log)
			}
			checkLetter(t, data)
		})
	}
}

func checkLetter(t *testing.T, data string) {
	t.Helper()
	parsed, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(data, "\r\n") {
		if len(line) > 998 || strings.Contains(line, "\n") {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil || subject != letter().Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	to, err := parsed.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "김이웃" || to[0].Address != "kim@example.com" {
		t.Errorf("to %v, %v", to, err)
	}
	if got := parsed.Header.Get("Message-ID"); got != "<eml_01@dure.example>" {
		t.Errorf("message id %q", got)
	}
	if date, err := parsed.Header.Date(); err != nil || !date.Equal(letter().At) {
		t.Errorf("date %v, %v", date, err)
	}
	_, parameters, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(parsed.Body, parameters["boundary"])
	for _, want := range []string{letter().Text, letter().HTML} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		got := strings.ReplaceAll(string(body), "\r\n", "\n")
		if err != nil || strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("part %.80q, %v", got, err)
		}
	}
}

func TestSMTPTellsFinalFromPassing(t *testing.T) {
	for answer, want := range map[string]error{
		"550 5.1.1 no such person": ErrRefused, "451 4.3.0 later": ErrUnavailable, "421 going down": ErrUnavailable,
	} {
		s := startServer(t, false, func(s *server) { s.answers["RCPT"] = answer })
		if err := newSMTP(t, s, Plain, "").Send(t.Context(), letter()); !errors.Is(err, want) {
			t.Errorf("%s: %v", answer, err)
		}
	}
	s := startServer(t, false, func(s *server) { s.answers["EHLO"], s.answers["HELO"] = "250 test", "250 test" })
	if err := newSMTP(t, s, StartTLS, "dure").Send(t.Context(), letter()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("no encryption offered: %v", err)
	}
	if log, _ := s.got(); strings.Contains(log, "MAIL") || strings.Contains(log, "AUTH") {
		t.Errorf("said too much in plain: %s", log)
	}
	s = startServer(t, false, nil)
	s.config = nil
	if err := newSMTP(t, s, StartTLS, "dure").Send(t.Context(), letter()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a certificate nobody trusts: %v", err)
	}
	s.port = 1
	if err := newSMTP(t, s, Plain, "").Send(t.Context(), letter()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestSMTPGivesUpOnASilentServer(t *testing.T) {
	s := startServer(t, false, func(s *server) { s.silent = true })
	sender, err := NewSMTP(Server{
		Host: "127.0.0.1", Port: s.port, Security: Plain, From: "post@dure.example", Timeout: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), letter()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestNewSMTPRefusesBadConfiguration(t *testing.T) {
	good := Server{Host: "127.0.0.1", Port: 25, Security: Plain, From: "a@b.example"}
	for name, spoil := range map[string]func(*Server){
		"sender": func(s *Server) { s.From = "두레" }, "security": func(s *Server) { s.Security = "maybe" },
		"port": func(s *Server) { s.Port = 70000 }, "host": func(s *Server) { s.Host = "" },
	} {
		bad := good
		spoil(&bad)
		if _, err := NewSMTP(bad); err == nil {
			t.Errorf("a bad %s was accepted", name)
		}
	}
}

// TestNothingCanAddHeaders tries to smuggle headers and recipients through every field, with every mailer.
func TestNothingCanAddHeaders(t *testing.T) {
	s := startServer(t, false, nil)
	memory := &Memory{}
	for name, spoil := range map[string]func(*Message){
		"to with a line":        func(m *Message) { m.To = "a@b.co\r\nBcc: c@d.co" },
		"two recipients":        func(m *Message) { m.To = "a@b.co, c@d.co" },
		"to with a name":        func(m *Message) { m.To = "Kim <a@b.co>" },
		"no recipient":          func(m *Message) { m.To = "" },
		"subject with a line":   func(m *Message) { m.Subject = "hi\r\nBcc: c@d.co" },
		"subject with a return": func(m *Message) { m.Subject = "hi\rBcc: c@d.co" },
		"subject with nul":      func(m *Message) { m.Subject = "hi\x00" },
		"no subject":            func(m *Message) { m.Subject = "" },
		"a book as subject":     func(m *Message) { m.Subject = strings.Repeat("가", 201) },
		"name with a line":      func(m *Message) { m.Name = "kim\nBcc: c@d.co" },
		"id with a line":        func(m *Message) { m.ID = "a>\r\nBcc: c@d.co" },
		"no text":               func(m *Message) { m.Text = "" },
		"broken text":           func(m *Message) { m.Text = "\xff" },
		"text beyond measure":   func(m *Message) { m.Text = strings.Repeat("a", bodyBytesMax+1) },
		"broken html":           func(m *Message) { m.HTML = "\x00" },
		"no time":               func(m *Message) { m.At = time.Time{} },
	} {
		bad := letter()
		spoil(&bad)
		for _, mailer := range []Mailer{newSMTP(t, s, Plain, ""), memory} {
			if err := mailer.Send(t.Context(), bad); !errors.Is(err, ErrMalformed) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if log, _ := s.got(); log != "" || len(memory.Sent()) != 0 {
		t.Errorf("something was sent: %s", log)
	}
}

func TestMemory(t *testing.T) {
	memory := &Memory{}
	memory.Fail(ErrUnavailable)
	if err := memory.Send(t.Context(), letter()); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	if err := memory.Send(t.Context(), letter()); err != nil || !reflect.DeepEqual(memory.Sent(), []Message{letter()}) {
		t.Error(err, memory.Sent())
	}
}

func TestBox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, box := t.Context(), NewBox(d)
		second := letter()
		second.ID, second.To, second.At = "eml_02", "lee@example.com", second.At.Add(time.Minute)
		for _, message := range []Message{letter(), letter(), second} {
			if err := box.Send(ctx, message); err != nil {
				t.Fatal(err)
			}
		}
		if err := box.Send(ctx, Message{}); !errors.Is(err, ErrMalformed) {
			t.Error(err)
		}
		newest, err := box.Newest(ctx, 10)
		if err != nil || !reflect.DeepEqual(newest, []Message{second, letter()}) {
			t.Errorf("%v %v", newest, err)
		}
		to, err := box.To(ctx, "kim@example.com", 10)
		if err != nil || !reflect.DeepEqual(to, []Message{letter()}) {
			t.Errorf("%v %v", to, err)
		}
		found, err := box.Find(ctx, "eml_02")
		if err != nil || !reflect.DeepEqual(found, second) {
			t.Errorf("%v %v", found, err)
		}
		if _, err := box.Find(ctx, "eml_03"); !errors.Is(err, db.ErrNoRow) {
			t.Error(err)
		}
	})
}
