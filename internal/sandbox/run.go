package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	idleWait     = 100 * time.Millisecond // between two looks for due work
	shutdownWait = 5 * time.Second
	headerMax    = 16 << 10
)

// Run opens the listener, works until ctx ends, and closes everything. It is the command `dure sandbox`.
func Run(ctx context.Context, o Options) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", orText(o.Listen, "127.0.0.1:0"))
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if orText(o.SecretKey, DefaultSecretKey) == DefaultSecretKey && !loopback(listener.Addr()) {
		return errors.Join(ErrOpenDoor.With("Listen", o.Listen), listener.Close())
	}
	s, err := New(ctx, o)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var loops sync.WaitGroup
	s.start(ctx, &loops, func(err error) {
		s.opts.Log.Error("sandbox stops", "error", err)
		stop()
	})
	server := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: headerMax,
		// Callers that hang in a suppressed answer are let go when the sandbox ends.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if o.Ready != nil {
		o.Ready("http://" + listener.Addr().String())
	}
	select {
	case err = <-served:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
		defer cancel()
		if server.Shutdown(grace) != nil {
			err = server.Close()
		}
		<-served
	}
	stop()
	loops.Wait()
	return errors.Join(err, s.Close())
}

func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// start runs each worker in a loop of its own, and the sender of webhooks in several.
func (s *Sandbox) start(ctx context.Context, loops *sync.WaitGroup, failed func(error)) {
	for _, w := range s.workers {
		n := 1
		if w.Name == workerWebhook {
			n = s.opts.WebhookSenders
		}
		for range n {
			loops.Go(func() {
				if err := loop(ctx, w); err != nil {
					failed(err)
				}
			})
		}
	}
}

func loop(ctx context.Context, w Worker) error {
	for ctx.Err() == nil {
		worked, err := w.RunOnce(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
		if worked {
			continue
		}
		idle, cancel := context.WithTimeout(ctx, idleWait)
		<-idle.Done()
		cancel()
	}
	return nil
}
