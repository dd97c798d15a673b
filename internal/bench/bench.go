package bench

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrName is a bench that there is not.
var ErrName = fail.New(fail.Invalid, "bench.unknown")

// ErrOnly is a bench that one engine alone can do.
var ErrOnly = fail.New(fail.Invalid, "bench.only")

// Options say what is measured, and for how long.
type Options struct {
	Engine      db.Engine
	DatabaseURL string        // PostgreSQL: a server to use; "" starts one
	For         time.Duration // measured time of each run
	Warm        time.Duration // before it
	Connections int
	Rows        []int  // of the bench report
	Profile     string // folder for profiles of the server, "" writes none
	Quick       bool   // a short look that measures nothing worth telling: small worlds, few runs
	Say         func(text string)
}

// Bench is one measurement.
type Bench struct {
	Name        string
	Connections int       // unless told otherwise
	Only        db.Engine // the one it is about; "" for both
	Run         func(ctx context.Context, b *Session) error
}

// All lists the benches, the most important first.
func All() []Bench {
	return []Bench{
		{Name: "hot-deal", Connections: 256, Run: hotDeal},
		{Name: "redeem", Connections: 256, Run: redeem},
		{Name: "join", Connections: 256, Run: join},
		{Name: "live", Connections: 1, Run: live},
		{Name: "pages", Connections: 256, Run: pages},
		{Name: "ledger", Connections: 1, Run: book},
		{Name: "spread", Connections: 256, Run: spread},
		{Name: "nodes", Connections: 255, Only: db.Postgres, Run: nodes},
		{Name: "feed", Connections: 256, Run: follow},
		{Name: "refund", Connections: 1, Run: giveBack},
		{Name: "report", Connections: reportCallers, Run: grow},
	}
}

// Find gives a bench by its name.
func Find(name string) (Bench, error) {
	for _, b := range All() {
		if b.Name == name {
			return b, nil
		}
	}
	return Bench{}, ErrName.With("Name", name)
}

// Session is a bench that runs: where, how, and what it has found so far.
type Session struct {
	Options
	Ground *stage.Ground
	Report *Report
}

// askerGC lets the asking process gather garbage: it has the memory.
const askerGC = 800

const (
	measuredDefault = 10 * time.Second
	warmDefault     = 2 * time.Second
)

// Run measures and reports. An invariant that breaks stands in the report; an error is a bench that could not be done.
func Run(ctx context.Context, name string, o Options) (report *Report, err error) {
	b, err := Find(name)
	if err != nil {
		return nil, err
	}
	if b.Only != "" && b.Only != o.Engine {
		return nil, ErrOnly.With("Name", name, "Engine", string(b.Only))
	}
	if o.For <= 0 {
		o.For = measuredDefault
	}
	if o.Warm <= 0 {
		o.Warm = min(warmDefault, o.For)
	}
	if o.Connections <= 0 {
		o.Connections = b.Connections
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	// Who asks shares the processors with who answers: it should take as little of them as it can.
	defer debug.SetGCPercent(debug.SetGCPercent(askerGC))
	ground, err := stage.Open(ctx, o.Engine, o.DatabaseURL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ground.Close()) }()
	s := &Session{Options: o, Ground: ground, Report: newReport(name, o)}
	if err := s.describe(ctx); err != nil {
		return nil, err
	}
	return s.Report, b.Run(ctx, s)
}
