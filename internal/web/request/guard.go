package request

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// Refusals of the scaffold itself.
var (
	ErrNoPage = fail.New(fail.NotFound, "request.no_page")
	ErrOrigin = fail.New(fail.Forbidden, "request.origin")
	errPanic  = fail.New(fail.Internal, "request.panic")
)

// headers sets what every answer carries; a handler may widen the policy with Request.Allow.
func (f *Frame) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		setPolicy(h, asset.Policy{})
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		// Pages show who is signed in and what they may do: no shared cache keeps them, and a shared computer's
		// "back" asks again.
		h.Set("Cache-Control", "no-store")
		if f.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if r.Body != nil {
			r.Body = &bodyLimit{body: r.Body}
		}
		next.ServeHTTP(w, r)
	})
}

func setPolicy(h http.Header, p asset.Policy) {
	h.Set("Content-Security-Policy", p.Header())
	h.Set("Permissions-Policy", p.Permissions())
}

// sameOrigin refuses writes that a foreign page sends in the name of whoever is signed in here, or lets abroad answer
// them.
func (f *Frame) sameOrigin(next http.Handler, abroad Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	for _, origin := range append([]string{f.Base}, f.Origins...) {
		if origin == "" {
			continue
		}
		if err := guard.AddTrustedOrigin(origin); err != nil {
			f.Log.Error("origin is not usable and is not trusted", "origin", origin, "error", err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := guard.Check(r); err != nil {
			if abroad != nil {
				q := f.guest(w, r)
				if err := abroad(q); err != nil {
					q.answer(err)
				}
				return
			}
			f.Log.Warn("write from a foreign origin refused", "path", r.URL.Path, "origin", r.Header.Get("Origin"))
			f.guest(w, r).answer(ErrOrigin.Wrap(err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// rescue turns a panic into an answer with a reference number.
func (f *Frame) rescue(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watched := &watch{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			f.Log.Error("handler panicked", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			if watched.begun {
				cut(w)
				return
			}
			f.guest(watched, r).answer(errPanic.Wrap(fmt.Errorf("panic: %v", p)))
		}()
		next.ServeHTTP(watched, r)
	})
}

// cut breaks the line on which half a page is already out, so that nobody takes it for a whole one: the closing bytes
// can no longer be written.
func cut(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0))
}

// SessionFailed answers a request whose browser session could not be read or kept; give it to session.Options.
func (f *Frame) SessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	f.guest(w, r).answer(err)
}

// watch remembers whether an answer has begun.
type watch struct {
	http.ResponseWriter
	begun bool
}

func (w *watch) WriteHeader(status int) {
	w.begun = w.begun || status >= http.StatusOK
	w.ResponseWriter.WriteHeader(status)
}

func (w *watch) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach flushing and deadlines.
func (w *watch) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// address is who speaks to us: the peer, or the nearest address a trusted proxy reports that is no proxy itself.
func (f *Frame) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !f.proxy(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		host = hop
		if !f.proxy(hop) {
			break
		}
	}
	return host
}

func (f *Frame) proxy(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, network := range f.Proxies {
		if network.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// Address is the caller's network address, behind the proxies that are believed.
func (f *Frame) Address(r *http.Request) string { return f.address(r) }
