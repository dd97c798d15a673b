package fault_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/command"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/test/fault/load"
)

// TestBackupUnderLoad is F07: while people buy and redeem, `dure backup` copies the instance and `dure restore` brings
// it back elsewhere. What had been acknowledged when the copy began is in it, whole and once; a server over it gives
// the same answers. Copying the file alone, beside its log, loses some of it, and the same questions notice.
func TestBackupUnderLoad(t *testing.T) {
	w := found(t, plain(3000))
	setup := load.Setup{Place: w.Place, Gateway: load.Gateway(t), Listen: load.FreeAddress(t)}
	server, err := load.Start(t, setup)
	must(t, err)
	c := load.New(w, "http://"+setup.Listen)
	var phase atomic.Int64
	c.Mark = phase.Load
	ctx, stop := context.WithCancel(t.Context())
	var buying sync.WaitGroup
	buying.Go(func() { c.Buy(ctx, 8, 3000) })
	acked(t, c, 300)
	phase.Store(1) // what is answered from here on may be missing
	archive := filepath.Join(t.TempDir(), "a.tar")
	commanded(t, "backup", archive, "--data", w.Place.Data)
	phase.Store(2)
	alone := placed(t, read(t, filepath.Join(w.Place.Data, "dure.db")), read(t, filepath.Join(w.Place.Data, "key")))
	begun := len(c.Journal.All())
	acked(t, c, 30)
	stop()
	buying.Wait()
	if now := len(c.Journal.All()); now <= begun {
		t.Error("nobody bought while the copy was made")
	}
	server.Stop()

	place := stage.Place{Data: filepath.Join(t.TempDir(), "new")}
	place.URL = place.Config().DatabaseURL()
	commanded(t, "restore", archive, "--data", place.Data) // which asks doctor
	promised := c.Journal.Until(0)
	setup.Place, setup.Listen = place, load.FreeAddress(t)
	_, err = load.Start(t, setup)
	must(t, err)
	sound(t, look(t, place.URL), promised)
	again := load.New(w, "http://"+setup.Listen)
	again.Journal = load.JournalOf(answered(promised))
	recovered(t, again)

	if d, err := db.Open(t.Context(), db.Options{URL: alone.URL, ReadOnly: true}); err == nil {
		lost, err := load.Lost(t.Context(), d, c.Journal.Until(1))
		must(t, d.Close())
		if err == nil && len(lost) == 0 {
			t.Error("a copy of the file alone has everything: this test finds nothing")
		}
	}
}

// acked waits until so many more steps are acknowledged.
func acked(t *testing.T, c *load.Client, more int64) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), load.Looked)
	defer stop()
	for from := c.Acked(); c.Acked() < from+more; pause(t, tickEvery) {
		if ctx.Err() != nil {
			t.Fatal("nobody buys")
		}
	}
}

// answered are the purchases that were answered to the end: the others are questions still.
func answered(all []*load.Purchase) (out []*load.Purchase) {
	for _, p := range all {
		if p.Use.Answered {
			out = append(out, p)
		}
	}
	return out
}

// commanded runs the program's command in this process, and fails when it does.
func commanded(t *testing.T, args ...string) {
	t.Helper()
	var said bytes.Buffer
	status := command.Run(t.Context(), args, command.Terminal{Out: io.Discard, Err: &said, Exit: func(int) {}})
	if status != 0 {
		t.Fatalf("dure %s: status %d\n%s", args[0], status, said.String())
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return text
}
