package app_test

import (
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/blob/s3"
	"github.com/dure-commerce/dure/internal/kit/rootkey"
)

// TestServerKeepsToItsRootKey: an instance goes on with its key, wherever it comes from, and not with another one.
func TestServerKeepsToItsRootKey(t *testing.T) {
	config := app.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Key: strings.Repeat("0a", 32)}
	start := func() error {
		s, err := app.NewServer(t.Context(), app.ServerOptions{Config: config, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			return err
		}
		return s.Close()
	}
	if err := start(); err != nil {
		t.Fatal(err)
	}
	config.Key = "" // the file holds it now
	if err := start(); err != nil {
		t.Fatal(err)
	}
	config.Key = strings.Repeat("0b", 32)
	if err := start(); err == nil || !strings.Contains(err.Error(), "another root key") {
		t.Errorf("with another key than the file's: %v", err)
	}
	if err := os.Remove(config.KeyPath()); err != nil {
		t.Fatal(err)
	}
	if err := start(); !errors.Is(err, rootkey.ErrOther) {
		t.Errorf("with another key than the database's: %v", err)
	}
	config.Key, config.Media = strings.Repeat("0a", 32), "a folder"
	if err := os.Remove(config.KeyPath()); err != nil {
		t.Fatal(err)
	}
	if err := start(); !errors.Is(err, s3.ErrAddress) {
		t.Errorf("with a store that is no address: %v", err)
	}
	config.Media = ""
	if err := start(); err != nil {
		t.Errorf("with its own key again: %v", err)
	}
}
