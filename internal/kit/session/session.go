package session

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Options tune sessions; zero values give defaults.
type Options struct {
	// Secure is for sites behind HTTPS: the cookie is then sent over nothing else and bound to the very host.
	Secure   bool
	Idle     time.Duration // without use; default 14 days
	Lifetime time.Duration // since signing in; default 90 days
	// Failed answers a request whose session could not be read or kept; default a bare 503.
	Failed func(w http.ResponseWriter, r *http.Request, err error)
}

// Identity is who signed in. The caller compares Epoch with the account's present one on every request.
type Identity struct {
	AccountID string    `json:"account_id"`
	SessionID string    `json:"session_id"` // the sign-in in the account's own list
	Epoch     int64     `json:"epoch"`
	At        time.Time `json:"at"` // of signing in, for pages that ask for a fresh one
}

// Sessions reads and keeps the sessions of one site.
type Sessions struct {
	d    *db.DB
	opts Options
	scs  *scs.SessionManager
}

// The keys of what this package itself keeps in a session.
const (
	keyIdentity = "dure.identity"
	keyBegan    = "dure.began"
	keyKept     = "dure.kept" // in memory only: the row exists already
)

// New makes sessions over a database.
func New(d *db.DB, opts Options) *Sessions {
	if opts.Idle <= 0 {
		opts.Idle = 14 * 24 * time.Hour
	}
	if opts.Lifetime <= 0 {
		opts.Lifetime = 90 * 24 * time.Hour
	}
	if opts.Failed == nil {
		opts.Failed = func(w http.ResponseWriter, _ *http.Request, err error) {
			d.Log().Error("session failed", "error", err)
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		}
	}
	s := &Sessions{d: d, opts: opts, scs: scs.New()}
	s.scs.Lifetime = opts.Lifetime
	s.scs.Store = &store{d: d, idle: opts.Idle}
	s.scs.Codec = codec{d: d, lifetime: opts.Lifetime}
	s.scs.HashTokenInStore = true
	s.scs.ErrorFunc = opts.Failed
	s.scs.Cookie.Name = "dure"
	if opts.Secure {
		s.scs.Cookie.Name = "__Host-dure"
	}
	s.scs.Cookie.Secure = opts.Secure
	s.scs.Cookie.HttpOnly = true
	s.scs.Cookie.SameSite = http.SameSiteLaxMode
	s.scs.Cookie.Path = "/"
	return s
}

// Middleware loads the session before a handler and keeps what it changed, before the first byte of the answer.
func (s *Sessions) Middleware(next http.Handler) http.Handler { return s.scs.LoadAndSave(next) }

// SignIn binds the session to an identity under a new token and a new age; other values stay.
func (s *Sessions) SignIn(ctx context.Context, who Identity) error {
	if who.At.IsZero() {
		who.At = s.d.Clock().Now()
	}
	raw, err := json.Marshal(who)
	if err != nil {
		return fmt.Errorf("identity: %w", err)
	}
	if err := s.scs.RenewToken(ctx); err != nil {
		return err
	}
	s.scs.Remove(ctx, keyKept)
	s.scs.Put(ctx, keyBegan, strconv.FormatInt(db.Micros(s.d.Clock().Now()), 10))
	s.scs.Put(ctx, keyIdentity, string(raw))
	return nil
}

// SignedIn gives the identity of the session, if it has one.
func (s *Sessions) SignedIn(ctx context.Context) (Identity, bool) {
	raw := s.scs.GetString(ctx, keyIdentity)
	if raw == "" {
		return Identity{}, false
	}
	var who Identity
	if err := json.Unmarshal([]byte(raw), &who); err != nil {
		s.d.Log().Error("session holds no identity", slog.Any("error", err))
		return Identity{}, false
	}
	return who, true
}

// SignOut ends the session with everything in it.
func (s *Sessions) SignOut(ctx context.Context) error { return s.scs.Destroy(ctx) }

// Put keeps a short text under a name; it makes a session where there was none.
func (s *Sessions) Put(ctx context.Context, name, text string) {
	if !s.scs.Exists(ctx, keyBegan) {
		s.scs.Put(ctx, keyBegan, strconv.FormatInt(db.Micros(s.d.Clock().Now()), 10))
	}
	s.scs.Put(ctx, name, text)
}

// Get reads a text, "" when there is none.
func (s *Sessions) Get(ctx context.Context, name string) string { return s.scs.GetString(ctx, name) }

// Pop reads a text and removes it: for notices shown once.
func (s *Sessions) Pop(ctx context.Context, name string) string { return s.scs.PopString(ctx, name) }

// RunOnce deletes some sessions that have ended; worked tells that there may be more.
func (s *Sessions) RunOnce(ctx context.Context) (worked bool, err error) {
	now := db.Micros(s.d.Clock().Now())
	if _, err := db.One(ctx, s.d, db.Scalar[string], `SELECT token FROM kit_session WHERE expires_at <= $1 LIMIT 1`,
		now); err != nil {
		if db.IsNoRow(err) {
			return false, nil // an idle site never takes the writer
		}
		return false, err
	}
	var deleted int64
	err = s.d.Write(ctx, func(tx *db.Tx) (err error) {
		deleted, err = db.Exec(ctx, tx, `DELETE FROM kit_session WHERE token IN (SELECT token FROM kit_session
			WHERE expires_at <= $1 LIMIT 500)`, now)
		return err
	})
	return deleted > 0, err
}
