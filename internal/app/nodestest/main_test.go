package nodestest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/schema"
)

// childEnv makes the test binary be a server instead of a test.
const childEnv = "DURE_NODES_CHILD"

// life is what a server is started with.
type life struct {
	Database, Folder, Listen, Gateway string
	Ahead                             time.Duration // of the machine's clock: into the sale
	Cluster                           app.ClusterConfig
	Extra                             map[string]string // migrations of a later program: path → text
}

func TestMain(m *testing.M) {
	text := os.Getenv(childEnv)
	if text == "" {
		m.Run() // its result becomes the process's exit code when TestMain returns
		return
	}
	var in life
	err := json.Unmarshal([]byte(text), &in)
	if err == nil {
		err = in.serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		fmt.Fprintln(os.Stdout, "failed:", err)
	}
}

func (l life) options(now clock.Clock) app.ServerOptions {
	files := fstest.MapFS{}
	for path, text := range l.Extra {
		files[path] = &fstest.MapFile{Data: []byte(text)}
	}
	o := app.ServerOptions{Clock: now, GatewayURL: l.Gateway, Config: app.Config{Listen: l.Listen, Data: l.Folder,
		Database: l.Database, Base: "http://dure.test", Sandbox: true, Cluster: l.Cluster,
		Gateway: app.GatewayConfig{Key: sandbox.DefaultSecretKey,
			WebhookSecret: []string{sandbox.DefaultWebhookSecret}, Timeout: 5 * time.Second}}}
	if len(files) > 0 {
		o.Schema = schema.Book{Extra: files}
	}
	return o
}

// serve is `dure serve` in another time.
func (l life) serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	o := l.options(clock.Offset{Base: clock.System(), Distance: l.Ahead})
	o.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := app.NewServer(ctx, o)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	fmt.Fprintln(os.Stdout, "ready")
	return s.Run(ctx)
}
