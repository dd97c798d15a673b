package stage

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/market"
)

const password = "a password for benches"

// signIn lets the first n buyers, the operator and all owners come in with a browser.
func (f *founder) signIn(n int) error {
	if n == 0 {
		return nil
	}
	hash, err := f.Hasher.Hash(f.ctx, password)
	if err != nil {
		return err
	}
	people := []*Person{&f.world.Operator}
	for i := range f.world.Shops {
		people = append(people, &f.world.Shops[i].Owner)
	}
	for i := range n {
		p := f.world.Buyer(i)
		people = append(people, &p)
	}
	sessions := session.New(f.DB, session.Options{})
	for i, p := range people {
		err := f.DB.Write(f.ctx, func(tx *db.Tx) error {
			_, err := db.Exec(f.ctx, tx, `UPDATE account SET password_hash = $1 WHERE id = $2`, hash, string(p.ID))
			return err
		})
		if err != nil {
			return err
		}
		place := market.Actor{Locale: "ko", Address: fmt.Sprintf("10.0.%d.%d", i/250, i%250)}
		entered, err := f.Signup.SignIn(f.ctx, place, signup.SignInCmd{Email: string(p.ID) + "@example.com",
			Password: password, Device: "bench"})
		if err != nil {
			return err
		}
		if p.Cookie, err = cookieOf(f.ctx, sessions, entered); err != nil {
			return err
		}
		f.world.cookies[p.ID] = p.Cookie
	}
	return nil
}

// cookieOf is what the browser of somebody who came in sends from then on.
func cookieOf(ctx context.Context, sessions *session.Sessions, who signup.Entered) (string, error) {
	var refused error
	door := sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refused = sessions.SignIn(r.Context(), who.Identity())
		w.WriteHeader(http.StatusNoContent)
	}))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1/", http.NoBody)
	if err != nil {
		return "", err
	}
	answer := &head{header: http.Header{}}
	door.ServeHTTP(answer, request)
	cookie, _, _ := strings.Cut(answer.header.Get("Set-Cookie"), ";")
	if refused == nil && cookie == "" {
		refused = ErrPart.With("Name", "cookie")
	}
	return cookie, errors.Join(refused)
}

// head keeps the head of an answer.
type head struct{ header http.Header }

// Header gives the answer's header.
func (h *head) Header() http.Header { return h.header }

// Write drops the body.
func (h *head) Write(text []byte) (int, error) { return len(text), nil }

// WriteHeader is the end of the head.
func (h *head) WriteHeader(int) {}
