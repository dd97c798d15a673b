package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/dure-commerce/dure/internal/bench"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// benchCommand measures the product on this machine.
type benchCommand struct {
	Names       []string `arg:"" optional:"" name:"name" help:"${bench_name_help}"`
	Engine      string   `help:"${engine_help}" default:"sqlite" enum:"sqlite,postgres"`
	Seconds     int      `help:"${seconds_help}" default:"10"`
	Connections int      `help:"${connections_help}"`
	Rows        []int    `help:"${rows_help}" default:"10000,100000"`
	JSON        bool     `name:"json" help:"${json_help}"`
	Check       bool     `help:"${check_help}"`
	Profile     string   `type:"existingdir" help:"${profile_help}"`
	Database    string   `help:"${bench_database_help}" env:"DURE_DATABASE_URL"`
}

// errWhich asks what is to be measured.
var errWhich = fail.New(fail.Invalid, "bench.which")

// Run measures, prints, and ends with status 1 when an invariant broke or, with Check, when a ratio has fallen.
func (c *benchCommand) Run(ctx context.Context, io streams) error {
	names, err := c.chosen()
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := bench.Find(name); err != nil {
			return err
		}
	}
	sound := true
	for _, name := range names {
		o := bench.Options{Engine: db.Engine(c.Engine), For: time.Duration(c.Seconds) * time.Second,
			Connections: c.Connections, Rows: c.Rows, Profile: c.Profile}
		if o.Engine == db.Postgres {
			o.DatabaseURL = c.Database
		}
		o.Say = func(text string) { _, _ = fmt.Fprintln(io.err, text) }
		report, err := bench.Run(ctx, name, o)
		if err != nil {
			return err
		}
		if c.JSON {
			err = report.WriteJSON(io.out)
		} else {
			err = writeBench(io, report)
		}
		if err != nil {
			return err
		}
		kept, err := c.compare(io, report)
		if err != nil {
			return err
		}
		sound = sound && kept && report.Sound()
	}
	if !sound {
		return errEnded
	}
	return nil
}

// chosen are the benches to run: with Check and no name those that the baseline knows.
func (c *benchCommand) chosen() ([]string, error) {
	if len(c.Names) > 0 {
		return c.Names, nil
	}
	if !c.Check {
		return nil, errWhich.With("Names", benchNames())
	}
	all, err := bench.Baseline()
	var names []string
	for _, b := range bench.All() {
		if _, ok := all[b.Name+"/"+c.Engine]; ok {
			names = append(names, b.Name)
		}
	}
	return names, err
}

// compare tells of ratios that have fallen.
func (c *benchCommand) compare(io streams, r *bench.Report) (kept bool, err error) {
	if !c.Check {
		return true, nil
	}
	fallen, err := r.Fallen()
	for _, f := range fallen {
		_, _ = fmt.Fprintln(io.err, io.words.T("bench.fallen", "Bench", r.Bench, "Name", f.Name,
			"Was", fmt.Sprintf("%.2f", f.Was), "Got", fmt.Sprintf("%.2f", f.Got)))
	}
	return len(fallen) == 0, err
}

// writeBench writes a report as tables.
func writeBench(s streams, r *bench.Report) error {
	say := func(key string, pairs ...any) string { return s.words.T("bench."+key, pairs...) }
	var err error
	line := func(to io.Writer, format string, args ...any) {
		_, e := fmt.Fprintf(to, format+"\n", args...)
		err = errors.Join(err, e)
	}
	line(s.out, "%s", say("head", "Bench", r.Bench, "Engine", r.Engine, "Cores", r.Machine.Cores, "Load", r.Machine.Load,
		"Flush", fmt.Sprintf("%.2f", r.Machine.FlushMS)))
	for _, name := range bench.Names(r.Settings) {
		line(s.out, "  %s = %s", name, r.Settings[name])
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	line(table, "\n%s\t%s\tp50 ms\tp95 ms\tp99 ms\tmax ms\t%s", say("run"), say("rate"), say("batch"))
	for _, f := range r.Runs {
		line(table, "%s\t%.0f %s\t\t\t\t\t%.1f", f.Name, f.Rate, f.Unit, f.Batch)
		for _, step := range bench.Names(f.Steps) {
			t := f.Steps[step]
			line(table, "  %s\t\t%.1f\t%.1f\t%.1f\t%.1f\t", step, t.P50, t.P95, t.P99, t.Max)
		}
		for _, name := range bench.Names(f.More) {
			line(table, "  %s\t%.1f\t\t\t\t\t", name, f.More[name])
		}
		for _, name := range bench.Names(f.Errors) {
			line(table, "  %s\t%d\t\t\t\t\t", name, f.Errors[name])
		}
	}
	line(table, "\n%s\t%s\t%s\t", say("goal"), say("got"), say("want"))
	for _, g := range r.Goals {
		word, sign := say("missed"), "≥"
		if g.Met() {
			word = say("met")
		}
		if g.Most {
			sign = "≤"
		}
		line(table, "%s\t%.2f\t%s %.2f\t%s", g.Name, g.Got, sign, g.Want, word)
	}
	line(table, "\n%s\t\t", say("invariants"))
	for _, name := range bench.Names(r.Invariants) {
		line(table, "%s\t%d\t", name, r.Invariants[name])
	}
	return errors.Join(err, table.Flush())
}

// benchPartCommand is a process of a bench: a server or its callers. Nobody starts it by hand.
type benchPartCommand struct {
	Part    string `arg:""`
	Options string `arg:""`
}

// Run is the part's life.
func (c *benchPartCommand) Run(ctx context.Context, io streams) error {
	return bench.Part(ctx, []string{c.Part, c.Options}, os.Stdin, io.out)
}
