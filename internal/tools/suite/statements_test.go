package main

import (
	"os"
	"path/filepath"
	"strings"
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
	if err := compareEngines(folder); err == nil || !strings.HasSuffix(err.Error(), "dbtest.Each:\n  SELECT b") {
		t.Errorf("error %v; want the one that only SQLite saw", err)
	}
	leave("3.jsonl", `{"Engine":"postgres","Text":"SELECT b"}`+"\n")
	if err := compareEngines(folder); err != nil {
		t.Errorf("all ran on both, yet: %v", err)
	}
	if err := compareEngines(t.TempDir()); err == nil {
		t.Error("no record at all passed")
	}
}
