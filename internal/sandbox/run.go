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
	s, err := New(ctx, o)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return errors.Join(s.Serve(ctx, listener), s.Close())
}

// Serve answers on the listener and lets the workers run by themselves until ctx ends; it closes the listener and
// leaves the sandbox open. A demo steps a sandbox through its past first and serves it afterwards.
func (s *Sandbox) Serve(ctx context.Context, listener net.Listener) error {
	if s.opts.SecretKey == DefaultSecretKey && !loopback(listener.Addr()) {
		return errors.Join(ErrOpenDoor.With("Listen", listener.Addr().String()), listener.Close())
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
	if s.opts.Ready != nil {
		s.opts.Ready("http://" + listener.Addr().String())
	}
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
		defer cancel()
		if server.Shutdown(grace) != nil {
			err = server.Close()
		}
		if late := <-served; !errors.Is(late, http.ErrServerClosed) {
			err = errors.Join(err, late)
		}
	}
	stop()
	loops.Wait()
	return err
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
