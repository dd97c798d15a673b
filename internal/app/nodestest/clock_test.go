package nodestest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/live/natsbus"
)

// A server whose clock is not the database's answers writes with 503 and a code, reads on, and says that it is not
// ready; one whose clock agrees does neither.
func TestClockOfAServer(t *testing.T) {
	_, w := dbtest.Postgres(t)
	folder := t.TempDir() // shared by the servers, as one disk would be
	seedOnce(t, w.URL, folder)
	for off, refuses := range map[time.Duration]bool{0: false, 2 * time.Second: true, -2 * time.Second: true} {
		o := life{Database: w.URL, Folder: folder, Listen: "127.0.0.1:0", Ahead: off}.options(
			clock.Offset{Base: clock.System(), Distance: off})
		o.GuardClock = true
		s, err := app.NewServer(t.Context(), o)
		must(t, err)
		front := httptest.NewServer(s.Handler)
		ask := func(method, path string) (int, string) {
			r, err := http.NewRequestWithContext(t.Context(), method, front.URL+path,
				strings.NewReader(`{"email":"nobody@dure.test","password":"not-a-password"}`))
			must(t, err)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", "clock-key-1")
			got, err := http.DefaultClient.Do(r)
			must(t, err)
			text, err := io.ReadAll(got.Body)
			must(t, errors.Join(err, got.Body.Close()))
			return got.StatusCode, string(text)
		}
		status, text := ask(http.MethodPost, "/api/v1/sessions")
		var problem struct{ Code string }
		must(t, json.Unmarshal([]byte(text), &problem))
		if refuses != (status == http.StatusServiceUnavailable && problem.Code == "node.clock") {
			t.Errorf("%v off: a write answers %d %s", off, status, text)
		}
		if status, _ := ask(http.MethodGet, "/api/v1/deals"); status != http.StatusOK {
			t.Errorf("%v off: a read answers %d", off, status)
		}
		status, text = ask(http.MethodGet, "/readyz")
		if refuses != (status == http.StatusServiceUnavailable) || refuses != strings.Contains(text, "reason: node.clock\n") {
			t.Errorf("%v off: readyz answers %d %s", off, status, text)
		}
		front.Close()
		s.DB.Refuse(nil)
		must(t, s.Close())
	}
}

// seedOnce lets a server that agrees with the database write what every later one looks for.
func seedOnce(t *testing.T, url, folder string) {
	t.Helper()
	s, err := app.NewServer(context.Background(), life{Database: url, Folder: folder, Listen: "127.0.0.1:0"}.options(
		clock.System()))
	must(t, err)
	must(t, s.Close())
}

// Several nodes over a SQLite file, and a mesh that strangers could join, are refused at the start.
func TestRefusedConfigurations(t *testing.T) {
	_, w := dbtest.Postgres(t)
	folder := t.TempDir()
	for name, one := range map[string]struct {
		database string
		cluster  app.ClusterConfig
		want     error
	}{
		"sqlite": {"", app.ClusterConfig{URL: "nats://127.0.0.1:4222"}, app.ErrOneNode},
		"open": {w.URL, app.ClusterConfig{Listen: "0.0.0.0:6222", Routes: []string{"10.0.0.2:6222"}},
			natsbus.ErrToken},
		"address": {w.URL, app.ClusterConfig{Routes: []string{"127.0.0.1:6222"}}, natsbus.ErrAddress},
	} {
		_, err := app.NewServer(t.Context(), life{Database: one.database, Folder: folder, Listen: "127.0.0.1:0",
			Cluster: one.cluster}.options(clock.System()))
		if !errors.Is(err, one.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
