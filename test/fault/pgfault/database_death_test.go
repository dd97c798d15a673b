package pgfault_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

// backMax is within what people must be able to buy again after a restart or a failover.
const backMax = 10 * time.Second

// server is a PostgreSQL of a test's own.
type server struct {
	*pgserver.Server
	folder string
}

// removed gives a new, short folder and sees to it that what lies there ends with the test.
func (s *server) at(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "pg")
	must(t, err)
	must(t, os.Chmod(folder, 0o755))
	s.folder = filepath.Join(folder, "s")
	t.Cleanup(func() {
		if s.Server != nil {
			_ = s.Remove()
		}
		_ = os.RemoveAll(folder)
	})
	return s.folder
}

// copied is a server like another; without one, like the ground's.
func copied(t *testing.T, from *server, follow bool, settings ...string) *server {
	t.Helper()
	g, err := grounds()
	must(t, err)
	u, err := url.Parse(g.world.Place.URL)
	must(t, err)
	folder := u.Query().Get("host")
	if from != nil {
		folder = from.folder
	}
	s := &server{}
	s.Server, err = pgserver.Copy(t.Context(), pgserver.Config{Folder: s.at(t), Durable: true,
		Settings: append(settings, "checkpoint_timeout=1h", "max_wal_size=4GB")}, folder, follow)
	must(t, err)
	return s
}

// place is the world on this server.
func (s *server) place(t *testing.T) stage.Place {
	t.Helper()
	g, err := grounds()
	must(t, err)
	return stage.Place{Data: g.world.Place.Data, URL: s.URL(databaseOf(g.world.Place.URL))}
}

func (s *server) command(t *testing.T, text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
	must(t, err)
	_, err = conn.Exec(t.Context(), text)
	must(t, err)
	must(t, conn.Close(t.Context()))
}

func (s *server) number(t *testing.T, text string) (n int64) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
	must(t, err)
	defer func() { must(t, conn.Close(t.Context())) }()
	must(t, conn.QueryRow(t.Context(), text).Scan(&n))
	return n
}

// TestPowerCut (F03, F19's restart): the database loses its power while people buy and redeem, and comes back. With
// commits that are answered before they are on the disk the same test finds that acknowledged purchases are lost.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	t.Run("flushed", func(t *testing.T) {
		s := copied(t, nil, false)
		c := newCluster(t, options{nodes: 2, place: s.place(t)})
		w := c.callers("f03", 8, 10*time.Second)
		for range rounds(t, 2) {
			before := w.acked()
			await(t, waitMax, "people buy", func() bool { return w.acked() > before+30 })
			cut := now()
			must(t, s.Kill())
			must(t, s.Start(t.Context()))
			before = w.acked()
			await(t, 30*time.Second, "people buy again", func() bool { return w.acked() > before })
			if back := now().Sub(cut); back > backMax {
				t.Errorf("nobody bought for %v", back)
			}
		}
		files := w.snapshot() // what was acknowledged before the copy began must be in it
		disk := &server{}
		var err error
		disk.Server, err = pgserver.Salvage(t.Context(), pgserver.Config{Folder: disk.at(t), Durable: true}, s.folder)
		must(t, err)
		w.end()
		t.Logf("acknowledged %d, %d before the copy; longest gap %v; answers: %v", w.acked(),
			len(files.paid)+len(files.used), w.gap(w.began, w.ended), w.errors)
		c.sound(w.journal)
		there := &cluster{t: t, place: disk.place(t)}
		if lost := missing(t, there.open(t), files); lost > 0 {
			t.Errorf("%d acknowledged commands are not on the disk", lost)
		}
	})
	t.Run("bites without flushing", func(t *testing.T) {
		// Nobody but the writer of the log writes it, and that one is stopped: what is acknowledged is in memory alone.
		s := copied(t, nil, false, "synchronous_commit=off", "wal_writer_delay=10s", "wal_writer_flush_after=1GB",
			"wal_buffers=64MB", "bgwriter_lru_maxpages=0", "autovacuum=off")
		c := newCluster(t, options{nodes: 1, place: s.place(t)})
		writer := s.number(t, `SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'`)
		w := c.callers("f03-off", 8, 10*time.Second)
		await(t, waitMax, "people buy", func() bool { return w.acked() > 20 })
		must(t, syscall.Kill(int(writer), syscall.SIGSTOP))
		before := w.acked()
		await(t, waitMax, "people buy on", func() bool { return w.acked() > before+40 })
		told := w.snapshot()
		must(t, syscall.Kill(int(writer), syscall.SIGKILL)) // it cannot end by itself
		must(t, s.Kill())
		w.stop()
		must(t, s.Start(t.Context()))
		w.end()
		if lost := missing(t, c.open(t), told); lost == 0 {
			t.Error("nothing was lost though nothing was flushed: this test finds nothing")
		}
	})
}

// snapshot is what has been acknowledged so far.
func (j *journal) snapshot() *journal {
	j.mu.Lock()
	defer j.mu.Unlock()
	return &journal{holds: append([]acknowledged(nil), j.holds...), paid: append([]acknowledged(nil), j.paid...),
		used: append([]acknowledged(nil), j.used...)}
}

// TestFailover (F19, F21): the database dies while people buy and redeem, and its synchronous standby is promoted;
// nodes know both addresses and go where they can write. While it only stands by, nobody of ours asks it anything.
// With a standby that lags and is not waited for, the same test finds acknowledged purchases lost.
func TestFailover(t *testing.T) {
	t.Parallel()
	t.Run("synchronous", func(t *testing.T) {
		first, second := pair(t)
		first.command(t, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
		first.command(t, `SELECT pg_reload_conf()`)
		c := newCluster(t, options{nodes: 2, place: first.place(t), url: bothOf(t, first, second)})
		w := c.callers("f19", 8, 10*time.Second)
		await(t, waitMax, "people buy", func() bool { return w.acked() > 60 })
		if n := second.number(t, `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dure'`); n != 0 {
			t.Errorf("%d connections of ours ask the standby", n)
		}
		dead := now()
		must(t, first.Kill())
		must(t, second.Promote(t.Context()))
		before := w.acked()
		await(t, 30*time.Second, "people buy again", func() bool { return w.acked() > before })
		back := now().Sub(dead)
		pause(t.Context(), 500*time.Millisecond)
		w.end()
		t.Logf("acknowledged %d; back after %v; answers: %v", w.acked(), back, w.errors)
		if back > backMax {
			t.Errorf("nobody bought for %v", back)
		}
		c.place = second.place(t)
		c.sound(w.journal)
	})
	t.Run("bites without waiting for the standby", func(t *testing.T) {
		first, second := pair(t)
		c := newCluster(t, options{nodes: 1, place: first.place(t), url: bothOf(t, first, second)})
		receiver := second.number(t, `SELECT pid FROM pg_stat_wal_receiver`)
		startup, _ := second.startup(t.Context())
		w := c.callers("f19-async", 8, 10*time.Second)
		await(t, waitMax, "people buy", func() bool { return w.acked() > 20 })
		must(t, syscall.Kill(int(receiver), syscall.SIGSTOP)) // it lags
		before := w.acked()
		await(t, waitMax, "people buy", func() bool { return w.acked() > before+40 })
		told := w.snapshot()
		must(t, first.Kill())
		w.stop()
		must(t, syscall.Kill(int(receiver), syscall.SIGKILL)) // what it had not read is gone with the first
		// It answers for a moment before it notices; what it is told then, it forgets.
		await(t, waitMax, "the standby has begun anew", func() bool {
			pid, ok := second.startup(t.Context())
			return ok && pid != startup
		})
		must(t, second.Promote(t.Context()))
		w.end()
		c.place = second.place(t)
		if lost := missing(t, c.open(t), told); lost == 0 {
			t.Error("nothing was lost though nobody waited for the standby: this test finds nothing")
		}
	})
}

// startup is the process by which a standby follows; false while it does not answer.
func (s *server) startup(ctx context.Context) (pid int64, ok bool) {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return 0, false
	}
	err = conn.QueryRow(ctx, `SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'`).Scan(&pid)
	return pid, errors.Join(err, conn.Close(ctx)) == nil
}

// pair is a server and one that follows it.
func pair(t *testing.T) (first, second *server) {
	t.Helper()
	first = copied(t, nil, false)
	second = copied(t, first, true)
	await(t, waitMax, "the standby follows", func() bool {
		return first.number(t, `SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'`) == 1
	})
	return first, second
}

// bothOf is the one address that names two servers.
func bothOf(t *testing.T, first, second *server) string {
	t.Helper()
	q := url.Values{"host": {first.folder + "," + second.folder}, "port": {"5432,5432"}, "sslmode": {"disable"},
		"target_session_attrs": {"read-write"}}
	return "postgres://postgres@/" + databaseOf(first.place(t).URL) + "?" + q.Encode()
}

// TestOneAddressOfTheDatabase (F21): there is one way to name a database, for reading and writing alike; nothing can be
// decided from a replica that lags, because nothing of ours has the address of one.
func TestOneAddressOfTheDatabase(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{nodes: 1})
	w := c.callers("f21", 4, 10*time.Second)
	await(t, waitMax, "people buy", func() bool { return w.acked() > 20 })
	d := c.open(t)
	mine, err := strconv.Atoi(strings.TrimSpace(strconv.FormatInt(count(t, d, `SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'dure' AND pid <> pg_backend_pid()`), 10)))
	must(t, err)
	c.nodes[0].line.mu.Lock()
	carried := len(c.nodes[0].line.open) / 2
	c.nodes[0].line.mu.Unlock()
	if own := 6; mine > carried+own { // the test's own readers and writers are at most six
		t.Errorf("%d connections, %d of them over the line: another way leads to the database", mine, carried)
	}
	w.end()
	var settings []string
	must(t, filepath.WalkDir("../../../internal", func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for line := range strings.Lines(string(text)) {
			database := strings.Contains(line, "DATABASE") || strings.Contains(line, "REPLICA")
			if database && strings.Contains(line, `env:"DURE_`) {
				settings = append(settings, line)
			}
		}
		return err
	}))
	for _, line := range settings {
		if !strings.Contains(line, `"DURE_DATABASE_URL"`) && !strings.Contains(line, `"DURE_SANDBOX_DATABASE"`) {
			t.Errorf("another address of a database: %s", strings.TrimSpace(line))
		}
	}
	if len(settings) < 2 {
		t.Errorf("the settings were not found: %q", settings)
	}
}

// TestRollingRestart (F45): each of three nodes in turn is asked to end and started again, twice, under load: an
// upgrade and its way back in the short form. Whoever asks again, of another node, loses nothing, and nobody is told of
// a fault.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{})
	w := c.callers("f45", 8, 10*time.Second)
	for range 2 {
		for _, n := range c.nodes {
			before := w.acked()
			n.signal(syscall.SIGTERM)
			select {
			case <-n.ended:
			case <-time.NewTimer(20 * time.Second).C:
				t.Fatalf("a node does not end:\n%s", n.log())
			}
			n.start()
			n.ready(waitMax)
			await(t, waitMax, "people buy", func() bool { return w.acked() > before+10 })
		}
	}
	w.end()
	t.Logf("acknowledged %d; longest gap %v; answers: %v", w.acked(), w.gap(w.began, w.ended), w.errors)
	for what := range w.errors {
		if what != "no answer" && !strings.HasPrefix(what, "503 ") && what != "409 payment.pending" {
			t.Errorf("answered %s", what)
		}
	}
	if len(w.holds) != len(w.paid) || len(w.paid) != len(w.used) {
		t.Errorf("%d held, %d paid, %d used: some gave up", len(w.holds), len(w.paid), len(w.used))
	}
	c.sound(w.journal)
}
