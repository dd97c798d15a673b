package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/dure-commerce/dure/internal/web/e2e"
)

// person is somebody before a window onto the world.
type person struct {
	*e2e.Page
	w     *world
	plain bool // without script
}

// visitor opens a Chromium for somebody who is not signed in.
func (w *world) visitor(options e2e.Options) *person {
	w.t.Helper()
	p := &person{e2e.Browser(w.t, options), w, options.NoScript}
	p.Allow("status of 422") // a refused form is answered so, and the browser notes it
	return p
}

// beside opens a window in the same Chromium for another person.
func (p *person) beside(options e2e.Options) *person {
	other := &person{p.Another(options), p.w, options.NoScript}
	other.Allow("status of 422")
	return other
}

// go to a path of the site.
func (p *person) to(path string) {
	p.w.t.Helper()
	p.Goto(p.w.line.url() + path)
}

// signIn comes in by the door, as everybody does.
func (p *person) signIn(part string) *person {
	p.w.t.Helper()
	return p.comeIn(mail4(part), password)
}

func (p *person) comeIn(email, password string) *person {
	p.w.t.Helper()
	p.to("/signin")
	p.Fill("이메일", email)
	p.Fill("비밀번호", password)
	p.Press("Enter")
	p.Until("the sign-in", func() bool { return p.path() != "/signin" })
	return p
}

// say is a sentence of the Korean catalogue, for labels whose wording is not the matter of the test.
func (p *person) say(key string, pairs ...any) string { return p.w.Bundle.For("ko").T(key, pairs...) }

// path is where the window is.
func (p *person) path() string {
	p.w.t.Helper()
	u, err := url.Parse(p.URL())
	p.w.must(err)
	return u.RequestURI()
}

// stand holds the page as it stands to what every page must keep, on a phone and on a wide screen.
func (p *person) stand(name string) {
	p.w.t.Helper()
	for _, width := range []int{360, 1440} {
		p.Resize(width)
		p.Evaluate("window.scrollTo(0, 0)", nil)
		p.NoSideways()
		p.Accessible()
		p.Screenshot(name + size(width))
		if *update {
			p.small(name, width)
		}
	}
	p.Resize(360)
}

func size(width int) string {
	if width == 360 {
		return "-360"
	}
	return "-1440"
}

// small keeps a picture for README when it is one of those; a phone's is twice as sharp.
func (p *person) small(name string, width int) {
	scale := 1.0
	if width == 360 {
		scale = 2
	}
	if shown()[name+size(width)] {
		p.Picture(docs(name+size(width)+".webp"), scale)
	}
}

// shown are the pictures that README shows.
func shown() map[string]bool {
	out := map[string]bool{}
	for _, name := range []string{"town-country-360", "town-deal-360", "paid-360", "town-ticket-360", "counter-look-360",
		"town-ticket-dark-360", "town-country-1440", "town-deal-1440", "town-board-1440", "editor-1440",
		"town-statement-1440", "town-console-1440", "town-deal-dark-1440", "wish-nearly-there-360", "wish-choosing-360",
		"wish-pay-360", "share-delivered-360", "wish-fulfil-1440", "dispute-case-1440"} {
		out[name] = true
	}
	return out
}

// look holds a page that can be loaded again to what every page must keep: in Korean as it stands, then in English.
func (p *person) look(name string) {
	p.w.t.Helper()
	p.stand(name)
	here := p.path()
	p.to("/lang/en?next=" + url.QueryEscape(here))
	p.stand(name + "-en")
	p.to("/lang/ko?next=" + url.QueryEscape(here))
}

// caller speaks to the interface for programs with somebody's token.
type caller struct {
	t     testing.TB
	base  string
	token string
}

// api signs somebody in as a program does; nobody for "".
func (w *world) api(part string) caller {
	w.t.Helper()
	if part == "" {
		return caller{t: w.t, base: w.line.url() + "/api/v1"}
	}
	return w.apiFor(mail4(part), password)
}

func (w *world) apiFor(email, password string) caller {
	w.t.Helper()
	c := caller{t: w.t, base: w.line.url() + "/api/v1"}
	var session struct{ Token string }
	c.post("/sessions", map[string]string{"email": email, "password": password}, &session)
	c.token = session.Token
	return c
}

func (c caller) get(path string, into any) {
	c.t.Helper()
	c.send(http.MethodGet, path, nil, into)
}

func (c caller) post(path string, body, into any) {
	c.t.Helper()
	c.send(http.MethodPost, path, body, into)
}

func (c caller) send(method, path string, body, into any) {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, bytes.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err = io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		c.t.Fatalf("%s %s answered %d: %s", method, path, answer.StatusCode, text)
	}
	if err := json.Unmarshal(text, into); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
}
