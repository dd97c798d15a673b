package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"regexp"
)

var fuzzTarget = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// target is one fuzz test.
type target struct{ folder, name string }

// fuzzStage tries each target with many inputs: enough in CI to catch a fresh mistake, more by night. It counts inputs
// and not seconds: at the end of a time Go 1.26 sometimes takes its own deadline for a failure (go.dev/issue/75804).
func fuzzStage(tier string) func(context.Context, io.Writer) result {
	long := "20000x"
	if tier == "nightly" {
		long = "1000000x"
	}
	return func(ctx context.Context, out io.Writer) result {
		targets, err := fuzzTargets()
		if err != nil {
			return verdict(out, err)
		}
		if len(targets) == 0 {
			return verdict(out, errors.New("there is no fuzz test yet"))
		}
		var sum result
		for _, t := range targets {
			r := command("go", "test", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+long, "./"+t.folder)(ctx, out)
			sum.passed, sum.failed = sum.passed+r.passed, sum.failed+r.failed
		}
		return sum
	}
}

func fuzzTargets() ([]target, error) {
	var targets []target
	err := eachFile("_test.go", func(path string, text []byte) error {
		for _, hit := range fuzzTarget.FindAllSubmatch(text, -1) {
			targets = append(targets, target{filepath.ToSlash(filepath.Dir(path)), string(hit[1])})
		}
		return nil
	})
	return targets, err
}
