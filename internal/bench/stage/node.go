package stage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"syscall"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// NodeOptions say how a server process is set up.
type NodeOptions struct {
	Place   Place  `json:"place"`
	Gateway string `json:"gateway"` // address of the sandbox
	Direct  bool   `json:"direct"`  // one transaction a request: what lanes are compared with
	Writers int    `json:"writers"` // PostgreSQL: connections that write, 0 for the default
	Timed   bool   `json:"timed"`   // notes how long each request takes inside the server
}

// Figures are what a server process tells of itself.
type Figures struct {
	Lanes      lane.Stats    `json:"lanes"`
	CPU        time.Duration `json:"cpu"`      // of the whole process so far
	Resident   int64         `json:"resident"` // bytes
	Heap       uint64        `json:"heap"`
	Goroutines int           `json:"goroutines"`
	Behind     time.Duration `json:"behind"` // age of the oldest event that some projection has not counted
}

// ready is the one line a process writes.
type ready struct {
	URL     string `json:"url"`
	Control string `json:"control"`
	Echo    string `json:"echo"`
}

// serveNode is the server process: the whole product, a bare server beside it to compare with, and a door for
// questions about itself.
func serveNode(ctx context.Context, o NodeOptions, out io.Writer) error {
	config := o.Place.Config()
	config.Gateway = app.GatewayConfig{URL: o.Gateway, Key: sandbox.DefaultSecretKey,
		WebhookSecret: []string{sandbox.DefaultWebhookSecret}}
	config.Sandbox = true
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := app.NewServer(ctx, app.ServerOptions{Config: config, Log: log, Lanes: lane.Options{Direct: o.Direct},
		Writers: o.Writers})
	if err != nil {
		return err
	}
	// Nobody waits in a room here: callers who ask again at once always outrun what is committed.
	s.Admit.Rate = func() int64 { return 0 }
	inner := &timed{next: s.Handler}
	if o.Timed {
		s.Handler = inner
	}
	control, err := open(ctx, controls(s, inner))
	if err != nil {
		return errors.Join(err, s.Close())
	}
	echo, err := open(ctx, http.HandlerFunc(answerEcho))
	if err != nil {
		return errors.Join(err, s.Close())
	}
	line := ready{URL: s.URL(), Control: control, Echo: echo}
	return errors.Join(json.NewEncoder(out).Encode(line), s.Run(ctx), s.Close())
}

// Listen opens a free port of this machine.
func Listen(ctx context.Context) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
}

// open serves a handler on a free port of this machine until the process ends.
func open(ctx context.Context, handler http.Handler) (url string, err error) {
	listener, err := Listen(ctx)
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

func answerEcho(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, r.URL.Path)
}

func controls(s *app.Server, inner *timed) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /timed", inner.tell)
	mux.HandleFunc("GET /figures", func(w http.ResponseWriter, r *http.Request) {
		f, err := figures(r.Context(), s)
		if err == nil {
			err = json.NewEncoder(w).Encode(f)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("GET /profile", func(w http.ResponseWriter, r *http.Request) {
		seconds, err := strconv.Atoi(r.URL.Query().Get("seconds"))
		if err == nil {
			err = pprof.StartCPUProfile(w)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		timer := time.NewTimer(time.Duration(min(seconds, 60)) * time.Second)
		defer timer.Stop()
		select {
		case <-r.Context().Done():
		case <-timer.C:
		}
		pprof.StopCPUProfile()
	})
	mux.HandleFunc("GET /tidied", func(http.ResponseWriter, *http.Request) { debug.FreeOSMemory() })
	return mux
}

func figures(ctx context.Context, s *app.Server) (Figures, error) {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	f := Figures{Lanes: s.Lanes.Stats(), CPU: Spent(), Resident: resident(), Heap: memory.HeapAlloc,
		Goroutines: runtime.NumGoroutine()}
	err := behind(ctx, s, &f)
	return f, err
}

// behind finds the oldest event that has no number yet, or that a projection has not passed.
func behind(ctx context.Context, s *app.Server, f *Figures) error {
	oldest, err := db.One(ctx, s.DB, db.Scalar[int64],
		`SELECT coalesce(min(at), 0) FROM (SELECT at FROM kit_event WHERE seq IS NULL ORDER BY id LIMIT 1) first`)
	if err != nil {
		return err
	}
	lags, err := s.Feed.Lags(ctx, s.DB)
	for _, lag := range lags {
		if lag.Behind == 0 {
			continue
		}
		at, err := db.One(ctx, s.DB, db.Scalar[int64], `SELECT at FROM kit_event WHERE seq = $1`, lag.Seq+1)
		if err != nil {
			return err
		}
		if oldest == 0 || at < oldest {
			oldest = at
		}
	}
	if oldest > 0 {
		f.Behind = max(0, time.Since(db.FromMicros(oldest)))
	}
	return err
}

// Spent is the processor time this process has used.
func Spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is the memory of this process, 0 where the system does not say.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
