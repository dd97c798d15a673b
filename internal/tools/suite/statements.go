package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
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

// recorded runs a stage of tests that leave behind which statements ran on which engine, and adds one check: a text
// that ran on SQLite must have run on PostgreSQL, in whichever package.
func recorded(run testRun) func(context.Context, io.Writer) result {
	return func(ctx context.Context, out io.Writer) result {
		folder, err := os.MkdirTemp("", "dure-statements-")
		if err != nil {
			return verdict(out, err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		run.environment = append(slices.Clone(run.environment), recordVariable+"="+folder)
		r := goTest(run)(ctx, out)
		compared := verdict(out, compareEngines(folder))
		return result{passed: r.passed + compared.passed, failed: r.failed + compared.failed}
	}
}

func compareEngines(folder string) error {
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
	return fmt.Errorf("%d statements ran on SQLite and in no test on PostgreSQL; test them with dbtest.Each:\n  %s",
		len(alone), strings.Join(alone, "\n  "))
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
