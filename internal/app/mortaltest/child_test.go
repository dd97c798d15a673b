package mortaltest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// childEnv makes the test binary be one of the two processes instead of a test.
const childEnv = "DURE_MORTAL_CHILD"

// life is what a process is started with.
type life struct {
	Gateway bool   // the gateway and bank, else the platform
	Listen  string // host:port, the same after a death
	Folder  string
	Other   string // address of the other process
	At      time.Time
	CrashAt string // the gateway's crash point, "" never
}

func TestMain(m *testing.M) {
	text := os.Getenv(childEnv)
	if text == "" {
		m.Run() // its result becomes the process's exit code when TestMain returns
		return
	}
	var in life
	err := json.Unmarshal([]byte(text), &in)
	if err == nil && in.Gateway {
		err = in.beGateway()
	} else if err == nil {
		err = in.bePlatform()
	}
	fmt.Fprintln(os.Stderr, err)
}

// die is harder than any exit: nothing deferred runs, nothing is flushed.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func (l life) serve(handler http.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", l.Listen)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, "ready")
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(listener)
}

func (l life) beGateway() error {
	box, err := sandbox.New(context.Background(), sandbox.Options{URL: "sqlite:" + l.Folder + "/gateway.db",
		WebhookURL: l.Other + "/hooks/gateway", Manual: clock.NewFake(l.At), CrashAt: l.CrashAt, Exit: func(int) { die() },
		SlowFor: -1, HangFor: -1})
	if err != nil {
		return err
	}
	return l.serve(box.Handler())
}

// places counts where the platform can die: before each call to the gateway leaves, after each came back, and after
// each commit.
type places struct{ armed, at, passed atomic.Int64 }

func (p *places) pass() {
	if p.armed.Load() == 0 {
		return
	}
	if n := p.passed.Add(1); n == p.at.Load() {
		die()
	}
}

// RoundTrip carries a call to the gateway between two places.
func (p *places) RoundTrip(r *http.Request) (*http.Response, error) {
	p.pass()
	answer, err := http.DefaultTransport.RoundTrip(r)
	p.pass()
	return answer, err
}

// options of a platform over a folder, for the process and for the test that prepares its world.
func (l life) options(now clock.Clock, transport http.RoundTripper) app.ServerOptions {
	return app.ServerOptions{Clock: now, Demo: true, GatewayURL: l.Other, GatewayTransport: transport,
		Config: app.Config{Listen: "127.0.0.1:0", Base: "http://" + l.Listen, Data: l.Folder, Sandbox: true,
			Gateway: app.GatewayConfig{Key: sandbox.DefaultSecretKey,
				WebhookSecret: []string{sandbox.DefaultWebhookSecret}, Timeout: 5 * time.Second}}}
}

// bePlatform serves the platform, and beside it what the test commands. Background work runs only when told.
func (l life) bePlatform() error {
	ctx, now, p := context.Background(), clock.NewFake(l.At), &places{}
	s, err := app.NewServer(ctx, l.options(now, p))
	if err != nil {
		return err
	}
	s.DB.OnCommit(func(db.Committed) { p.pass() })
	mux := http.NewServeMux()
	mux.Handle("/", s.Handler)
	command := func(path string, do func(r *http.Request) (any, error)) {
		mux.HandleFunc("POST /-/"+path, func(w http.ResponseWriter, r *http.Request) {
			out, err := do(r)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			_ = json.NewEncoder(w).Encode(out)
		})
	}
	command("arm", func(r *http.Request) (any, error) {
		at, err := strconv.ParseInt(r.URL.Query().Get("at"), 10, 64)
		p.at.Store(at)
		p.armed.Store(1)
		return nil, err
	})
	command("clock", func(r *http.Request) (any, error) {
		at, err := time.Parse(time.RFC3339Nano, r.URL.Query().Get("at"))
		now.Set(at)
		return nil, err
	})
	command("places", func(*http.Request) (any, error) { return p.passed.Load(), nil })
	command("work", func(r *http.Request) (any, error) { return nil, s.RunAll(r.Context()) })
	command("standing", func(r *http.Request) (any, error) { return standing(r.Context(), s.DB) })
	command("doctor", func(r *http.Request) (any, error) { return l.doctor(r.Context(), s) })
	return l.serve(mux)
}

// doctor asks every question there is, of our books, of the gateway's and of the bank's.
func (l life) doctor(ctx context.Context, s *app.Server) ([]string, error) {
	client, err := toss.New(toss.Options{URL: l.Other, SecretKey: sandbox.DefaultSecretKey, Timeout: 5 * time.Second})
	if err != nil {
		return nil, err
	}
	report, err := doctor.Check(ctx, s.DB, doctor.Options{Gateway: client})
	if err != nil {
		return nil, err
	}
	found, err := doctor.Outside(ctx, s.DB, func(ctx context.Context, account string) (int64, error) {
		there, err := client.BankAccount(ctx, account)
		return there.Balance, err
	})
	for _, a := range report.Answers {
		found = append(found, a.Findings...)
	}
	said := []string{}
	for _, f := range found {
		said = append(said, fmt.Sprintf("%d %s %s %v", f.Invariant, f.Code, f.Row, f.Args))
	}
	return said, err
}

// standing says how our side stands in figures that do not depend on when and under which ids it came to be.
func standing(ctx context.Context, d *db.DB) (map[string]any, error) {
	totals, err := ledger.Sum(ctx, d)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"ledger": totals}
	for name, text := range map[string]string{
		"orders":   `SELECT state || ' ' || count(*) || ' ' || sum(amount) FROM orders GROUP BY state ORDER BY state`,
		"vouchers": `SELECT state || ' ' || count(*) FROM voucher GROUP BY state ORDER BY state`,
		"uses":     `SELECT state || ' ' || count(*) || ' ' || sum(units) FROM redemption GROUP BY state ORDER BY state`,
		"refunds":  `SELECT state || ' ' || count(*) || ' ' || sum(amount) FROM refund GROUP BY state ORDER BY state`,
		"payouts":  `SELECT state || ' ' || count(*) || ' ' || sum(amount) FROM payout GROUP BY state ORDER BY state`,
	} {
		if out[name], err = db.All(ctx, d, db.Scalar[string], text); err != nil {
			return nil, err
		}
	}
	return out, nil
}
