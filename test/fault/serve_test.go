package fault_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/test/fault/disk"
	"github.com/dure-commerce/dure/test/fault/load"
)

// site is a server inside the test, on a disk that can break.
type site struct {
	*app.Server
	disk  *disk.Disk
	world *stage.World
	load  *load.Client
	ended chan error
	stop  context.CancelFunc
}

// options of a server over a place.
func options(p stage.Place, gateway string) app.ServerOptions {
	c := p.Config()
	c.Sandbox = true
	c.Gateway = app.GatewayConfig{URL: gateway, Key: sandbox.DefaultSecretKey,
		WebhookSecret: []string{sandbox.DefaultWebhookSecret}}
	return app.ServerOptions{Config: c, Log: slog.New(slog.DiscardHandler)}
}

// serve starts a server over a world, after change has been made to its options.
func serve(t *testing.T, w *stage.World, change func(*app.ServerOptions)) *site {
	t.Helper()
	d, err := disk.Over(w.Place.Data)
	must(t, err)
	o := options(w.Place, load.Gateway(t))
	if change != nil {
		change(&o)
	}
	s := &site{disk: d, world: w, ended: make(chan error, 1)}
	s.Server, err = app.NewServer(t.Context(), o)
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { s.ended <- s.Run(ctx) }()
	s.load = load.New(w, s.Server.URL())
	s.load.Mark = d.Mark
	t.Cleanup(func() {
		stop()
		if err, open := <-s.ended; open && err != nil {
			t.Error(err)
		}
		_ = s.Close() // a server whose disk broke says so
	})
	return s
}
