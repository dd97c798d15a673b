package lane_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/lane"
)

// The tests count in kit_cursor, whose rows are a name and a number.

type add struct {
	name string
	n    int64
}

var (
	errTooMuch = fail.New(fail.Conflict, "test.too_much")
	raise      = db.Update{
		Table:     "kit_cursor",
		Columns:   []db.Column{{Name: "name", Type: "text"}, {Name: "old", Type: "bigint"}, {Name: "new", Type: "bigint"}},
		Set:       "seq = v.new",
		Where:     "kit_cursor.name = v.name AND kit_cursor.seq = v.old",
		Returning: "kit_cursor.name",
	}
)

// adder is a step as flows write them: load, decide in memory, claim under a guard.
func adder(limit int64) func(context.Context, *db.Tx, []add) ([]lane.Answer[int64], error) {
	return func(ctx context.Context, tx *db.Tx, cmds []add) ([]lane.Answer[int64], error) {
		old, current := map[string]int64{}, map[string]int64{}
		answers := make([]lane.Answer[int64], len(cmds))
		for i, c := range cmds {
			if _, known := old[c.name]; !known {
				seq, err := db.One(ctx, tx, db.Scalar[int64], `SELECT seq FROM kit_cursor WHERE name = $1`, c.name)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", c.name, err)
				}
				old[c.name], current[c.name] = seq, seq
			}
			if current[c.name]+c.n > limit {
				answers[i] = lane.Answer[int64]{Value: current[c.name], Err: errTooMuch}
				continue
			}
			current[c.name] += c.n
			answers[i].Value = current[c.name]
		}
		var rows [][]any
		for name, to := range current {
			if to != old[name] {
				rows = append(rows, []any{name, old[name], to})
			}
		}
		slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
		done, err := db.UpdateMany(ctx, tx, raise, rows)
		if err == nil && len(done) != len(rows) {
			err = lane.ErrAgain
		}
		return answers, err
	}
}

func begin(t testing.TB, d *db.DB, names ...string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		rows := make([][]any, len(names))
		for i, n := range names {
			rows[i] = []any{n, 0, 0}
		}
		_, err := db.InsertMany(t.Context(), tx, db.Insert{Table: "kit_cursor", Columns: []string{"name", "seq", "at"}}, rows)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func total(t testing.TB, d *db.DB, name string) int64 {
	t.Helper()
	n, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT seq FROM kit_cursor WHERE name = $1`, name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestManyCallersCountExactly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		const callers, each, limit = 250, 40, 4_000
		begin(t, d, "a", "b")
		other, err := db.Open(t.Context(), db.Options{URL: w.URL, Clock: w.Clock, IDs: w.IDs})
		if d.Engine() == db.SQLite { // one process writes a file; PostgreSQL takes a second node on the same rows
			other, err = d, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		var done, refused, highest atomic.Int64
		var all sync.WaitGroup
		lanes := []*lane.Lane{lane.New(d, lane.Options{}), lane.New(other, lane.Options{})}
		steps := []*lane.Step[add, int64]{
			lane.Register(lanes[0], "add", adder(limit)), lane.Register(lanes[1], "add", adder(limit)),
		}
		for i := range callers {
			all.Go(func() {
				for j := range each {
					name := []string{"a", "b"}[(i+j)%2]
					value, err := steps[i%2].Do(t.Context(), name, add{name: name, n: 1})
					switch {
					case err == nil:
						done.Add(1)
					case errors.Is(err, errTooMuch):
						refused.Add(1)
					case errors.Is(err, lane.ErrHot):
						t.Error("given up under contention")
					default:
						t.Error(err)
					}
					if value > highest.Load() {
						highest.Store(value)
					}
				}
			})
		}
		all.Wait()
		for _, l := range lanes {
			l.Close()
			t.Logf("%+v", l.Stats())
		}
		if other != d {
			if err := other.Close(); err != nil {
				t.Error(err)
			}
		}
		if a, b := total(t, d, "a"), total(t, d, "b"); a != limit || b != limit {
			t.Error("applied", a, b)
		}
		if done.Load() != 2*limit || refused.Load() != callers*each-2*limit || highest.Load() != limit {
			t.Error("answered", done.Load(), refused.Load(), highest.Load())
		}
	})
}

func TestBadCommandsFailAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		begin(t, d, "a")
		l := lane.New(d, lane.Options{})
		defer l.Close()
		plain := adder(1_000)
		step := lane.Register(l, "add", func(ctx context.Context, tx *db.Tx, cmds []add) ([]lane.Answer[int64], error) {
			answers, err := plain(ctx, tx, cmds)
			for _, c := range cmds {
				switch c.n {
				case 7:
					panic("seven")
				case 8: // an event that cannot be written breaks the transaction only when it is to commit
					tx.Emit(db.Event{Kind: "x", Aggregate: "a", Payload: func() {}})
				case 9:
					return nil, lane.ErrAgain
				case 10:
					return answers[:len(answers)-1], err
				}
			}
			return answers, err
		})
		cmds := make([]add, 100)
		var want int64
		for i := range cmds {
			cmds[i] = add{name: "a", n: 1}
			want++
		}
		bad := map[int]add{13: {"missing", 1}, 40: {"a", 7}, 41: {"a", 8}, 77: {"a", 9}, 99: {"a", 10}}
		for i, c := range bad {
			cmds[i] = c
			want--
		}
		for i, a := range step.Run(t.Context(), cmds) {
			if _, isBad := bad[i]; isBad != (a.Err != nil) {
				t.Error(i, a)
			}
			wantKind := map[int]fail.Kind{13: fail.NotFound, 77: fail.Unavailable}[i]
			if a.Err != nil && (fail.KindOf(a.Err) != wantKind || a.Value != 0) {
				t.Error(i, a)
			}
		}
		if got := total(t, d, "a"); got != want {
			t.Error("applied", got, "of", want)
		}
	})
}

func TestRefusalsKeepTheirValueAndOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		begin(t, d, "a")
		l := lane.New(d, lane.Options{BatchMax: 3})
		defer l.Close()
		step := lane.Register(l, "add", adder(10))
		var got []string
		for _, a := range step.RunBatch(t.Context(), []add{{"a", 4}, {"a", 5}, {"a", 2}, {"a", 1}, {"a", 1}}) {
			got = append(got, fmt.Sprint(a.Value, a.Err != nil))
		}
		if text := strings.Join(got, ","); text != "4 false,9 false,9 true,10 false,10 true" {
			t.Fatal(text)
		}
		if s := l.Stats(); s.Batches != 2 || s.Commands != 5 || s.Largest != 3 || s.Sizes[1] != 1 || s.Sizes[2] != 1 {
			t.Fatalf("%+v", s)
		}
	})
}

func TestAgainDecidesTheWholeBatchWithFreshNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		begin(t, d, "a")
		l := lane.New(d, lane.Options{})
		defer l.Close()
		left, first := 3, 0
		counts := lane.Register(l, "count", func(context.Context, *db.Tx, []int) ([]lane.Answer[int], error) {
			first++
			return []lane.Answer[int]{{Value: first}}, nil
		})
		guards := lane.Register(l, "guard", func(_ context.Context, tx *db.Tx, _ []int) ([]lane.Answer[int], error) {
			if left--; left >= 0 {
				return nil, fmt.Errorf("claim: %w", lane.ErrAgain)
			}
			tx.AfterCommit(func() { left = -100 })
			return []lane.Answer[int]{{Value: left}}, nil
		})
		a, b := counts.Call(0), guards.Call(0)
		l.Direct(t.Context(), a, b)
		if v, err := a.Answer(); err != nil || v != 4 {
			t.Fatal("the other step of the batch was not decided anew:", v, err)
		}
		if v, err := b.Answer(); err != nil || v != -1 || left != -100 {
			t.Fatal(v, err, left)
		}
		if s := l.Stats(); s.Again != 3 || s.Splits != 0 {
			t.Fatalf("%+v", s)
		}
	})
}

// blocked is a lane whose combiner waits inside a step until let go.
func blocked(t *testing.T, d *db.DB, opts lane.Options) (*lane.Step[int, int], func()) {
	t.Helper()
	entered, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	l := lane.New(d, opts)
	t.Cleanup(l.Close)
	step := lane.Register(l, "x", func(_ context.Context, _ *db.Tx, cmds []int) ([]lane.Answer[int], error) {
		once.Do(func() { close(entered); <-release })
		out := make([]lane.Answer[int], len(cmds))
		for i, c := range cmds {
			out[i].Value = c
		}
		return out, nil
	})
	go func() { _, _ = step.Do(context.Background(), "", 0) }()
	<-entered
	return step, func() { close(release) }
}

func TestFullQueueRefusesAtOnce(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	step, release := blocked(t, d, lane.Options{QueueMax: 2})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	refused := make(chan error, 8)
	for i := range 8 {
		all.Go(func() {
			if _, err := step.Do(ctx, "", i); !errors.Is(err, context.Canceled) {
				refused <- err
			}
		})
	}
	for range 6 {
		err := <-refused
		e, ok := fail.As(err)
		if !ok || !errors.Is(err, lane.ErrFull) || e.Args["RetryAfter"] != 1 {
			t.Error(err)
		}
	}
	cancel()
	all.Wait()
	release()
}

func TestCancelledWhileWaitingNeverRuns(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	begin(t, d, "a")
	l := lane.New(d, lane.Options{})
	defer l.Close()
	entered, release := make(chan struct{}), make(chan struct{})
	hold := lane.Register(l, "hold", func(context.Context, *db.Tx, []int) ([]lane.Answer[int], error) {
		close(entered)
		<-release
		return make([]lane.Answer[int], 1), nil
	})
	step := lane.Register(l, "add", adder(100))
	taken, abandon := context.WithCancel(t.Context())
	abandoned := make(chan error)
	go func() {
		_, err := hold.Do(taken, "", 0)
		abandoned <- err
	}()
	<-entered
	abandon()
	if err := <-abandoned; !errors.Is(err, context.Canceled) {
		t.Fatal("a caller waits for a taken command after its context ended:", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	go func() {
		_, err := step.Do(ctx, "", add{"a", 1})
		waited <- err
	}()
	for l.Stats().Waiting == 0 { // bounded by the test's own time limit
		runtime.Gosched()
	}
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := step.Do(ctx, "", add{"a", 1}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	close(release)
	if v, err := step.Do(t.Context(), "", add{"a", 1}); err != nil || v != 1 {
		t.Fatal("an abandoned command ran:", v, err)
	}
}

func TestArrivalOrderIsKept(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	var got []int
	l := lane.New(d, lane.Options{BatchMax: 7})
	entered, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	step := lane.Register(l, "x", func(_ context.Context, tx *db.Tx, cmds []int) ([]lane.Answer[int], error) {
		once.Do(func() { close(entered); <-release })
		tx.AfterCommit(func() { got = append(got, cmds...) })
		return make([]lane.Answer[int], len(cmds)), nil
	})
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() { _, _ = step.Do(context.Background(), "", i) })
		if i == 0 {
			<-entered
			continue
		}
		for l.Stats().Waiting < i { // the next arrives only once this one waits
			runtime.Gosched()
		}
	}
	close(release)
	all.Wait()
	l.Close()
	if !slices.IsSorted(got) || len(got) != 30 {
		t.Fatal(got)
	}
}

func TestCloseDrainsAndLeavesNothing(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) }) // runs after the lanes' own clean-up
	step, release := blocked(t, d, lane.Options{})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if v, err := step.Do(t.Context(), "", i); (err != nil && !errors.Is(err, lane.ErrEnded)) || (err == nil && v != i) {
				t.Error(v, err)
			}
		})
	}
	release()
	all.Wait()
	l := lane.New(d, lane.Options{})
	l.Close()
	l.Close()
	late := lane.Register(l, "late", func(context.Context, *db.Tx, []int) ([]lane.Answer[int], error) { return nil, nil })
	if _, err := late.Do(t.Context(), "", 1); !errors.Is(err, lane.ErrEnded) {
		t.Fatal(err)
	}
}

func TestDirectModeHasNoGoroutines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		begin(t, d, "a")
		l := lane.New(d, lane.Options{Direct: true})
		step := lane.Register(l, "add", adder(2))
		for i, want := range []error{nil, nil, errTooMuch} {
			if _, err := step.Do(t.Context(), "a", add{"a", 1}); !errors.Is(err, want) {
				t.Fatal(i, err)
			}
		}
		l.Close()
		if _, err := step.Do(t.Context(), "a", add{"a", 1}); !errors.Is(err, lane.ErrEnded) {
			t.Fatal(err)
		}
	})
}

func TestDatabaseThatIsGoneIsNotAskedForEachSingle(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	l := lane.New(d, lane.Options{})
	defer l.Close()
	step := lane.Register(l, "add", adder(10))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, a := range step.Run(t.Context(), make([]add, 64)) {
		if fail.KindOf(a.Err) != fail.Unavailable {
			t.Fatal(a.Err)
		}
	}
	if s := l.Stats(); s.Splits != 0 {
		t.Fatalf("%+v", s)
	}
}

func TestACommitOfUnknownOutcomeIsNotRunAgain(t *testing.T) {
	d, _ := dbtest.Postgres(t)
	begin(t, d, "a")
	l := lane.New(d, lane.Options{})
	defer l.Close()
	plain, runs := adder(1_000), 0
	step := lane.Register(l, "add", func(ctx context.Context, tx *db.Tx, cmds []add) ([]lane.Answer[int64], error) {
		runs++
		answers, err := plain(ctx, tx, cmds)
		if err != nil {
			return nil, err
		}
		pid, err := db.One(ctx, tx, db.Scalar[int64], `SELECT pg_backend_pid()`)
		if err != nil {
			return nil, err
		}
		// The server's side of this transaction dies between the last statement and the commit.
		_, err = db.One(ctx, d, db.Scalar[bool], `SELECT pg_terminate_backend(CAST($1 AS integer), 5000)`, pid)
		return answers, err
	})
	for _, a := range step.Run(t.Context(), []add{{"a", 1}, {"a", 1}, {"a", 1}}) {
		if !errors.Is(a.Err, lane.ErrUnknown) || a.Value != 0 {
			t.Error(a)
		}
	}
	if runs != 1 {
		t.Fatal("ran", runs, "times")
	}
}

func BenchmarkLane(b *testing.B) {
	for _, direct := range []bool{false, true} {
		b.Run(map[bool]string{false: "batched", true: "naive"}[direct], func(b *testing.B) {
			d, _ := dbtest.SQLite(b)
			begin(b, d, "a")
			l := lane.New(d, lane.Options{Direct: direct})
			step := lane.Register(l, "add", adder(1<<60))
			b.SetParallelism(128)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := step.Do(context.Background(), "a", add{"a", 1}); err != nil {
						b.Error(err)
					}
				}
			})
			l.Close()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
			s := l.Stats()
			b.ReportMetric(float64(s.Commands)/float64(max(1, s.Batches)), "commands/batch")
			if got := total(b, d, "a"); got != s.Commands {
				b.Fatal(got, s.Commands)
			}
		})
	}
}
