package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestStatementsAreComparedOverAllPrograms(t *testing.T) {
	folder := t.TempDir()
	leave := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leave("1.jsonl", `{"Engine":"sqlite","Text":"SELECT a"}`+"\n"+`{"Engine":"sqlite","Text":"SELECT b"}`+"\n"+
		`{"Engine":"sqlite","Text":"/* sqlite only */ SELECT c"}`+"\n")
	leave("2.jsonl", `{"Engine":"postgres","Text":"SELECT a"}`+"\n")
	var asked []string
	refuse := func(alone []string) error { asked = alone; return errors.New("refused") }
	if err := compareEngines(folder, refuse); err == nil || !slices.Equal(asked, []string{"SELECT b"}) {
		t.Errorf("error %v, asked %q; want the one that only SQLite saw", err, asked)
	}
	leave("3.jsonl", `{"Engine":"postgres","Text":"SELECT b"}`+"\n")
	if err := compareEngines(folder, refuse); err != nil {
		t.Errorf("all ran on both, yet: %v", err)
	}
	if err := compareEngines(t.TempDir(), refuse); err == nil {
		t.Error("no record at all passed")
	}
}
