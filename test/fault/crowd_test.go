package fault_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/test/fault/load"
)

// watchersOf is how many pages watch: 2,000 in CI, 20,000 by night where so many files may be open.
func watchersOf(t *testing.T) int {
	t.Helper()
	var open syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &open))
	n := 2000
	if os.Getenv("DURE_LONG") == "1" {
		n = 20_000
	}
	return min(n, int(open.Cur)-500)
}

// TestCrowdComesBack is F24: a server with thousands of watching pages dies and is started again. Each page waits as
// long as it was told, which is not the same for all, and comes back; people buy meanwhile as if there were no crowd,
// and a page costs a few kilobytes.
func TestCrowdComesBack(t *testing.T) {
	const (
		bytesMax = 40 << 10
		callers  = 4
		each     = 60 // purchases a measurement
	)
	pages := watchersOf(t)
	w := found(t, plain(2000))
	setup := load.Setup{Place: w.Place, Gateway: load.Gateway(t), Listen: load.FreeAddress(t)}
	server, err := load.Start(t, setup)
	must(t, err)
	c := load.New(w, "http://"+setup.Listen)
	path := "/live?topics=deal:" + string(w.Items[0].Deal)
	c.Buy(t.Context(), 8, 200)
	before := resident(t, server.Pid())
	crowd := &crowd{address: setup.Listen, path: path}
	t.Cleanup(crowd.leave)
	all := make([]time.Duration, pages)
	must(t, crowd.come(t.Context(), all))
	cost := (resident(t, server.Pid()) - before) / int64(pages)
	told := slices.Clone(crowd.retries)
	quiet := buying(t, c, callers, each)

	server.Kill()
	_, err = load.Start(t, setup)
	must(t, err)
	for i, ms := range told { // browsers wait so long
		all[i] = time.Duration(ms) * time.Millisecond
	}
	back := make(chan error, 1)
	go func() { back <- crowd.come(t.Context(), all) }()
	busy := buying(t, c, callers, each)
	must(t, <-back)
	t.Logf("%d pages, %d bytes each; told to wait %d to %d ms; half of purchases within %v, while they come %v; 99 of "+
		"100 within %v, while they come %v", pages, cost, slices.Min(told), slices.Max(told), at(quiet, 50), at(busy, 50),
		at(quiet, 99), at(busy, 99))
	if cost > bytesMax {
		t.Errorf("a page costs %d bytes, at most %d", cost, bytesMax)
	}
	spread(t, told)
	if at(busy, 50) > 2*at(quiet, 50)+100*time.Millisecond {
		t.Errorf("half of the purchases took %v while the crowd came back, else %v", at(busy, 50), at(quiet, 50))
	}
	if tally := c.Tally(); tally.Busy+tally.Silent > 0 {
		t.Errorf("buyers were refused: %+v", tally)
	}
	if got := crowd.here.Load(); got != int64(pages) {
		t.Errorf("%d of %d pages are back", got, pages)
	}
	sound(t, look(t, w.Place.URL), c.Journal.All())
}

// spread fails when a crowd was told to come back at one moment: no tenth of the time may hold a fifth of it.
func spread(t *testing.T, told []int) {
	t.Helper()
	least, span := slices.Min(told), slices.Max(told)-slices.Min(told)+1
	tenths := [10]int{}
	for _, ms := range told {
		tenths[(ms-least)*10/span]++
	}
	if span < 2000 || slices.Max(tenths[:]) > len(told)/5 {
		t.Errorf("told to wait %d ms and up to %d more, in tenths %v", least, span, tenths)
	}
}

// buying is how long each of some purchases and uses took.
func buying(t *testing.T, c *load.Client, callers, purchases int) []time.Duration {
	t.Helper()
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			list := timed(purchases/callers, func() { c.Buy(t.Context(), 1, 1) })
			mu.Lock()
			defer mu.Unlock()
			took = append(took, list...)
		})
	}
	all.Wait()
	slices.Sort(took)
	return took
}

// at is a percentile of sorted times.
func at(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

// crowd is many pages that watch one deal.
type crowd struct {
	address, path string
	retries       []int // milliseconds that each was told to wait
	here          atomic.Int64

	mu   sync.Mutex
	open []net.Conn
}

// come opens a page for each wait, once it is over, as many at once as a listener takes.
func (c *crowd) come(ctx context.Context, waits []time.Duration) error {
	c.leave()
	c.here.Store(0)
	c.retries = make([]int, len(waits))
	c.open = make([]net.Conn, len(waits))
	var all sync.WaitGroup
	var failed atomic.Pointer[error]
	dials := make(chan struct{}, 64)
	for i, wait := range waits {
		all.Go(func() {
			timer := time.NewTimer(wait)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-ctx.Done():
				return
			}
			dials <- struct{}{}
			defer func() { <-dials }()
			retry, err := c.page(ctx, i)
			if err != nil {
				failed.Store(&err)
			}
			c.retries[i] = retry
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// page opens one, and gives how long it was told to wait should it be cut off.
func (c *crowd) page(ctx context.Context, i int) (retry int, err error) {
	conn, err := (&net.Dialer{Timeout: 20 * time.Second}).DialContext(ctx, "tcp", c.address)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	c.open[i] = conn
	c.mu.Unlock()
	if err := conn.SetDeadline(now().Add(30 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: dure.test\r\n\r\n", c.path); err != nil {
		return 0, err
	}
	in := bufio.NewReaderSize(conn, 512)
	for first := true; ; first = false {
		line, err := in.ReadString('\n')
		if err == nil && first && !strings.Contains(line, " 200 ") {
			err = fmt.Errorf("a page was answered %q", line)
		}
		if err != nil {
			return 0, err
		}
		if text, is := strings.CutPrefix(strings.TrimSpace(line), "retry: "); is {
			c.here.Add(1)
			go func() { // what is said later is read, as a browser does
				_ = conn.SetDeadline(time.Time{})
				_, _ = io.Copy(io.Discard, conn)
				c.here.Add(-1)
			}()
			return strconv.Atoi(text)
		}
	}
}

func (c *crowd) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.open {
		if conn != nil {
			_ = conn.Close()
		}
	}
	c.open = nil
}
