package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
)

// writeGolden runs the tests that know the flag -update with it.
func writeGolden(ctx context.Context, out io.Writer) error {
	var folders []string
	err := eachFile("_test.go", func(path string, text []byte) error {
		folder := "./" + filepath.ToSlash(filepath.Dir(path))
		if bytes.Contains(text, []byte(`flag.Bool("`+`update"`)) && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(folders) == 0 {
		return errors.New("no test has the flag -update")
	}
	program := exec.CommandContext(ctx, "go", append(append([]string{"test"}, folders...), "-update")...)
	program.Stdout, program.Stderr = out, out
	return program.Run()
}
