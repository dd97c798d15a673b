package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// openGateway serves a payment gateway on this machine, with its state in memory, until stop.
func openGateway(ctx context.Context) (url string, stop func() error, err error) {
	address := make(chan string, 1)
	box, err := sandbox.New(ctx, sandbox.Options{Memory: true, Ready: func(url string) { address <- url }})
	if err != nil {
		return "", nil, err
	}
	listener, err := stage.Listen(ctx)
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- box.Serve(ctx, listener) }()
	stop = func() error {
		cancel()
		return errors.Join(<-ended, box.Close())
	}
	select {
	case url = <-address:
		return url, stop, nil
	case err = <-ended:
		cancel()
		return "", nil, err
	}
}

// profile writes where the server spends its time while it is measured, when a folder is given; wait returns once it is
// written.
func (s *Session) profile(ctx context.Context, node *stage.Node, o sale) (wait func()) {
	seconds := int((s.Warm + s.For).Seconds())
	if s.Profile == "" || o.quickly || seconds == 0 {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		file := filepath.Join(s.Profile, fmt.Sprintf("%s-%s-%s.pprof", s.Report.Bench, s.Engine, o.name))
		if err := node.Profile(ctx, file, seconds); err != nil {
			s.Say(err.Error())
		}
	}()
	return func() { <-done }
}
