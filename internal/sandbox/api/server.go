package api

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/sandbox/bank"
	"github.com/dure-commerce/dure/internal/sandbox/clearing"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
	"github.com/dure-commerce/dure/internal/sandbox/pay"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

// Deps are the parts a server speaks for.
type Deps struct {
	Store  *record.Store
	Desk   *pay.Desk
	House  *clearing.House
	Bank   *bank.Bank
	Outbox *hook.Outbox
	Plans  *fault.Plans
	Crash  *fault.Crasher

	SecretKey string
	PublicURL string        // address of the payment pages, "" takes the caller's Host
	SlowFor   time.Duration // how long a slow answer takes
	HangFor   time.Duration // how long a suppressed answer holds the caller, 0 cuts at once
	// Manual, when given, is the sandbox's clock, and PUT /sandbox/clock moves it.
	Manual *clock.Fake
	// Settle runs all workers until nothing is due; POST /sandbox/settle calls it.
	Settle func(ctx context.Context) (steps int, err error)
}

// Server answers programs.
type Server struct {
	Deps
	kept *Kept

	mu   sync.Mutex
	busy map[string]bool // idempotency keys being worked on
}

// New makes a server; Register adds its routes to a mux.
func New(d Deps, kept *Kept) *Server {
	return &Server{Deps: d, kept: kept, busy: map[string]bool{}}
}

// Register adds the routes.
func (s *Server) Register(mux *http.ServeMux) {
	routes := map[string]http.HandlerFunc{
		"POST /v1/payments/confirm":               s.confirmPayment,
		"GET /v1/payments/{paymentKey}":           s.findPayment,
		"GET /v1/payments/orders/{orderId}":       s.findPaymentByOrder,
		"POST /v1/payments/{paymentKey}/cancel":   s.cancelPayment,
		"GET /v1/settlements":                     s.listSettlements,
		"GET /v1/transactions":                    s.listTransactions,
		"POST /v2/payouts":                        s.requestPayout,
		"GET /v2/payouts/{ref}":                   s.findPayout,
		"GET /bank/accounts/{id}":                 s.findAccount,
		"GET /bank/accounts/{id}/entries":         s.listEntries,
		"POST /bank/transfers":                    s.acceptTransfer,
		"GET /bank/transfers/{ref}":               s.findTransfer,
		"POST /bank/deposits":                     s.acceptDeposit,
		"POST /sandbox/checkouts":                 s.openCheckout,
		"POST /sandbox/checkouts/{key}/authorize": s.authorizeCheckout,
		"POST /sandbox/payments":                  s.authorizeDirectly,
		"POST /sandbox/charges":                   s.charge,
		"GET /sandbox/faults":                     s.listFaults,
		"PUT /sandbox/faults":                     s.setFault,
		"DELETE /sandbox/faults":                  s.clearFaults,
		"GET /sandbox/webhooks":                   s.listWebhooks,
		"POST /sandbox/webhooks/resend":           s.resendWebhooks,
		"GET /sandbox/books":                      s.showBooks,
		"GET /sandbox/crash-points":               s.listCrashPoints,
		"PUT /sandbox/clock":                      s.moveClock,
		"POST /sandbox/settle":                    s.settleAll,
	}
	for pattern, handle := range routes {
		mux.HandleFunc(pattern, s.authenticated(handle))
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]bool{"ok": true})
	})
}

// authenticated lets only the holder of the secret key in: user name the key, no password.
func (s *Server) authenticated(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if !ok || user == "" {
			writeRefusal(w, refusal.Unauthorized())
			return
		}
		if subtle.ConstantTimeCompare([]byte(user), []byte(s.SecretKey)) != 1 || password != "" {
			writeRefusal(w, refusal.InvalidKey())
			return
		}
		next(w, r)
	}
}

const bodyMax = 64 << 10

// readJSON decodes a bounded body; false means that the refusal has been written.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMax)).Decode(into); err != nil {
		writeRefusal(w, refusal.InvalidRequest("요청 본문을 읽을 수 없습니다."))
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"code":"INTERNAL","message":""}`)
	}
	writeText(w, status, text)
}

func writeText(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the caller may have left: nothing to be done about it
}

func writeRefusal(w http.ResponseWriter, no *refusal.Refusal) { writeJSON(w, no.Status, no) }

// view reads and answers, with the faults of the step. find gives nil for what does not exist.
func (s *Server) view(w http.ResponseWriter, r *http.Request, step fault.Step, target string,
	find func() (any, *refusal.Refusal)) {
	s.perform(w, r, call{step: step, target: target, act: func(*record.Tx, fault.Mode) (any, *refusal.Refusal) {
		return find()
	}})
}

func (s *Server) base(r *http.Request) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	return "http://" + r.Host
}
