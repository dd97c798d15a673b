package fault_test

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/test/fault/load"
)

// sample is what a server holds when it is at rest.
type sample struct{ goroutines, files, heap, log int64 }

// warm is how many rounds of a soak fill caches; what grows after them is a leak.
const warm = 3

// TestSoak is F53 in short: round after round of purchases and uses. What the server holds at rest after each does not
// grow, and the log is folded before it grows large. By night there are more rounds.
func TestSoak(t *testing.T) {
	const logMax = 120 << 20 // it is folded from 80 MB on
	rounds := 9
	if os.Getenv("DURE_LONG") == "1" {
		rounds = 60
	}
	all := soak(t, rounds, 300, nil)
	t.Logf("after warming up %+v, in the end %+v", all[warm-1], all[rounds-1])
	for what, values := range grown(all) {
		t.Errorf("%s grow: %d", what, values)
	}
	for _, one := range all {
		if one.log > logMax {
			t.Errorf("the log has %d MB", one.log>>20)
		}
	}
}

// TestSoakBites: a server that keeps a goroutine, a file and 128 KB for every third purchase is found out.
func TestSoakBites(t *testing.T) {
	var leak leaks
	defer leak.stop()
	found := grown(soak(t, 9, 60, func(s *site) {
		s.DB.OnCommit(func(db.Committed) { leak.until(s.load.Acked() / 9) })
	}))
	for _, what := range []string{"goroutines", "files", "heap"} {
		if found[what] == nil {
			t.Errorf("%d leaks, and %s do not grow: this test finds nothing", leak.count, what)
		}
	}
	t.Logf("grown: %v", found)
}

// leaks are what a server keeps for ever.
type leaks struct {
	mu    sync.Mutex
	count int64
	files []*os.File
	heap  [][]byte
	ends  []chan struct{}
}

func (l *leaks) until(count int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; l.count < count; l.count++ {
		end := make(chan struct{})
		go func() { <-end }()
		if file, err := os.Open(os.DevNull); err == nil {
			l.files = append(l.files, file)
		}
		l.ends, l.heap = append(l.ends, end), append(l.heap, make([]byte, 128<<10))
	}
}

func (l *leaks) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, end := range l.ends {
		close(end)
	}
	for _, file := range l.files {
		_ = file.Close()
	}
	l.heap = nil
}

// soak lives through rounds of purchases and uses at a server that may be changed before, and gives what it holds at
// rest after each.
func soak(t *testing.T, rounds, each int, change func(*site)) (all []sample) {
	t.Helper()
	gateway := load.GatewayApart(t) // which remembers every payment
	s := serve(t, found(t, plain(each*rounds)), func(o *app.ServerOptions) { o.Config.Gateway.URL = gateway })
	s.disk.Forget()
	if change != nil {
		change(s)
	}
	for range rounds {
		s.load.Buy(t.Context(), 8, each)
		must(t, s.RunAll(t.Context()))
		all = append(all, s.holds(t))
	}
	sound(t, s.DB, s.load.Journal.All())
	return all
}

// grown names what grew after the warm rounds, with its values.
func grown(all []sample) map[string][]int64 {
	out := map[string][]int64{}
	for what, series := range map[string]struct {
		of    func(sample) int64
		slack int64
	}{
		"goroutines": {func(s sample) int64 { return s.goroutines }, 8},
		"files":      {func(s sample) int64 { return s.files }, 8},
		"heap":       {func(s sample) int64 { return s.heap }, 4 << 20},
	} {
		var values []int64
		for _, one := range all[warm:] {
			values = append(values, series.of(one))
		}
		if grows(values, series.slack) {
			out[what] = values
		}
	}
	return out
}

// holds looks at a server at rest, whose callers have gone.
func (s *site) holds(t *testing.T) sample {
	t.Helper()
	s.load.Rest()
	out := sample{goroutines: 1 << 40, files: 1 << 40}
	for range 20 { // those who are just ending are none that stay
		out.goroutines = min(out.goroutines, int64(runtime.NumGoroutine()))
		out.files = min(out.files, int64(openFiles(t, os.Getpid())))
		pause(t, tickEvery)
	}
	runtime.GC()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	out.heap = int64(memory.HeapAlloc)
	info, err := os.Stat(filepath.Join(s.world.Place.Data, "dure.db-wal"))
	must(t, err)
	out.log = info.Size()
	return out
}

// grows tells whether the later half of a series lies above the earlier one by more than a slack: the least of each
// half counts, for what only comes and goes grows nothing.
func grows(values []int64, slack int64) bool {
	half := len(values) / 2
	least := func(list []int64) int64 {
		out := list[0]
		for _, v := range list {
			out = min(out, v)
		}
		return out
	}
	return least(values[half:]) > least(values[:half])+slack
}

// TestGrowthIsNoticed shows that a leak of one thing in a hundred purchases would be.
func TestGrowthIsNoticed(t *testing.T) {
	leaks, breathes := []int64{}, []int64{}
	for i := range int64(9) {
		leaks = append(leaks, 200+4*i)
		breathes = append(breathes, 200+30*(i%3))
	}
	if !grows(leaks, 8) || grows(breathes, 8) {
		t.Errorf("leaking: %v, breathing: %v", grows(leaks, 8), grows(breathes, 8))
	}
}
