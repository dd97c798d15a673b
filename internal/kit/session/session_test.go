package session_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/session"
)

// browser keeps the one cookie, as a browser would.
type browser struct {
	t      *testing.T
	s      *session.Sessions
	cookie *http.Cookie
}

func (b *browser) visit(handle func(r *http.Request)) *http.Cookie {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if b.cookie != nil && b.cookie.Value != "" {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.s.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handle(r)
		_, _ = w.Write([]byte("ok"))
	})).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.t.Fatal(w.Code, w.Body)
	}
	for _, c := range w.Result().Cookies() {
		b.cookie = c
		return c
	}
	return nil
}

func (b *browser) who() (id session.Identity, ok bool) {
	b.t.Helper()
	b.visit(func(r *http.Request) { id, ok = b.s.SignedIn(r.Context()) })
	return id, ok
}

func (b *browser) signIn(account string) {
	b.t.Helper()
	b.visit(func(r *http.Request) {
		if err := b.s.SignIn(r.Context(), session.Identity{AccountID: account, SessionID: "ses_1", Epoch: 3}); err != nil {
			b.t.Error(err)
		}
	})
}

func sessions(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT count(*) FROM kit_session`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSignInRotatesAndSignOutEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		b := &browser{t: t, s: session.New(d, session.Options{Secure: true})}
		if _, ok := b.who(); ok || b.cookie != nil || sessions(t, d) != 0 {
			t.Fatal("a visit alone made a session")
		}
		b.visit(func(r *http.Request) { b.s.Put(r.Context(), "basket", "3") })
		before := *b.cookie
		if before.Name != "__Host-dure" || !before.Secure || !before.HttpOnly || before.SameSite != http.SameSiteLaxMode ||
			before.Path != "/" || before.Domain != "" || before.MaxAge < 89*24*3600 {
			t.Fatal(before)
		}
		b.signIn("acc_1")
		if b.cookie.Value == before.Value || sessions(t, d) != 1 {
			t.Fatal("signing in kept the old token")
		}
		id, ok := b.who()
		if !ok || id != (session.Identity{AccountID: "acc_1", SessionID: "ses_1", Epoch: 3, At: w.Clock.Now()}) {
			t.Fatal(id, ok)
		}
		thief := &browser{t: t, s: b.s, cookie: &before}
		if _, ok := thief.who(); ok {
			t.Fatal("a token from before signing in is signed in")
		}
		stored, err := db.One(t.Context(), d, db.Scalar[string], `SELECT token FROM kit_session`)
		if err != nil || stored == b.cookie.Value || strings.Contains(stored, b.cookie.Value) {
			t.Fatal("the table holds the token itself", err)
		}
		var basket, again string
		b.visit(func(r *http.Request) { basket = b.s.Pop(r.Context(), "basket") })
		b.visit(func(r *http.Request) { again = b.s.Get(r.Context(), "basket") })
		if basket != "3" || again != "" {
			t.Fatal(basket, again)
		}
		old := *b.cookie
		gone := b.visit(func(r *http.Request) {
			if err := b.s.SignOut(r.Context()); err != nil {
				t.Error(err)
			}
		})
		if gone.MaxAge >= 0 || sessions(t, d) != 0 {
			t.Fatal(gone, sessions(t, d))
		}
		b.cookie = &old
		if _, ok := b.who(); ok {
			t.Fatal("still signed in")
		}
	})
}

func TestIdleAndAbsoluteEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		b := &browser{t: t, s: session.New(d, session.Options{Idle: time.Hour, Lifetime: 4 * time.Hour})}
		b.signIn("acc_1")
		if b.cookie.Secure || b.cookie.Name != "dure" {
			t.Fatal(b.cookie)
		}
		for i := range 4 { // used now and then it outlives its idle time; writing to it does not lengthen its life
			w.Clock.Advance(55 * time.Minute)
			if _, ok := b.who(); !ok {
				t.Fatal("ended while in use", i)
			}
			b.visit(func(r *http.Request) { b.s.Put(r.Context(), "x", "y") })
		}
		if worked, err := b.s.RunOnce(t.Context()); worked || err != nil {
			t.Fatal(worked, err)
		}
		w.Clock.Advance(20*time.Minute - time.Microsecond)
		if _, ok := b.who(); !ok {
			t.Fatal("ended before its age")
		}
		w.Clock.Advance(time.Microsecond)
		if _, ok := b.who(); ok {
			t.Fatal("lives longer than its age")
		}
		idle := &browser{t: t, s: b.s}
		idle.signIn("acc_2")
		w.Clock.Advance(time.Hour)
		if _, ok := idle.who(); ok {
			t.Fatal("lives without use")
		}
		for _, want := range []bool{true, false} {
			if worked, err := b.s.RunOnce(t.Context()); worked != want || err != nil {
				t.Fatal(worked, err)
			}
		}
		if n := sessions(t, d); n != 0 {
			t.Fatal(n)
		}
	})
}

func TestASlowRequestDoesNotBringASessionBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		b := &browser{t: t, s: session.New(d, session.Options{})}
		b.signIn("acc_1")
		other := &browser{t: t, s: b.s, cookie: b.cookie}
		b.visit(func(r *http.Request) {
			b.s.Put(r.Context(), "seen", "1")
			other.visit(func(r *http.Request) {
				if err := b.s.SignOut(r.Context()); err != nil {
					t.Error(err)
				}
			})
		})
		if _, ok := b.who(); ok || sessions(t, d) != 0 {
			t.Fatal("signed in again by a slow request")
		}
	})
}

func TestReadingDoesNotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		b := &browser{t: t, s: session.New(d, session.Options{Idle: 8 * time.Hour})}
		b.signIn("acc_1")
		ends := func() int64 {
			n, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT expires_at FROM kit_session`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		first := ends()
		w.Clock.Advance(time.Hour)
		if _, ok := b.who(); !ok || ends() != first {
			t.Fatal("each visit moves the end")
		}
		w.Clock.Advance(time.Minute)
		if _, ok := b.who(); !ok || ends() != first+int64(61*time.Minute/time.Microsecond) {
			t.Fatal("the end never moves")
		}
	})
}

func TestAnsweringWithoutADatabase(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	b := &browser{t: t, s: session.New(d, session.Options{})}
	b.signIn("acc_1")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(b.cookie)
	w := httptest.NewRecorder()
	b.s.Middleware(http.NotFoundHandler()).ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable {
		t.Fatal(w.Code)
	}
}
