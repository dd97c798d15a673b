package request_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func words(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(text))
		return err
	})
}

// person makes an account without a password.
func person(t *testing.T, d *db.DB) market.AccountID {
	t.Helper()
	var a account.Account
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		a = account.Account{
			ID: market.AccountID(tx.NewID("acc")), Email: "kim@example.com", EmailKey: "kim@example.com", Name: "김이웃",
			Locale: "en", ConfirmedAt: tx.Now(), CreatedAt: tx.Now(),
		}
		return account.Insert(t.Context(), tx, a)
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func open(t *testing.T, handlers map[string]request.Handler) (*requesttest.Browser, *request.Frame) {
	t.Helper()
	d, _ := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	for pattern, handler := range handlers {
		mux.Handle(pattern, f.Handle(handler))
	}
	mux.Handle("/", f.Missing())
	return requesttest.Open(t, f, mux), f
}

func who(r *request.Request) error {
	return r.Render(words("I am " + r.Actor.Key() + " at " + r.Actor.Address))
}

func TestErrorsBecomeStatusesAndPages(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
		shows  string
	}{
		{"forbidden", right.ErrForbidden, 403, "권한이 없어요"},
		{"hidden", right.ErrHidden, 404, "찾으시는 것이 없어요"},
		{"conflict", fail.New(fail.Conflict, "account.taken"), 409, "하지 못했어요"},
		{"gone", account.ErrLink, 410, ""},
		{"too large", form.ErrTooLarge, 413, ""},
		{"invalid", form.ErrRequired, 422, ""},
		{"too many", fail.New(fail.TooMany, "limit.reached"), 429, ""},
		{"busy", db.ErrBusy, 503, ""},
		{"foreign", errors.New("password=hunter2 at /var/secret"), 500, "문의할 때 알려 줄 번호"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, _ := open(t, map[string]request.Handler{"GET /x": func(*request.Request) error { return c.err }})
			a := b.Get("/x")
			if a.Status != c.status || !a.Has(c.shows, "<html", "</html>") || a.Has("hunter2") {
				t.Errorf("%d: %s", a.Status, a.Body)
			}
			part := b.Send(http.MethodGet, "/x", http.Header{"Hx-Request": {"true"}}, nil)
			if part.Status != c.status || part.Has("<html") || part.Has("hunter2") {
				t.Errorf("fragment %d: %s", part.Status, part.Body)
			}
			if retry := a.Header.Get("Retry-After"); (retry != "") != (c.status == 503) {
				t.Errorf("Retry-After %q", retry)
			}
		})
	}
}

func TestPanicsAnswerWithAReference(t *testing.T) {
	b, _ := open(t, map[string]request.Handler{
		"GET /boom": func(*request.Request) error { panic("secret plan") },
		"GET /half": func(r *request.Request) error {
			_, _ = io.WriteString(r.W, "half a page")
			_ = http.NewResponseController(r.W).Flush()
			panic("boom")
		},
	})
	if a := b.Get("/boom"); a.Status != 500 || a.Has("secret plan") || !a.Has("문의할 때 알려 줄 번호") {
		t.Errorf("%d: %s", a.Status, a.Body)
	}
	response, err := http.Get(b.Address() + "/half")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.ReadAll(response.Body); err == nil {
		t.Error("half a page looked whole")
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	b, _ := open(t, map[string]request.Handler{
		"GET /ok":  func(r *request.Request) error { return r.Render(words("ok")) },
		"GET /bad": func(*request.Request) error { return errors.New("x") },
	})
	for _, address := range []string{"/ok", "/bad", "/nowhere"} {
		h := b.Get(address).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "strict-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
			"Permissions-Policy": "camera=()",
		} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", address, name, h.Get(name))
			}
		}
	}
	if a := b.Get("/nowhere"); a.Status != 404 || !a.Has("찾는 것이 여기 없어요") {
		t.Errorf("%d: %s", a.Status, a.Body)
	}
}

func TestForeignOriginsWriteNothing(t *testing.T) {
	written := 0
	b, _ := open(t, map[string]request.Handler{"POST /write": func(r *request.Request) error {
		written++
		return r.Redirect("/")
	}})
	for name, header := range map[string]http.Header{
		"other origin":  {"Origin": {"https://evil.example"}},
		"null origin":   {"Origin": {"null"}},
		"cross site":    {"Origin": nil, "Sec-Fetch-Site": {"cross-site"}},
		"same site":     {"Origin": nil, "Sec-Fetch-Site": {"same-site"}},
		"plain text":    {"Origin": {"https://evil.example"}, "Content-Type": {"text/plain"}},
		"a longer name": {"Origin": {b.Address() + ".evil.example"}},
	} {
		if a := b.Send(http.MethodPost, "/write", header, strings.NewReader("x=1")); a.Status != 403 || written != 0 {
			t.Errorf("%s: %d, written %d", name, a.Status, written)
		}
	}
	for name, header := range map[string]http.Header{
		"own origin": {}, "own page": {"Origin": nil, "Sec-Fetch-Site": {"same-origin"}},
	} {
		if a := b.Send(http.MethodPost, "/write", header, nil); a.Status != 303 {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
}

func TestSignInsAreBelievedUntilTheyEnd(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	mux.Handle("GET /", f.Handle(who))
	mux.Handle("GET /mine", f.Signed(who))
	mux.Handle("POST /mine", f.Signed(who))
	mux.Handle("POST /leave", f.Handle(func(r *request.Request) error {
		if err := r.Leave(); err != nil {
			return err
		}
		return r.Redirect("/")
	}))
	b, id := requesttest.Open(t, f, mux), person(t, d)

	if a := b.Get("/mine?x=1"); a.Status != 303 || a.Location != "/signin?next="+url.QueryEscape("/mine?x=1") {
		t.Errorf("guest: %d %s", a.Status, a.Location)
	}
	a := b.Send(http.MethodPost, "/mine", http.Header{"Referer": {b.Address() + "/cart"}}, nil)
	if a.Location != "/signin?next="+url.QueryEscape("/cart") {
		t.Errorf("guest's form: %s", a.Location)
	}
	b.SignIn(d, id)
	if a := b.Get("/mine"); !a.Has("I am " + string(id)) {
		t.Errorf("signed in: %s", a.Body)
	}
	if a := b.Another().Get("/mine"); a.Status != 303 {
		t.Errorf("somebody else's browser: %d", a.Status)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return account.EndSessions(t.Context(), tx, id) }); err != nil {
		t.Fatal(err)
	}
	if a := b.Get("/"); !a.Has("I am guest") {
		t.Errorf("after the end of all sign-ins: %s", a.Body)
	}
	b.SignIn(d, id)
	b.Post("/leave")
	if a := b.Get("/"); !a.Has("I am guest") {
		t.Errorf("after leaving: %s", a.Body)
	}
}

func TestASessionPlantedBeforeSignInIsWorthNothing(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	mux.Handle("GET /", f.Handle(func(r *request.Request) error {
		r.Keep("seen", "yes")
		return who(r)
	}))
	b, id := requesttest.Open(t, f, mux), person(t, d)
	planted, _, _ := strings.Cut(b.Get("/").Header.Get("Set-Cookie"), ";")
	if planted == "" {
		t.Fatal("no session to plant")
	}
	b.SignIn(d, id)
	if a := b.Get("/"); !a.Has(string(id)) {
		t.Fatalf("victim is not signed in: %s", a.Body)
	}
	if a := b.Another().Send(http.MethodGet, "/", http.Header{"Cookie": {planted}}, nil); !a.Has("I am guest") {
		t.Errorf("the planted session is signed in: %s", a.Body)
	}
}

func TestFlashIsSaidOnce(t *testing.T) {
	b, _ := open(t, map[string]request.Handler{
		"POST /do": func(r *request.Request) error {
			r.Flash(ui.Act, "right.sign_in")
			return r.Redirect("/page")
		},
		"GET /page": func(r *request.Request) error { return r.Render(r.Page("쪽").Flash) },
		"GET /other": func(r *request.Request) error {
			if r.Page("쪽").Flash != nil {
				return errors.New("said again")
			}
			return r.Render(words("nothing"))
		},
	})
	b.Post("/do")
	if a := b.Get("/page"); !a.Has("로그인이 필요해요") {
		t.Errorf("%s", a.Body)
	}
	if a := b.Get("/other"); a.Status != 200 {
		t.Errorf("%s", a.Body)
	}
}

func TestLanguageFollowsCookieThenAccountThenBrowser(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	mux.Handle("GET /", f.Handle(func(r *request.Request) error { return r.Render(words(r.Loc.Lang() + r.Actor.Locale)) }))
	b := requesttest.Open(t, f, mux)
	if a := b.Get("/"); a.Body != "koko" {
		t.Errorf("browser: %s", a.Body)
	}
	b.SignIn(d, person(t, d))
	if a := b.Get("/"); a.Body != "enen" {
		t.Errorf("account: %s", a.Body)
	}
	a := b.Another().Send(http.MethodGet, "/", http.Header{"Cookie": {"lang=en"}}, nil)
	if a.Body != "enen" {
		t.Errorf("cookie: %s", a.Body)
	}
}

func TestBodiesEnd(t *testing.T) {
	b, _ := open(t, map[string]request.Handler{
		"POST /raw": func(r *request.Request) error {
			_, err := io.Copy(io.Discard, r.Body)
			var over *http.MaxBytesError
			if errors.As(err, &over) {
				return form.ErrTooLarge
			}
			return err
		},
		"POST /form": func(r *request.Request) error {
			_, err := r.Form()
			return err
		},
		"POST /file": func(r *request.Request) error {
			f, err := r.FormOf(form.Options{Files: 1, FileBytes: 4 << 20})
			if err != nil {
				return err
			}
			file, _ := f.File("photo")
			return r.Render(words(strings.Repeat("x", len(file.Data)/1000000)))
		},
	})
	big := strings.Repeat("x", 2<<20)
	if a := b.Send(http.MethodPost, "/raw", nil, strings.NewReader(big)); a.Status != 413 {
		t.Errorf("raw: %d", a.Status)
	}
	if a := b.Post("/form", "x", big); a.Status != 413 {
		t.Errorf("form: %d", a.Status)
	}
	if a := b.Upload("/file", "photo", "a.png", []byte(big)); a.Status != 200 || a.Body != "xx" {
		t.Errorf("file within its own bound: %d %s", a.Status, a.Body)
	}
	if a := b.Post("/form", "x", "국\x00수"); a.Status != 422 {
		t.Errorf("nul: %d", a.Status)
	}
}

func TestNextStaysHere(t *testing.T) {
	b, _ := open(t, map[string]request.Handler{"GET /go": func(r *request.Request) error {
		return r.Redirect(r.Next(r.URL.Query().Get("next"), "/home"))
	}})
	for next, want := range map[string]string{
		"/office/deals?x=1": "/office/deals?x=1", "/m/두레": "/m/%eb%91%90%eb%a0%88",
		"": "/home", "//evil.example": "/home", "/\\evil.example": "/home",
		"https://evil.example": "/home", "javascript:alert(1)": "/home", "/\t/evil.example": "/home", "/a\r\nX: y": "/home",
		"/" + strings.Repeat("a", 3000): "/home",
	} {
		if a := b.Get("/go?next=" + url.QueryEscape(next)); a.Location != want {
			t.Errorf("%q leads to %q", next, a.Location)
		}
	}
}

func TestAddressBehindProxies(t *testing.T) {
	b, f := open(t, map[string]request.Handler{"GET /": who})
	forwarded := http.Header{"X-Forwarded-For": {"203.0.113.9, 198.51.100.7, 10.0.0.3"}}
	if a := b.Send(http.MethodGet, "/", forwarded, nil); !a.Has("at 127.0.0.1") {
		t.Errorf("a header nobody vouches for was believed: %s", a.Body)
	}
	f.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	if a := b.Send(http.MethodGet, "/", forwarded, nil); !a.Has("at 198.51.100.7") {
		t.Errorf("behind two proxies: %s", a.Body)
	}
	forwarded.Set("X-Forwarded-For", "<script>")
	if a := b.Send(http.MethodGet, "/", forwarded, nil); !a.Has("at 127.0.0.1") {
		t.Errorf("nonsense: %s", a.Body)
	}
}

func TestFormsAreShownAgainWithTheirProblems(t *testing.T) {
	b, _ := open(t, map[string]request.Handler{"POST /form": func(r *request.Request) error {
		f, err := r.Form()
		if err != nil {
			return err
		}
		f.Text("name", 1, 10)
		f.Add(account.ErrPasswordShort.With("Min", 8).On("password"))
		f.Add(right.ErrForbidden)
		return r.Fail(f.Err(), func(p request.Problems) templ.Component {
			return words(p.Of("name") + " / " + p.Of("password") + " / " + p.Of("other"))
		})
	}})
	if a := b.Post("/form"); a.Status != 422 || a.Has("form.required") || !a.Has(" / ") {
		t.Errorf("%d: %s", a.Status, a.Body)
	}
}
