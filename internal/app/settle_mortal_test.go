package app_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// killed is what a sandbox panics with at its crash point.
type killed struct{}

// errKilled is what the caller of a killed sandbox sees: a connection that broke.
var errKilled = errors.New("connection reset by peer")

// mortal is a sandbox over a file that is opened again whenever it was killed. It can kill our own side as well: around
// a transfer, the call never comes back.
type mortal struct {
	testing.TB
	options sandbox.Options
	box     *sandbox.Sandbox
	deaths  int
	// ours is where our own side dies at the next transfer: "before" it leaves, or "after" it was made.
	ours string
}

func (m *mortal) open() {
	m.Helper()
	box, err := sandbox.New(context.Background(), m.options)
	if err != nil {
		m.Fatal(err)
	}
	m.box = box
}

// die makes the sandbox end at a point from now on: it is opened again with its order to.
func (m *mortal) die(point string) {
	m.Helper()
	if err := m.box.Close(); err != nil {
		m.Fatal(err)
	}
	m.options.CrashAt = point
	m.open()
}

// survive runs something that may be killed on the way, and opens the sandbox again when it was.
func (m *mortal) survive(do func() error) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if _, ok := p.(killed); !ok {
			panic(p)
		}
		if closeErr := m.box.Close(); closeErr != nil {
			m.Fatal(closeErr)
		}
		m.deaths++
		m.options.CrashAt = ""
		m.open()
		err = errKilled
	}()
	return do()
}

// RoundTrip carries a call to the sandbox that lives now.
func (m *mortal) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	transfer := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/bank/transfers")
	at := m.ours
	if transfer {
		m.ours = ""
	}
	if transfer && at == "before" {
		m.deaths++
		panic("our own side dies before the call")
	}
	err = m.survive(func() (err error) {
		answer, err = m.box.Transport().RoundTrip(r)
		return err
	})
	if transfer && at == "after" {
		m.deaths++
		panic("our own side dies after the call")
	}
	return answer, err
}

// newMortal is a world whose bank and gateway live in a file and die at a point, once the test says so.
func newMortal(t *testing.T, d *db.DB, now *clock.Fake, url string) (*apptest.World, *mortal) {
	t.Helper()
	m := &mortal{TB: t, options: sandbox.Options{URL: url, Relaxed: true, Clock: now, IDs: d.IDs(), SlowFor: -1,
		HangFor: -1, Exit: func(int) { panic(killed{}) }}}
	m.open()
	client, err := toss.New(toss.Options{URL: "http://sandbox", SecretKey: sandbox.DefaultSecretKey, Transport: m,
		Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var key sign.Key
	copy(key[:], "a key for tests, never for anything else")
	core, err := app.NewCore(app.CoreOptions{DB: d, Gateway: client, Simulator: client, GatewayName: "sandbox", Key: key,
		BaseURL: "http://dure.test", Node: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		core.Close()
		if err := m.box.Close(); err != nil {
			t.Error(err)
		}
	})
	w := apptest.Over(t, core, now)
	w.Client = client
	return w, m
}
