package fault_test

import (
	"context"
	"database/sql"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dure-commerce/dure/test/fault/disk"
	"github.com/dure-commerce/dure/test/fault/load"
)

// flushEnv says of which folder, file and flush of it a process of ours loses what was to be flushed: "folder|name|n".
const flushEnv = "DURE_FAULT_FLUSH"

// breakDisk puts the disk of flushEnv in place.
func breakDisk() error {
	parts := strings.Split(os.Getenv(flushEnv), "|")
	if len(parts) != 3 {
		return nil
	}
	at, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return err
	}
	d, err := disk.Over(parts[0])
	if err != nil {
		return err
	}
	d.Forget()
	var flushes atomic.Int64
	d.FailFlush(func(name string) bool { return name == parts[1] && flushes.Add(1) == at })
	return nil
}

// TestFlushFails is F05: one flush of the log answers EIO, the next would succeed. The server acknowledges nothing more
// and ends; the next one has everything that was acknowledged.
func TestFlushFails(t *testing.T) {
	w := found(t, plain(3000))
	setup := load.Setup{Place: w.Place, Gateway: load.Gateway(t), Listen: load.FreeAddress(t)}
	c := load.New(w, "http://"+setup.Listen)
	for _, at := range []int{20, 30} {
		broken := setup
		broken.Env = []string{flushEnv + "=" + w.Place.Data + "|dure.db-wal|" + strconv.Itoa(at)}
		server, err := load.Start(t, broken)
		must(t, err)
		during(t, c, 8, 10*time.Second, server.Gone())
		if !ended(t, server.Gone(), 20*time.Second) {
			t.Fatal("a flush failed, and the server goes on")
		}
		if server.Status() != 1 || !strings.Contains(server.Log(), "db.broken") && !strings.Contains(server.Log(), "저장 장치") {
			t.Errorf("status %d, said:\n%s", server.Status(), server.Log())
		}
	}
	server, err := load.Start(t, setup)
	must(t, err)
	recovered(t, c)
	sound(t, look(t, w.Place.URL), c.Journal.All())
	server.Stop()
}

// ended tells whether a process ended within a while: buyers run out, or give up, before it has.
func ended(t *testing.T, over <-chan struct{}, within time.Duration) bool {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), within)
	defer stop()
	select {
	case <-over:
		return true
	case <-ctx.Done():
		return false
	}
}

// TestFoldFails is F05 where nobody hears of it: flushes of the database fail while its log is folded into it. SQLite
// writes those pages again, so that a power cut loses nothing then either.
func TestFoldFails(t *testing.T) {
	s := serve(t, found(t, plain(400)), nil)
	s.disk.FailFlush(func(name string) bool { return name == "dure.db" && s.disk.Failed() < 3 })
	stop := folding(t, s)
	s.load.Buy(t.Context(), 12, 400)
	stop()
	if s.disk.Failed() == 0 {
		t.Error("no flush failed")
	}
	for i := range 8 {
		lost, _ := s.cut(t, uint64(i+1), s.disk.Mark()*int64(i+1)/8)
		for _, what := range lost {
			t.Errorf("cut %d: %s", i+1, what)
		}
	}
}

// folding folds the log again and again, as the writer does every 80 MB.
func folding(t *testing.T, s *site) (stop func()) {
	t.Helper()
	pool, err := sql.Open("sqlite", s.DB.Path()+"?_pragma=busy_timeout(2000)")
	must(t, err)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				_, _ = pool.Exec("PRAGMA wal_checkpoint(RESTART)") // busy, or a flush that is to fail
			}
		}
	}()
	return func() {
		close(quit)
		<-done
		must(t, pool.Close())
	}
}
