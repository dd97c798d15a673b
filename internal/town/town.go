package town

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/town/lore"
)

// Options say which town is built, and where it lives.
type Options struct {
	Seed uint64
	At   time.Time // the town's present; zero is the machine's
	// Folder holds database, key and media.
	Folder string
	// Listener is the site's and Gateway the payment pages'; nil opens one on loopback.
	Listener, Gateway net.Listener
	// Base and GatewayBase are the public origins; "" for the listeners' own.
	Base, GatewayBase string
	GatewayKey        string // "" for the key that everybody knows: loopback only
	Still             bool   // nobody moves after the past is built
	Speed             float64
	Log               *slog.Logger
	// Open opens the database in place of db.Open, once; nil keeps it in Folder.
	Open func(context.Context, db.Options) (*db.DB, error)
	// Progress hears, many times while the past is built, how much of it has passed; nil for nobody.
	Progress func(percent int)
}

// Town is a built town, ready to be served.
type Town struct {
	*app.Server
	Sandbox *sandbox.Sandbox
	Took    time.Duration // how long building took
	options Options
	cast    *cast
	notices *noticeLine
	words   lore.Words
	life    life
	refused map[string]int
}

// Refused counts, by step and code, the refusals that people met while the past was built: a few are life.
func (t *Town) Refused() map[string]int { return t.refused }

// Build lives through three months, up to the present.
func Build(ctx context.Context, o Options) (*Town, error) {
	began := clock.System().Now()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(int) {}
	}
	t, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // three months of building left much behind that the town never needs again
	t.Took = clock.System().Now().Sub(began)
	return t, nil
}

// build makes the past, and the server that opens in the present. Nothing of the world it was made in is left.
func build(ctx context.Context, o Options) (*Town, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(buildGC))
	w, err := newWorld(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := w.live(); err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.clock.Use(w.present)
	w.ids.use(id.System(w.clock))
	if err := w.reopen(); err != nil {
		return nil, errors.Join(err, w.close())
	}
	kept := w.cast
	return &Town{Server: w.server, Sandbox: w.box, options: w.options, cast: &kept, notices: w.notices,
		words: w.data.Words, refused: w.refused}, nil
}

// buildGC lets memory grow while the past is built: it is thrown away at once.
const buildGC = 200

// Run serves the town until the context ends. People go on buying unless it was built to stand still.
func (t *Town) Run(ctx context.Context) error {
	t.notices.open(t.Handler)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var all sync.WaitGroup
	served := make(chan error, 1)
	all.Go(func() { served <- t.Sandbox.Serve(background, t.options.Gateway) })
	if !t.options.Still {
		all.Go(func() { t.goOn(ctx) })
	}
	err := t.Server.Run(ctx)
	stop()
	all.Wait()
	return errors.Join(err, <-served)
}

// Close ends the town; its folder is the caller's.
func (t *Town) Close() error {
	_ = t.options.Gateway.Close() // closed by Run already when it ran
	return errors.Join(t.Server.Close(), t.Sandbox.Close())
}

// noticeLine carries the gateway's notices. While the past is built it loses them all, as networks do; afterwards it
// calls the site.
type noticeLine struct {
	to atomic.Pointer[http.RoundTripper]
}

func (n *noticeLine) open(h http.Handler) {
	direct := sandbox.Direct(h)
	n.to.Store(&direct)
}

// RoundTrip answers as a receiver that takes everything.
func (n *noticeLine) RoundTrip(r *http.Request) (*http.Response, error) {
	if to := n.to.Load(); to != nil {
		return (*to).RoundTrip(r)
	}
	return &http.Response{Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// idSwitch lets the past have repeatable ids and the present unforeseeable ones.
type idSwitch struct {
	mu  sync.RWMutex
	now id.Source
}

func (s *idSwitch) use(next id.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = next
}

// New makes an identifier.
func (s *idSwitch) New(prefix string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.now.New(prefix)
}

// Bytes draws random bytes.
func (s *idSwitch) Bytes(n int) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.now.Bytes(n)
}

// world is the town while it is built.
type world struct {
	ctx     context.Context
	options Options
	data    lore.Town
	dice    lore.Dice
	ids     *idSwitch
	clock   *clock.Switch
	fake    *clock.Fake
	present clock.Clock // the clock after building
	now     time.Time   // the town's present
	week    time.Time   // Monday 00:00 of the present week
	today   time.Time   // 00:00 of the present day
	server  *app.Server
	box     *sandbox.Sandbox
	notices *noticeLine
	cast    cast
	agenda  agenda
	// bouncing is what shall happen to the next payout at the bank, fault.None for nothing.
	bouncing fault.Mode
	refused  map[string]int // refusals met, by code: what the script did not foresee
}

// weeksBack is how long ago the first shop registered: two quiet weeks and then three months of sales.
const weeksBack = 14

func newWorld(ctx context.Context, o Options) (*world, error) {
	w := &world{ctx: ctx, options: o, dice: lore.NewDice(o.Seed), present: clock.System(), notices: &noticeLine{},
		refused: map[string]int{}}
	var err error
	if w.data, err = lore.Read(); err != nil {
		return nil, err
	}
	if w.now = w.present.Now(); !o.At.IsZero() {
		w.present = clock.Offset{Base: w.present, Distance: o.At.Sub(w.now)}
		w.now = o.At.UTC().Truncate(time.Microsecond)
	}
	w.today = bizday.StartOfDay(w.now)
	weekday := int(w.today.In(bizday.Seoul()).Weekday()+6) % 7
	w.week = w.today.AddDate(0, 0, -weekday)
	w.fake = clock.NewFake(w.week.AddDate(0, 0, -7*weeksBack))
	w.clock = clock.NewSwitch(w.fake)
	w.ids = &idSwitch{now: id.Seeded(w.clock, o.Seed)}
	if err := w.listen(); err != nil {
		return nil, err
	}
	if err := w.open(); err != nil {
		return nil, errors.Join(err, w.options.Listener.Close(), w.options.Gateway.Close())
	}
	return w, nil
}

func (w *world) listen() (err error) {
	for _, l := range []*net.Listener{&w.options.Listener, &w.options.Gateway} {
		if *l == nil {
			if *l, err = (&net.ListenConfig{}).Listen(w.ctx, "tcp", "127.0.0.1:0"); err != nil {
				return err
			}
		}
	}
	if w.options.GatewayBase == "" {
		w.options.GatewayBase = "http://" + w.options.Gateway.Addr().String()
	}
	if w.options.GatewayKey == "" {
		w.options.GatewayKey = sandbox.DefaultSecretKey
	}
	return nil
}

// settle lets everything happen that is due now: our own work, then the gateway's, then what that brought.
func (w *world) settle() error {
	for range settleRounds {
		if err := w.server.RunAll(w.ctx); err != nil {
			return err
		}
		steps, err := w.box.Settle(w.ctx)
		if err != nil || steps == 0 {
			return err
		}
	}
	return nil
}

// settleRounds bounds the talk between us and the gateway at one instant.
const settleRounds = 8

// hasten is settle for a stop of the past: each worker works until it is idle, those that others give work work again,
// and what is left then waits for the next stop.
func (w *world) hasten() error {
	if err := w.runWorkers(func(string) bool { return true }); err != nil {
		return err
	}
	if _, err := w.box.Settle(w.ctx); err != nil {
		return err
	}
	if err := w.bounce(); err != nil {
		return err
	}
	followers := []string{"queue", "custody.bank", "settle.late", "custody.late", "sealer", "feed"}
	return w.runWorkers(func(name string) bool { return slices.Contains(followers, name) })
}

// runWorkers steps every chosen worker until it is idle, in their order.
func (w *world) runWorkers(chosen func(name string) bool) error {
	for _, one := range w.server.Workers() {
		for worked := chosen(one.Name); worked; {
			var err error
			if worked, err = one.RunOnce(w.ctx); err != nil {
				return fmt.Errorf("worker %s: %w", one.Name, err)
			}
		}
	}
	return nil
}

// db is the town's database.
func (w *world) db() *db.DB { return w.server.DB }
