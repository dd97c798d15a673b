// Command suite runs the checks and tests of a tier, stage by stage, and ends with one line: "N passed, N failed".
//
// Tiers: check (under a minute, while working), test (what CI runs) and nightly (everything). Each tier says what it
// left out. A stage that cannot run fails; nothing is skipped.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

func main() {
	tier := flag.String("tier", "test", "check, test or nightly")
	only := flag.String("only", "", "run only these stages of the tier, separated by commas")
	golden := flag.Bool("golden", false, "write golden files anew instead of testing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *golden {
		err = writeGolden(ctx, os.Stdout)
	} else {
		err = run(ctx, os.Stdout, *tier, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		os.Exit(1)
	}
}

// result is how a stage went.
type result struct {
	stage          string
	passed, failed int
	took           time.Duration
}

func run(ctx context.Context, out io.Writer, tier, only string) error {
	chosen, err := choose(tier, only)
	if err != nil {
		return err
	}
	var results []result
	for _, s := range chosen {
		if err := write(out, "\n== %s: %s\n", s.name, s.about); err != nil {
			return err
		}
		began := time.Now()
		r := s.run(ctx, out)
		r.stage, r.took = s.name, time.Since(began).Round(100*time.Millisecond)
		results = append(results, r)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return summarise(out, tier, results)
}

// choose gives the stages of a tier, or the named ones among all.
func choose(tier, only string) ([]stage, error) {
	if !slices.Contains(tiers(), tier) {
		return nil, fmt.Errorf("no tier %q: there are %s", tier, strings.Join(tiers(), ", "))
	}
	var chosen []stage
	for _, s := range stages(tier) {
		if only == "" && slices.Contains(s.tiers, tier) || slices.Contains(strings.Split(only, ","), s.name) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no stage is called %q", only)
	}
	return chosen, nil
}

// summarise prints the table, what the tier leaves out, and the closing line.
func summarise(out io.Writer, tier string, results []result) error {
	var passed, failed int
	var took time.Duration
	if err := write(out, "\n%-12s %8s %8s %10s\n", "stage", "passed", "failed", "time"); err != nil {
		return err
	}
	for _, r := range results {
		passed, failed, took = passed+r.passed, failed+r.failed, took+r.took
		if err := write(out, "%-12s %8d %8d %10s\n", r.stage, r.passed, r.failed, r.took); err != nil {
			return err
		}
	}
	err := write(out, "%-12s %8d %8d %10s\n\n", "all", passed, failed, took)
	for _, left := range leftOut(tier) {
		if err == nil {
			err = write(out, "not run in this tier: %s\n", left)
		}
	}
	if err == nil {
		err = write(out, "\n%d passed, %d failed\n", passed, failed)
	}
	if err == nil && (failed > 0 || passed == 0) {
		err = fmt.Errorf("%s failed", failedStages(results))
	}
	return err
}

func failedStages(results []result) string {
	var names []string
	for _, r := range results {
		if r.failed > 0 {
			names = append(names, r.stage)
		}
	}
	if len(names) == 0 {
		return "every stage was empty, which"
	}
	return strings.Join(names, ", ")
}

func write(out io.Writer, format string, arguments ...any) error {
	_, err := fmt.Fprintf(out, format, arguments...)
	return err
}
