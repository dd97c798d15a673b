package main

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const module = "github.com/dure-commerce/dure/"

// stage is one kind of check.
type stage struct {
	name  string
	about string
	tiers []string
	run   func(ctx context.Context, out io.Writer) result
}

func tiers() []string { return []string{"check", "test", "nightly"} }

// stages lists all kinds of checks in the order they run: what is quick and tells most comes first.
func stages(tier string) []stage {
	every, large, night := tiers(), []string{"test", "nightly"}, []string{"nightly"}
	return []stage{
		{"format", "gofmt", every, formatStage},
		{"vet", "go vet", every, command("go", "vet", "./...")},
		{"tidy", "rules of the house (internal/tidy)", every, goTest(testRun{packages: []string{"./internal/tidy"}})},
		{"unit", "tools and nouns", []string{"check"}, goTest(testRun{
			packages: []string{"./internal/kit/...", "./internal/market/..."}})},
		{"generate", "generated files are what their sources give", large, generateStage},
		{"lint", "golangci-lint", large, command("go", "tool", "-modfile=tools/go.mod", "golangci-lint", "run", "./...")},
		{"tests", "rules, stores on both engines, flows, pages", large, recorded(testRun{
			without: separate(), flags: []string{"-count=1"}})},
		{"faults", "kills, power cuts, full disks, cut lines, crowds, several nodes (docs/faults.md)", large, goTest(testRun{
			packages: []string{"./test/fault/...", "./internal/app/crowdtest", "./internal/app/nodestest"},
			flags:    []string{"-count=1", "-timeout=60m"}, environment: faultSize(tier), mayMiss: true})},
		{"race", "race detector on what runs at once", []string{"test"}, goTest(testRun{
			packages: concurrent(), flags: []string{"-race"}, environment: withC(), mayMiss: true})},
		{"simulation", "the whole system from seeds (internal/sim)", large, goTest(testRun{
			packages: []string{"./internal/sim/..."}, flags: []string{"-timeout=60m"}, environment: simulationSize(tier),
			mayMiss: true})},
		{"browser", "journeys in Chromium (internal/web/e2e)", large, goTest(testRun{
			packages: []string{"./internal/web/e2e/..."}})},
		{"fuzz", "hostile input", large, fuzzStage(tier)},
		{"chart", "the Helm chart, by Helm itself", night, command("go", "tool", "-modfile=tools/helm.mod", "helm", "lint",
			"--strict", "deploy/helm/dure")},
		{"race-all", "race detector on everything", night, goTest(testRun{
			without: separate(), flags: []string{"-race"}, environment: withC()})},
	}
}

// leftOut says what a tier does not run, so that nobody takes it for more than it is.
func leftOut(tier string) []string {
	switch tier {
	case "check":
		return []string{"lint, flows, pages, simulation, browser and fuzzing: make test",
			"race detector: make test (where things run at once), make nightly (everything)"}
	case "test":
		return []string{"long simulation (more seeds): make nightly, or make sim N=10000",
			"faults in numbers (200 kills, 1,000 power cuts, a crowd of 100,000): make nightly",
			"race detector on every package: make nightly", "long fuzzing: make nightly", "benchmarks: make bench"}
	}
	return []string{"benchmarks: make bench"}
}

// separate are the packages that have a stage of their own.
func separate() []string {
	return []string{"internal/tidy", "internal/sim", "internal/web/e2e", "test/fault", "internal/app/crowdtest",
		"internal/app/nodestest"}
}

// concurrent are the packages whose goroutines share state.
func concurrent() []string {
	return []string{"./internal/kit/lane/...", "./internal/kit/live/...", "./internal/kit/queue/...",
		"./internal/kit/feed/...", "./internal/kit/lease/...", "./internal/kit/limit/..."}
}

// withC lets the race detector in, which is written in C; all else is built and tested without, as it is shipped.
func withC() []string { return []string{"CGO_ENABLED=1"} }

// simulationSize is read by internal/sim: seeds per run. Its own default is that of the tier test.
func simulationSize(tier string) []string {
	if tier == "nightly" {
		return []string{"DURE_SIM_SEEDS=10000"}
	}
	return nil
}

// faultSize is read by the fault tests: how often faults at random come, and how large crowds are.
func faultSize(tier string) []string {
	if tier == "nightly" {
		return []string{"DURE_FAULT_ROUNDS=200", "DURE_FAULT_CUTS=1000", "DURE_LONG=1"}
	}
	return nil
}

// command is a stage that passes when a program ends well.
func command(name string, arguments ...string) func(context.Context, io.Writer) result {
	return func(ctx context.Context, out io.Writer) result {
		program := exec.CommandContext(ctx, name, arguments...)
		program.Stdout, program.Stderr = out, out
		return verdict(out, program.Run())
	}
}

// verdict counts a stage that is one check.
func verdict(out io.Writer, err error) result {
	if err == nil {
		return result{passed: 1}
	}
	return result{failed: 1 + unwritten(write(out, "%v\n", err))}
}

// unwritten is 1 when even the message could not be written.
func unwritten(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

func formatStage(_ context.Context, out io.Writer) result {
	var wrong []string
	err := eachFile(".go", func(path string, text []byte) error {
		formatted, err := format.Source(text)
		if err == nil && !bytes.Equal(formatted, text) {
			wrong = append(wrong, path)
		}
		return err
	})
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("run gofmt -w on:\n  %s", strings.Join(wrong, "\n  "))
	}
	return verdict(out, err)
}

// eachFile walks the files of one kind that people or tools of this repository wrote.
func eachFile(suffix string, visit func(path string, text []byte) error) error {
	return filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata", "bin", "out"}, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, suffix):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return visit(path, text)
	})
}

// generateStage generates again and fails when that changed anything.
func generateStage(ctx context.Context, out io.Writer) result {
	before, err := generated()
	if err != nil {
		return verdict(out, err)
	}
	for _, step := range [][]string{{"tool", "templ", "generate", "-log-level", "error"}, {"generate", "./..."}} {
		program := exec.CommandContext(ctx, "go", step...)
		program.Stdout, program.Stderr = out, out
		if err := program.Run(); err != nil {
			return verdict(out, fmt.Errorf("go %s: %w", strings.Join(step, " "), err))
		}
	}
	after, err := generated()
	if err != nil {
		return verdict(out, err)
	}
	stale, err := staleFiles(before, after)
	if len(stale) > 0 {
		err = fmt.Errorf("these were not what their sources give; commit what make generate wrote:\n  %s",
			strings.Join(stale, "\n  "))
	}
	return verdict(out, err)
}

// ranFrom matches the one thing in generated pages that depends on the folder templ was started in.
var ranFrom = regexp.MustCompile("FileName: `[^`]*`")

// staleFiles gives what the generators changed, and puts back what differs only by where they were started.
func staleFiles(before, after map[string]string) ([]string, error) {
	var stale []string
	for path, text := range after {
		if before[path] == text {
			continue
		}
		if ranFrom.ReplaceAllString(before[path], "") != ranFrom.ReplaceAllString(text, "") {
			stale = append(stale, path)
			continue
		}
		if err := os.WriteFile(path, []byte(before[path]), 0o644); err != nil {
			return stale, err
		}
	}
	slices.Sort(stale)
	return stale, nil
}

// generated reads every file that a generator writes.
func generated() (map[string]string, error) {
	texts := map[string]string{}
	keep := func(path string, text []byte) error {
		built := strings.Contains(filepath.ToSlash(path), "/asset/dist/")
		if built || strings.HasSuffix(path, "_templ.go") || bytes.HasPrefix(text, []byte("// Code generated ")) {
			texts[path] = string(text)
		}
		return nil
	}
	return texts, eachFile("", keep)
}
