package fault_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/command"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/test/fault/load"
)

// TestChangedBytes is F06 in the database's own file: whatever page changed under us, doctor names it and says how to
// restore, or the file is not even opened; and a server that stumbles over one while it starts says the same.
func TestChangedBytes(t *testing.T) {
	s := serve(t, found(t, plain(200)), nil)
	s.load.Buy(t.Context(), 8, 100)
	whole := filepath.Join(t.TempDir(), "whole.db")
	must(t, s.DB.Snapshot(t.Context(), whole)) // no free pages and no log: every byte counts
	file, err := os.ReadFile(whole)
	must(t, err)
	key, err := os.ReadFile(filepath.Join(s.world.Place.Data, "key"))
	must(t, err)
	if status, said := examined(t, placed(t, file, key)); status != 0 {
		t.Fatalf("doctor on a sound file: %d\n%s", status, said)
	}
	page := int(binary.BigEndian.Uint16(file[16:]))
	roll, pages := dice(6), len(file)/page
	for i := range many(t, "DURE_FAULT_ROUNDS", 30) {
		at := i * pages / 30 % pages
		if i >= 30 {
			at = roll(pages)
		}
		changed := bytes.Clone(file)
		for j := range page {
			changed[at*page+j] = byte(roll(256))
		}
		status, said := examined(t, placed(t, changed, key))
		if status == 0 || !strings.Contains(said, "dure restore") {
			t.Errorf("page %d of %d changed; doctor: %d\n%s", at+1, pages, status, said)
		}
	}
	for name, at := range map[string]int{"head": 0, "schema": 100, "steps": root(t, whole, "kit_migration") * page,
		"orders": root(t, whole, "orders") * page} {
		t.Run(name, func(t *testing.T) {
			changed := bytes.Clone(file)
			changed[at] ^= 0xff
			said := stumbles(t, s.world, placed(t, changed, key))
			if !strings.Contains(said, "dure restore") {
				t.Errorf("the server said:\n%s", said)
			}
		})
	}
}

// root is the first page of a table, counted from 0.
func root(t *testing.T, path, name string) int {
	t.Helper()
	n, err := db.One(t.Context(), look(t, "sqlite:"+path), db.Scalar[int],
		`SELECT rootpage FROM sqlite_schema WHERE name = $1`, name)
	must(t, err)
	return n - 1
}

// stumbles is what a server says that starts on a damaged file, or ends when it is first asked for a damaged page.
func stumbles(t *testing.T, w *stage.World, p stage.Place) string {
	t.Helper()
	listen := load.FreeAddress(t)
	server, err := load.Start(t, load.Setup{Place: p, Gateway: "http://127.0.0.1:1", Listen: listen})
	if err != nil {
		return err.Error()
	}
	c := load.New(w, "http://"+listen)
	during(t, c, 2, 10*time.Second, server.Gone())
	if !ended(t, server.Gone(), 20*time.Second) {
		t.Fatal("the server goes on")
	}
	if server.Status() != 1 {
		t.Errorf("status %d", server.Status())
	}
	return server.Log()
}

// placed lays a database and a key into a folder of their own.
func placed(t *testing.T, file, key []byte) stage.Place {
	t.Helper()
	place := stage.Place{Data: t.TempDir()}
	place.URL = place.Config().DatabaseURL()
	must(t, os.WriteFile(filepath.Join(place.Data, "dure.db"), file, 0o600))
	must(t, os.WriteFile(filepath.Join(place.Data, "key"), key, 0o600))
	return place
}

// examined is what `dure doctor` ends with and says.
func examined(t *testing.T, p stage.Place) (status int, said string) {
	t.Helper()
	var out bytes.Buffer
	status = command.Run(t.Context(), []string{"doctor", "--data", p.Data},
		command.Terminal{Out: &out, Err: &out, Exit: func(code int) { panic(fmt.Sprint("exit ", code)) }})
	return status, out.String()
}
