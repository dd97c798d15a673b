package stage

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/sandbox"
)

// OpenGateway serves a payment gateway on this machine, with its state in memory, until stop.
func OpenGateway(ctx context.Context) (url string, stop func() error, err error) {
	address := make(chan string, 1)
	box, err := sandbox.New(ctx, sandbox.Options{Memory: true, Ready: func(url string) { address <- url }})
	if err != nil {
		return "", nil, err
	}
	listener, err := Listen(ctx)
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
