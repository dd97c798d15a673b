package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/andybalholm/brotli"
)

// dist is committed, so that building the product needs no generator; this finds a dist older than its sources.
func TestDistIsUpToDate(t *testing.T) {
	built, err := buildAll("../asset")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("../asset/dist")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(built.files) {
		t.Errorf("dist holds %d files, the build makes %d", len(entries), len(built.files))
	}
	for name, want := range built.files {
		got, err := os.ReadFile(filepath.Join("../asset/dist", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the sources make: run go generate ./internal/web/ui/asset", name)
		}
	}
}

func TestABrokenSourceFailsTheBuildAndSaysWhere(t *testing.T) {
	root := t.TempDir()
	for _, folder := range []string{"src/css", "src/ts", "npm/pretendard", "npm/lucide", "npm/zxing-wasm"} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"npm/zxing-wasm/zxing_reader.wasm": "wasm", "src/css/app.css": "p{color:red}", "src/ts/app.ts": "let = ;",
		"npm/pretendard/pretendardvariable-dynamic-subset.css": "",
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := buildAll(root); err == nil || !bytes.Contains([]byte(err.Error()), []byte("app.ts:1")) {
		t.Errorf("want an error that names app.ts, got %v", err)
	}
}

func TestSavedBrotliUnpacksToItsFile(t *testing.T) {
	out := &output{files: map[string][]byte{}, manifest: map[string]entry{}}
	text := bytes.Repeat([]byte("두레 "), 200)
	if err := out.add("words.css", text); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "old.css"), []byte("gone"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := out.save(dir); err != nil {
		t.Fatal(err)
	}
	packed, err := os.Open(filepath.Join(dir, "words.css.br"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(brotli.NewReader(packed)); err != nil || !bytes.Equal(got.Bytes(), text) {
		t.Errorf("brotli copy unpacks to %d bytes (%v)", got.Len(), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "old.css")); !os.IsNotExist(err) {
		t.Error("a file that is no longer built stayed")
	}
}
