package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// errNotLoopback keeps a demonstration with one-click sign-ins off the network unless it is asked for.
var errNotLoopback = fail.New(fail.Invalid, "cli.not_loopback")

// demoCommand builds and runs the living town.
type demoCommand struct {
	Listen string  `help:"${listen_help}" default:"127.0.0.1:8080" env:"DURE_LISTEN"`
	Public bool    `help:"${public_help}"`
	Seed   uint64  `help:"${seed_help}" default:"1"`
	At     string  `help:"${at_help}"`
	Still  bool    `help:"${still_help}"`
	Speed  float64 `help:"${speed_help}" default:"1"`
	Log    string  `help:"${log_help}" enum:"debug,info,warn,error" default:"warn"`
}

// Run builds the town in a temporary folder, serves it, and clears it away at the end.
func (c *demoCommand) Run(ctx context.Context, io streams) (err error) {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); !c.Public && (ip == nil || !ip.IsLoopback()) {
		return errors.Join(errNotLoopback, listener.Close())
	}
	folder, err := os.MkdirTemp("", "dure-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	base := "http://" + listener.Addr().String()
	log := logger(c.Log, io.err)
	ready, ended := make(chan string, 1), make(chan error, 1)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	go func() {
		ended <- sandbox.Run(background, sandbox.Options{WebhookURL: base + "/hooks/gateway", Log: log,
			Minute: time.Second, Ready: func(url string) { ready <- url }})
	}()
	var gatewayURL string
	select {
	case gatewayURL = <-ready:
	case err := <-ended:
		return err
	}
	config := app.Config{Data: folder, Sandbox: true, Gateway: app.GatewayConfig{Key: sandbox.DefaultSecretKey,
		WebhookSecret: []string{sandbox.DefaultWebhookSecret}}}
	s, err := app.NewServer(ctx, app.ServerOptions{Config: config, Log: log, Demo: true, Relaxed: true, Listener: listener,
		GatewayURL: gatewayURL})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	_, _ = fmt.Fprintln(io.out, io.words.T("cli.demo_ready", "URL", s.BaseURL))
	return s.Run(ctx)
}
