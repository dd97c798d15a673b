package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/scrub"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/kit/live/natsbus"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/node"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/kit/rootkey"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/schema"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// ServerOptions are what a server is made of besides its configuration.
type ServerOptions struct {
	Config  Config
	Clock   clock.Clock // nil: the machine's
	IDs     id.Source   // nil: random
	Log     *slog.Logger
	Demo    bool
	Relaxed bool // SQLite without synchronous writes: for worlds that can be built again
	// Lanes bound the lanes, and Writers the connections that write to PostgreSQL; zero values give defaults.
	Lanes   lane.Options
	Writers int
	// GuardClock refuses writes while the clock differs from PostgreSQL's; set where Clock is nil.
	GuardClock bool
	// Schema are the migrations, for tests of programs to come.
	Schema schema.Book
	// Open opens the database in place of db.Open, for tests that run the whole server on a database of theirs.
	Open func(context.Context, db.Options) (*db.DB, error)
	// Listener is used instead of Config.Listen when given.
	Listener net.Listener
	// HeaderWait and BodyWait are how long a caller may take to send a request's head and all of it; 0 for the defaults.
	HeaderWait, BodyWait time.Duration
	// Gateway overrides the configured gateway address, for the sandbox that runs beside the server.
	GatewayURL string
	// GatewayTransport carries calls to the gateway; nil means HTTP over the network.
	GatewayTransport http.RoundTripper
}

// Server is one node: domain, pages and background work.
type Server struct {
	*Core
	Options  ServerOptions
	Frame    *request.Frame
	Hub      *live.Hub
	Bundle   *i18n.Bundle
	Sessions *session.Sessions
	Media    blob.Store
	Mailer   mail.Mailer
	Handler  http.Handler
	Life     *node.Life
	Bus      *natsbus.Bus // nil where no other nodes are configured
	guard    *node.Guard
	draining atomic.Bool
	listener net.Listener
}

// NewServer opens and migrates the database and wires everything; it serves nothing yet.
func NewServer(ctx context.Context, o ServerOptions) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock, o.GuardClock = SteadyClock(o.Log, nil), true
	}
	if o.IDs == nil {
		o.IDs = id.System(o.Clock)
	}
	if err := os.MkdirAll(o.Config.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if o.Open == nil {
		o.Open = db.Open
	}
	d, err := o.Open(ctx, db.Options{URL: o.Config.DatabaseURL(), Clock: o.Clock, IDs: o.IDs, Log: o.Log,
		Relaxed: o.Relaxed, Writers: o.Writers, Pulse: true})
	if err != nil {
		return nil, err
	}
	s, err := buildServer(ctx, o, d)
	if err != nil {
		return nil, errors.Join(scrub.Explain(ctx, d, err), d.Close())
	}
	return s, nil
}

func buildServer(ctx context.Context, o ServerOptions, d *db.DB) (*Server, error) {
	if err := o.fit(ctx, d); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	if err := seed(ctx, d); err != nil {
		return nil, err
	}
	key, err := o.Config.rootKey(o.IDs)
	if err != nil {
		return nil, err
	}
	if err := rootkey.Agree(ctx, d, key); err != nil {
		return nil, err
	}
	s := &Server{Options: o}
	if s.Bundle, err = i18n.New(locale.Files); err != nil {
		return nil, err
	}
	if s.Media, err = o.Config.OpenMedia(ctx, d.IDs().New("prc")); err != nil {
		return nil, err
	}
	if s.Mailer, err = o.Config.Mail.mailer(d); err != nil {
		return nil, err
	}
	if err := s.listen(ctx); err != nil {
		return nil, err
	}
	base := o.Config.base(s.listener.Addr().String())
	if err := s.wireCore(d, key, base); err != nil {
		return nil, errors.Join(err, s.listener.Close())
	}
	if err := s.joinNodes(ctx); err != nil {
		return nil, errors.Join(err, s.listener.Close())
	}
	hub := live.Options{IDs: o.IDs, Log: o.Log}
	if s.Bus != nil {
		hub.Bus = s.Bus
	}
	if s.Hub, err = live.New(hub); err != nil {
		return nil, errors.Join(err, s.leaveNodes(ctx), s.listener.Close())
	}
	s.Hub.Attach(d)
	s.Sessions = session.New(d, session.Options{Secure: o.Config.Secure})
	s.Frame = s.frame(base)
	s.Handler = s.routes()
	return s, nil
}

// listen takes the port early: its address is part of every link when no base is configured.
func (s *Server) listen(ctx context.Context) (err error) {
	s.listener = s.Options.Listener
	if s.listener == nil {
		s.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", s.Options.Config.Listen)
	}
	return err
}

func (s *Server) wireCore(d *db.DB, key sign.Key, base string) error {
	o := s.Options
	options := CoreOptions{DB: d, Key: key, BaseURL: base, Log: o.Log, Words: s.Bundle, Mailer: s.Mailer, Demo: o.Demo,
		Media: s.Media, LaneOptions: o.Lanes}
	url := o.GatewayURL
	if url == "" {
		url = o.Config.Gateway.URL
	}
	if url != "" {
		client, err := toss.New(toss.Options{URL: url, SecretKey: o.Config.Gateway.Key,
			WebhookSecret: o.Config.Gateway.WebhookSecret, Timeout: o.Config.Gateway.Timeout, Transport: o.GatewayTransport})
		if err != nil {
			return err
		}
		options.Gateway, options.GatewayName = client, "toss"
		if o.Config.Sandbox {
			options.Simulator, options.GatewayName = client, "sandbox"
		}
	}
	if err := o.services(&options, url); err != nil {
		return err
	}
	core, err := NewCore(options)
	s.Core = core
	return err
}

func (m MailConfig) mailer(d *db.DB) (mail.Mailer, error) {
	if m.Host == "" {
		return mail.NewBox(d), nil
	}
	return mail.NewSMTP(mail.Server{Host: m.Host, Port: m.Port, Security: mail.StartTLS, Username: m.Username,
		Password: m.Password, From: m.From, FromName: "두레"})
}

func (s *Server) frame(base string) *request.Frame {
	o := s.Options
	seller := o.Config.Seller
	return &request.Frame{
		DB: s.DB, Bundle: s.Bundle, Sessions: s.Sessions, Log: o.Log, Base: base, Secure: o.Config.Secure,
		Proxies: o.Config.Proxies, Demo: o.Demo, Seen: s.Signup.Seen,
		Seller: ui.Seller{Name: seller.Name, Head: seller.Head, Number: seller.Number, MailOrder: seller.MailOrder,
			Address: seller.Address, Phone: seller.Phone, Email: seller.Email, Broker: true},
	}
}

// URL is the address the server listens on.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

const (
	headerWait   = 10 * time.Second
	bodyWait     = 60 * time.Second
	idleWait     = 120 * time.Second
	shutdownWait = 10 * time.Second
)

// Run serves and works until the context ends, then lets requests finish.
func (s *Server) Run(ctx context.Context) error {
	o := s.Options
	server := &http.Server{Handler: bounded(s.Handler, requestsMax, followersMax),
		ReadHeaderTimeout: cmp.Or(o.HeaderWait, headerWait),
		ReadTimeout:       cmp.Or(o.BodyWait, bodyWait), WriteTimeout: cmp.Or(o.BodyWait, bodyWait), IdleTimeout: idleWait,
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       slog.NewLogLogger(s.Options.Log.Handler(), slog.LevelWarn)}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { queue.RunWorkers(background, s.Options.Log, append(s.Workers(), s.housekeeping()...)...) })
	all.Go(func() {
		if err := s.Hub.Run(background); err != nil && background.Err() == nil {
			s.Options.Log.Error("live hub ended", "error", err)
		}
	})
	all.Go(func() { collectByLoad(background) })
	served := make(chan error, 1)
	go func() { served <- server.Serve(s.listener) }()
	var err error
	select {
	case <-ctx.Done():
		ended := s.drain(served)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
		defer cancel()
		stop() // open streams end first, so that the shutdown does not wait for them
		err = errors.Join(ended, server.Shutdown(grace))
	case err = <-served:
	case <-s.DB.Broken():
		// Nobody is answered any more, and nothing is folded or flushed: the next process reads what there is.
		err = errors.Join(s.DB.Fault(), server.Close())
	}
	stop()
	all.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Close ends the lanes and the database, and gives back the lease on the feed: who serves next need not wait for its
// end.
func (s *Server) Close() error {
	_ = s.listener.Close() // closed by Run already when it ran
	s.Core.Close()
	ctx := context.Background()
	return errors.Join(s.Leases.Release(ctx), s.leaveNodes(ctx), s.DB.Close())
}
