package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// The variable and the lines are those of package dbtest, which a tool must not link.
const recordVariable = "DURE_STATEMENTS"

type record struct {
	Engine string
	Text   string
}

// prepareVariable and prepareTest are those of package dbtest too: its test lets PostgreSQL prepare a list of texts.
const (
	prepareVariable = "DURE_PREPARE"
	prepareTest     = "TestPostgreSQLPreparesWhatOnlySQLiteRan"
)

// recorded runs a stage of tests that leave behind which statements ran on which engine, and adds one check: a text
// that ran on SQLite must have run on PostgreSQL, in whichever package, or PostgreSQL must at least prepare it against
// the whole schema, which finds every word and every type that it does not know.
func recorded(run testRun) func(context.Context, io.Writer) result {
	return func(ctx context.Context, out io.Writer) result {
		folder, err := os.MkdirTemp("", "dure-statements-")
		if err != nil {
			return verdict(out, err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		run.environment = append(slices.Clone(run.environment), recordVariable+"="+folder)
		r := goTest(run)(ctx, out)
		compared := verdict(out, compareEngines(folder, func(alone []string) error { return prepare(ctx, out, alone) }))
		return result{passed: r.passed + compared.passed, failed: r.failed + compared.failed}
	}
}

func compareEngines(folder string, prepare func([]string) error) error {
	heard, err := readRecords(folder)
	if err != nil {
		return err
	}
	if len(heard["sqlite"]) == 0 {
		return fmt.Errorf("no test left a record of its statements")
	}
	var alone []string
	for text := range heard["sqlite"] {
		if !heard["postgres"][text] && !ownWords(text) {
			alone = append(alone, text)
		}
	}
	if len(alone) == 0 {
		return nil
	}
	slices.Sort(alone)
	return prepare(alone)
}

func prepare(ctx context.Context, out io.Writer, texts []string) error {
	list, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp("", "dure-prepare-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(list)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%d statements ran on SQLite and in no test on PostgreSQL: it prepares them\n", len(texts))
	for _, text := range texts {
		_, _ = fmt.Fprintf(out, "  %.100s\n", strings.Join(strings.Fields(text), " "))
	}
	program := exec.CommandContext(ctx, "go", "test", "-count=1", "-run=^"+prepareTest+"$", "./internal/kit/db/dbtest")
	program.Env = append(os.Environ(), prepareVariable+"="+file.Name())
	program.Stdout, program.Stderr = out, out
	if err := program.Run(); err != nil {
		return fmt.Errorf("PostgreSQL refuses some; run them with dbtest.Each: %w", err)
	}
	return nil
}

// ownWords are texts that may stay with SQLite: those that the search seam marks so, because full-text search has no
// shared words, and those of the sandbox bank, whose own file is never anything else.
func ownWords(text string) bool {
	return strings.HasPrefix(text, "/* sqlite only */") || strings.Contains(text, " sandbox_")
}

func readRecords(folder string) (map[string]map[string]bool, error) {
	heard := map[string]map[string]bool{"sqlite": {}, "postgres": {}}
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		text, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(text)
		lines.Buffer(make([]byte, 0, 64<<10), 16<<20)
		for lines.Scan() {
			var r record
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if heard[r.Engine] != nil {
				heard[r.Engine][r.Text] = true
			}
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
		if err := text.Close(); err != nil {
			return nil, err
		}
	}
	return heard, nil
}
