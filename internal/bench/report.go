package bench

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"runtime"
	"slices"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/bench/machine"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// Report is what a bench found.
type Report struct {
	Bench       string             `json:"bench"`
	Engine      string             `json:"engine"`
	Seconds     float64            `json:"seconds"`
	Connections int                `json:"connections"`
	Machine     Machine            `json:"machine"`
	Settings    map[string]string  `json:"settings"` // how the engine keeps its promises
	Runs        []*Figures         `json:"runs"`
	Ratios      map[string]float64 `json:"ratios"`
	Invariants  map[string]int64   `json:"invariants"` // all of them must be 0
	Goals       []Goal             `json:"goals"`
}

// Machine is what it ran on; Load is the load average when the bench began.
type Machine struct {
	Cores   int     `json:"cores"`
	System  string  `json:"system"`
	Load    string  `json:"load"`
	FlushMS float64 `json:"flush_ms"` // median time to bring 4 KB to the disk
}

// Figures are one run's.
type Figures struct {
	Name   string                 `json:"name"`
	Rate   float64                `json:"rate"`
	Unit   string                 `json:"unit"`
	Steps  map[string]load.Spread `json:"steps,omitempty"`
	Errors map[string]int         `json:"errors,omitempty"`
	Batch  float64                `json:"mean_batch,omitempty"`
	More   map[string]float64     `json:"more,omitempty"`
	result load.Result
}

// Goal is what a figure should be.
type Goal struct {
	Name string  `json:"name"`
	Got  float64 `json:"got"`
	Want float64 `json:"want"`
	Most bool    `json:"most,omitempty"` // Want is an upper bound, not a lower one
}

// Met tells whether the goal was reached.
func (g Goal) Met() bool {
	if g.Most {
		return g.Got <= g.Want
	}
	return g.Got >= g.Want
}

// Sound tells whether every invariant holds.
func (r *Report) Sound() bool {
	for _, n := range r.Invariants {
		if n != 0 {
			return false
		}
	}
	return true
}

// WriteJSON writes the report as one object.
func (r *Report) WriteJSON(to io.Writer) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Names of Ratios, Invariants and such, in a fixed order.
func Names[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }

func newReport(name string, o Options) *Report {
	return &Report{Bench: name, Engine: string(o.Engine), Seconds: o.For.Seconds(), Connections: o.Connections,
		Settings: map[string]string{}, Ratios: map[string]float64{}, Invariants: map[string]int64{}}
}

func (r *Report) run(name string, rate float64, unit string) *Figures {
	f := &Figures{Name: name, Rate: rate, Unit: unit, More: map[string]float64{}}
	r.Runs = append(r.Runs, f)
	return f
}

func (r *Report) atLeast(name string, got, want float64) {
	r.Goals = append(r.Goals, Goal{Name: name, Got: got, Want: want})
}

func (r *Report) atMost(name string, got, want float64) {
	r.Goals = append(r.Goals, Goal{Name: name, Got: got, Want: want, Most: true})
}

// ratio notes one run's rate in parts of another's.
func (r *Report) ratio(name string, a, b float64) float64 {
	if b > 0 {
		r.Ratios[name] = a / b
	}
	return r.Ratios[name]
}

// describe notes the machine and how the engine flushes.
func (s *Session) describe(ctx context.Context) error {
	flush, err := machine.Flush(s.Ground.Folder())
	if err != nil {
		return err
	}
	s.Report.Machine = Machine{Cores: runtime.GOMAXPROCS(0), System: runtime.GOOS + "/" + runtime.GOARCH,
		Load: machine.Load(), FlushMS: float64(flush.Microseconds()) / 1000}
	if s.Engine == db.SQLite {
		s.Report.Settings["synchronous"], s.Report.Settings["journal_mode"] = "full", "wal"
		return nil
	}
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "server_version"} {
		if s.Report.Settings[name], err = s.Ground.Setting(ctx, name); err != nil {
			return err
		}
	}
	return nil
}
