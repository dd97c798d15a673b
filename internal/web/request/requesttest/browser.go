package requesttest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// Frame makes a frame over a test database.
func Frame(t testing.TB, d *db.DB) *request.Frame {
	t.Helper()
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	return &request.Frame{
		DB: d, Bundle: bundle, Sessions: session.New(d, session.Options{}),
		Log: slog.New(slog.DiscardHandler), Seller: ui.Seller{Name: "두레"},
	}
}

// Browser speaks to a server as one person's browser.
type Browser struct {
	t      testing.TB
	server *httptest.Server
	client *http.Client
	// Language is sent as Accept-Language; "ko" unless changed.
	Language string
}

// Open serves the mux, and a door for SignIn, on a loopback address until the test ends.
func Open(t testing.TB, f *request.Frame, mux *http.ServeMux) *Browser {
	t.Helper()
	outer := http.NewServeMux()
	outer.Handle("POST /requesttest/enter", f.Handle(func(r *request.Request) error {
		if err := r.Enter(session.Identity{SessionID: r.Header.Get("Requesttest-Session")}); err != nil {
			return err
		}
		return r.Redirect("/")
	}))
	outer.Handle("/", mux)
	server := httptest.NewServer(outer)
	t.Cleanup(server.Close)
	return window(t, server)
}

func window(t testing.TB, server *httptest.Server) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Browser{t: t, server: server, client: client, Language: i18n.Korean}
}

// Another opens a second person's browser on the same server.
func (b *Browser) Another() *Browser { return window(b.t, b.server) }

// Address is the origin of the server.
func (b *Browser) Address() string { return b.server.URL }

// SignIn makes the browser carry a new sign-in of the account.
func (b *Browser) SignIn(d *db.DB, id market.AccountID) {
	b.t.Helper()
	opened := ""
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		a, err := account.Find(context.Background(), tx, id)
		if err == nil {
			opened, err = account.Open(context.Background(), tx, a, "requesttest", "192.0.2.1")
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	answer := b.Send(http.MethodPost, "/requesttest/enter", http.Header{"Requesttest-Session": {opened}}, nil)
	if answer.Status != http.StatusSeeOther {
		b.t.Fatalf("sign in: %d", answer.Status)
	}
}

// Answer is what came back.
type Answer struct {
	Status   int
	Header   http.Header
	Body     string
	Location string
}

// Has reports that the answer shows every one of the texts.
func (a Answer) Has(texts ...string) bool {
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			return false
		}
	}
	return true
}

// Get loads an address without following redirects.
func (b *Browser) Get(address string) Answer {
	b.t.Helper()
	return b.Send(http.MethodGet, address, nil, nil)
}

// Post sends a form given as name, value, name, value.
func (b *Browser) Post(address string, pairs ...string) Answer {
	b.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	return b.Send(http.MethodPost, address, header, strings.NewReader(values.Encode()))
}

// Upload sends one file with further fields.
func (b *Browser) Upload(address, field, name string, data []byte, pairs ...string) Answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	return b.Send(http.MethodPost, address, http.Header{"Content-Type": {w.FormDataContentType()}}, &body)
}

// Send makes any request; a browser's Origin goes with it unless the header names another.
func (b *Browser) Send(method, address string, header http.Header, body io.Reader) Answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, b.server.URL+address, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.Language)
	r.Header.Set("Origin", b.server.URL)
	for name, values := range header {
		r.Header[name] = values
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, address, err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Answer{response.StatusCode, response.Header, string(data), response.Header.Get("Location")}
}
