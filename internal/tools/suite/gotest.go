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
	"regexp"
	"slices"
	"strings"
)

// testRun says which packages to test, and how.
type testRun struct {
	packages    []string // all when empty
	without     []string // folders left to another stage
	flags       []string
	environment []string
	mayMiss     bool // packages that do not exist yet are left out
}

// event is one line of go test -json.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
	Elapsed    float64
}

// goTest is a stage that runs tests and counts them.
func goTest(run testRun) func(context.Context, io.Writer) result {
	return func(ctx context.Context, out io.Writer) result {
		packages, err := run.list(ctx)
		if err != nil {
			return verdict(out, err)
		}
		if len(packages) == 0 {
			return verdict(out, errors.New("there is no such package yet"))
		}
		arguments := append([]string{"test", "-json", "-timeout=20m"}, run.flags...)
		program := exec.CommandContext(ctx, "go", append(arguments, packages...)...)
		program.Env = append(os.Environ(), run.environment...)
		program.Stderr = out
		lines, err := program.StdoutPipe()
		if err != nil {
			return verdict(out, err)
		}
		if err := program.Start(); err != nil {
			return verdict(out, err)
		}
		r := follow(lines, out)
		if err := program.Wait(); err != nil && r.failed == 0 {
			r.failed += verdict(out, fmt.Errorf("go test: %w", err)).failed
		}
		return r
	}
}

// list expands the patterns to packages.
func (run testRun) list(ctx context.Context) ([]string, error) {
	patterns := run.packages
	if run.mayMiss {
		patterns = slices.DeleteFunc(slices.Clone(patterns), func(pattern string) bool {
			_, err := os.Stat(strings.TrimSuffix(pattern, "/..."))
			return err != nil
		})
		if len(patterns) == 0 {
			return nil, nil
		}
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	listed, err := exec.CommandContext(ctx, "go", append([]string{"list", "-e"}, patterns...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	return slices.DeleteFunc(strings.Fields(string(listed)), func(name string) bool {
		return slices.ContainsFunc(run.without, func(folder string) bool {
			inside := strings.TrimPrefix(name, module)
			return inside == folder || strings.HasPrefix(inside, folder+"/")
		})
	}), nil
}

// follow reads the events: it counts tests, prints a line per package and the whole output of what failed.
func follow(lines io.Reader, out io.Writer) result {
	var r result
	outputs := map[string]*strings.Builder{}
	reader := bufio.NewScanner(lines)
	reader.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for reader.Scan() {
		var e event
		if err := json.Unmarshal(reader.Bytes(), &e); err != nil {
			r.failed += unwritten(write(out, "%s\n", reader.Bytes()))
			continue
		}
		key := e.Package + e.ImportPath + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if outputs[key] == nil {
				outputs[key] = &strings.Builder{}
			}
			outputs[key].WriteString(e.Output)
		case "pass":
			r.passed += count(e)
			delete(outputs, key)
			r.failed += packageLine(out, e, "ok  ")
		case "fail", "build-fail":
			r.failed += failure(out, e, outputs[key])
			delete(outputs, key)
		case "skip":
			delete(outputs, key)
			if e.Test != "" { // otherwise a package without tests
				r.failed += 1 + unwritten(write(out, "SKIPPED %s %s: a test that cannot run must fail\n", e.Package, e.Test))
			}
		}
	}
	if err := reader.Err(); err != nil {
		r.failed += verdict(out, err).failed
	}
	return r
}

// count is 1 for a test: the closing line of a package is not one.
func count(e event) int {
	if e.Test == "" {
		return 0
	}
	return 1
}

func packageLine(out io.Writer, e event, word string) int {
	if e.Test != "" {
		return 0
	}
	return unwritten(write(out, "%s %s %.1fs\n", word, strings.TrimPrefix(e.Package, module), e.Elapsed))
}

func failure(out io.Writer, e event, output *strings.Builder) int {
	text := ""
	if output != nil {
		text = output.String()
	}
	name := strings.TrimPrefix(e.Package+e.ImportPath, module)
	if e.Test != "" {
		return 1 + unwritten(write(out, "FAIL %s %s\n%s", name, e.Test, text))
	}
	failed := packageLine(out, e, "FAIL")
	// A package fails by itself when it does not build or panics outside any test; tests are counted on their own.
	if !strings.Contains(text, "--- FAIL") && meaningful(text) {
		failed += 1 + unwritten(write(out, "FAIL %s\n%s", name, text))
	}
	return failed
}

var emptyVerdict = regexp.MustCompile(`^(FAIL|exit status \d+|ok)?(\s.*)?$`)

// meaningful tells whether a package's output says more than that one of its tests failed.
func meaningful(text string) bool {
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "[build failed]") || strings.Contains(line, "[setup failed]") ||
			!emptyVerdict.MatchString(strings.TrimSpace(line)) {
			return true
		}
	}
	return false
}
