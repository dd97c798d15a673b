package load

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/command"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// programEnv makes a test binary be the program instead.
const programEnv = "DURE_FAULT_PROGRAM"

// Program runs the product when this process was started by Start, and gives its exit status. A TestMain calls it
// first; prepare may break something before.
func Program(prepare func() error) (status int, is bool) {
	if os.Getenv(programEnv) == "" {
		return 0, false
	}
	if prepare != nil {
		if err := prepare(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1, true
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return command.Run(ctx, os.Args[1:], command.Terminal{Out: os.Stdout, Err: os.Stderr, Exit: func(int) {}}), true
}

// Server is a running `dure serve`.
type Server struct {
	Address string // http://host:port, the same after a restart
	Ready   time.Duration
	cmd     *exec.Cmd
	gone    chan struct{}
	log     *strings.Builder
}

// Gateway serves a sandbox gateway of this process until the test ends, and gives its address.
func Gateway(t testing.TB) string {
	t.Helper()
	ready := make(chan string, 1)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- sandbox.Run(ctx, sandbox.Options{Memory: true, SlowFor: -1, HangFor: -1,
			Ready: func(url string) { ready <- url }})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case url := <-ready:
		return url
	case err := <-ended:
		t.Fatal(err)
	}
	return ""
}

// GatewayApart serves a sandbox gateway by a process of its own, for tests that measure theirs.
func GatewayApart(t testing.TB) string {
	t.Helper()
	listen := FreeAddress(t)
	program := exec.CommandContext(context.Background(), os.Args[0], "sandbox", "--listen", listen, "--database",
		"sqlite:"+filepath.Join(t.TempDir(), "gateway.db"))
	program.Env = append(os.Environ(), programEnv+"=1")
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	})
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", listen); err == nil {
			_ = conn.Close()
			return "http://" + listen
		}
		select {
		case <-ctx.Done():
			t.Fatal("the gateway does not start")
		case <-tick.C:
		}
	}
}

// FreeAddress takes a port that a server keeps over all its lives.
func FreeAddress(t testing.TB) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// Setup says how to serve a place.
type Setup struct {
	Place   stage.Place
	Gateway string
	Listen  string   // host:port
	Env     []string // more for the process
	Wait    time.Duration
}

// Start runs `dure serve` and waits until it answers.
func Start(t testing.TB, o Setup) (*Server, error) {
	t.Helper()
	s := &Server{Address: "http://" + o.Listen, log: &strings.Builder{}, gone: make(chan struct{})}
	s.cmd = exec.CommandContext(context.Background(), os.Args[0], "serve", "--data", o.Place.Data,
		"--database", o.Place.URL, "--listen", o.Listen, "--log", "warn", "--sandbox", "--gateway-url", o.Gateway,
		"--gateway-key", sandbox.DefaultSecretKey, "--gateway-webhook-secret", sandbox.DefaultWebhookSecret)
	s.cmd.Env = append(append(os.Environ(), programEnv+"=1"), o.Env...)
	s.cmd.Stderr, s.cmd.Stdout = s.log, io.Discard
	began := clock.System().Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.gone)
	}()
	t.Cleanup(s.Kill)
	if o.Wait == 0 {
		o.Wait = 30 * time.Second
	}
	ctx, stop := context.WithTimeout(t.Context(), o.Wait)
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.gone:
			return nil, fmt.Errorf("the server ended: %v\n%s", s.cmd.ProcessState, s.log)
		case <-ctx.Done():
			return nil, fmt.Errorf("the server is not ready: %w", ctx.Err())
		case <-tick.C:
		}
		if answers(ctx, s.Address) {
			s.Ready = clock.System().Now().Sub(began)
			return s, nil
		}
	}
}

// answers asks for something that needs the database.
func answers(ctx context.Context, address string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/deals", http.NoBody)
	if err != nil {
		return false
	}
	got, err := (&http.Client{Timeout: 5 * time.Second}).Do(r)
	if err != nil {
		return false
	}
	_ = got.Body.Close()
	return got.StatusCode == http.StatusOK
}

// Kill ends the server as nothing else does: in the middle of whatever it was at.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	<-s.gone
}

// Stop asks the server to end, and waits.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.gone
}

// Gone is closed when the server has ended; Log is what it wrote, to be read after that.
func (s *Server) Gone() <-chan struct{} { return s.gone }

// Log is what the server wrote on its standard error. Read it after Gone.
func (s *Server) Log() string { return s.log.String() }

// Status is the exit status of a server that has ended, -1 after a signal.
func (s *Server) Status() int { return s.cmd.ProcessState.ExitCode() }

// Pid is the process's number.
func (s *Server) Pid() int { return s.cmd.Process.Pid }
