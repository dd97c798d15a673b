package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/tidy"
)

func TestAFrozenMigrationCannotBeFrozenAgainAfterAChange(t *testing.T) {
	root := t.TempDir()
	up := filepath.Join(root, "internal/schema/0001_deal/up.sql")
	for _, folder := range []string{filepath.Dir(up), filepath.Join(root, "internal/tidy")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(text string) {
		if err := os.WriteFile(up, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("CREATE TABLE deal (id text);\n")
	if err := freeze(root); err != nil {
		t.Fatal(err)
	}
	if err := freeze(root); err != nil {
		t.Errorf("unchanged, yet: %v", err)
	}
	write("CREATE TABLE deal (id text, name text);\n")
	if err := freeze(root); err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("error %v; want a refusal", err)
	}
	if _, err := os.Stat(filepath.Join(root, tidy.FrozenFile)); err != nil {
		t.Error(err)
	}
}
