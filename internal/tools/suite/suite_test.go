package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// full spells the module's path out, which the tests below shorten to M.
func full(lines string) io.Reader {
	return strings.NewReader(strings.ReplaceAll(lines, `"M/`, `"`+module))
}

func TestFollowCountsTestsAndShowsOnlyFailures(t *testing.T) {
	const lines = `{"Action":"start","Package":"M/internal/a"}
{"Action":"output","Package":"M/internal/a","Test":"TestGood","Output":"quiet\n"}
{"Action":"pass","Package":"M/internal/a","Test":"TestGood"}
{"Action":"output","Package":"M/internal/a","Test":"TestBad","Output":"    a_test.go:3: loud\n"}
{"Action":"output","Package":"M/internal/a","Test":"TestBad","Output":"--- FAIL: TestBad\n"}
{"Action":"fail","Package":"M/internal/a","Test":"TestBad"}
{"Action":"output","Package":"M/internal/a","Output":"FAIL\n"}
{"Action":"output","Package":"M/internal/a","Output":"FAIL\tgithub.com/x\t0.1s\n"}
{"Action":"fail","Package":"M/internal/a","Elapsed":0.1}
{"Action":"pass","Package":"M/internal/b","Test":"TestFine"}
{"Action":"pass","Package":"M/internal/b","Elapsed":0.2}
`
	var out strings.Builder
	r := follow(full(lines), &out)
	if r.passed != 2 || r.failed != 1 {
		t.Errorf("%d passed, %d failed; want 2 and 1", r.passed, r.failed)
	}
	const want = "FAIL internal/a TestBad\n    a_test.go:3: loud\n--- FAIL: TestBad\n" +
		"FAIL internal/a 0.1s\nok   internal/b 0.2s\n"
	if out.String() != want {
		t.Errorf("printed:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestFollowCountsAPackageThatDoesNotBuild(t *testing.T) {
	const lines = `{"Action":"build-output","ImportPath":"M/internal/a","Output":"a.go:1: no\n"}
{"Action":"build-fail","ImportPath":"M/internal/a"}
{"Action":"output","Package":"M/internal/a","Output":"FAIL\tinternal/a [build failed]\n"}
{"Action":"fail","Package":"M/internal/a","Elapsed":0}
`
	var out strings.Builder
	if r := follow(full(lines), &out); r.failed == 0 || r.passed != 0 {
		t.Errorf("%d passed, %d failed; want a failure", r.passed, r.failed)
	}
	if !strings.Contains(out.String(), "a.go:1: no") {
		t.Errorf("the compiler's words are missing:\n%s", out.String())
	}
}

func TestFollowCountsACrashOutsideAnyTest(t *testing.T) {
	const lines = `{"Action":"output","Package":"p","Output":"panic: outside\n"}
{"Action":"fail","Package":"p","Elapsed":0}
`
	var out strings.Builder
	if r := follow(full(lines), &out); r.failed != 1 || !strings.Contains(out.String(), "panic: outside") {
		t.Errorf("%d failed:\n%s", r.failed, out.String())
	}
}

func TestSummaryEndsWithThePlainLine(t *testing.T) {
	results := []result{{"vet", 1, 0, time.Second}, {"tests", 40, 2, time.Minute}}
	var out strings.Builder
	err := summarise(&out, "test", results)
	if err == nil || err.Error() != "tests failed" {
		t.Errorf("error %v, want: tests failed", err)
	}
	if !strings.HasSuffix(out.String(), "\n41 passed, 2 failed\n") {
		t.Errorf("the closing line is missing:\n%s", out.String())
	}
	if !strings.Contains(out.String(), "not run in this tier: race detector on every package: make nightly") {
		t.Errorf("the tier does not say what it leaves out:\n%s", out.String())
	}
}

func TestNothingRunIsAFailure(t *testing.T) {
	var out strings.Builder
	if err := summarise(&out, "test", nil); err == nil {
		t.Error("a run without any test passed")
	}
}

func TestTiersAndStages(t *testing.T) {
	if _, err := choose("weekly", ""); err == nil {
		t.Error("an unknown tier was accepted")
	}
	if _, err := choose("test", "nothing"); err == nil {
		t.Error("an unknown stage was accepted")
	}
	chosen, err := choose("test", "lint,browser")
	if err != nil || len(chosen) != 2 {
		t.Errorf("chose %d stages, error %v; want the two named", len(chosen), err)
	}
	for _, s := range stages("test") {
		if !slices.Contains(s.tiers, "nightly") && !slices.Contains(s.tiers, "check") && s.name != "race" {
			t.Errorf("stage %s is not part of nightly, which runs everything", s.name)
		}
	}
}

func TestStaleFilesAreThoseWhoseMeaningChanged(t *testing.T) {
	folder := t.TempDir()
	moved, changed := folder+"/moved_templ.go", folder+"/changed_templ.go"
	before := map[string]string{moved: "FileName: `a.templ`, Line: 1", changed: "one"}
	after := map[string]string{moved: "FileName: `x/a.templ`, Line: 1", changed: "two"}
	stale, err := staleFiles(before, after)
	if err != nil || !slices.Equal(stale, []string{changed}) {
		t.Errorf("stale %v, error %v; want %s alone", stale, err, changed)
	}
	if kept, err := os.ReadFile(moved); err != nil || string(kept) != before[moved] {
		t.Errorf("what did not change was not put back: %q, %v", kept, err)
	}
}
