package fault_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/web/api"
)

func now() time.Time { return clock.System().Now() }

// TestSlowDisk is F20 on SQLite: for a while each flush takes five seconds. The line of those who wait is bounded and
// the others are sent away with a time to come back; reads go on at once; nothing piles up, and then all is well.
func TestSlowDisk(t *testing.T) {
	const flush, queue, callers = 5 * time.Second, 24, 120
	s := serve(t, found(t, plain(400)), func(o *app.ServerOptions) {
		o.Lanes = lane.Options{QueueMax: queue, BatchMax: 8}
	})
	s.disk.Forget()
	s.load.Buy(t.Context(), 8, 100)
	before, files, routines := s.load.Tally(), openFiles(t, os.Getpid()), runtime.NumGoroutine()
	s.disk.Slow(flush)
	bought := make(chan struct{})
	go func() {
		defer close(bought)
		s.load.Buy(t.Context(), callers, callers)
	}()
	pause(t, time.Second)
	reads := timed(10, func() {
		if status := s.get(t, api.Prefix+"/deals"); status != http.StatusOK {
			t.Errorf("reading: %d", status)
		}
	})
	most, people := openFiles(t, os.Getpid()), runtime.NumGoroutine()
	pause(t, 3*time.Second)
	s.disk.Slow(0)
	<-bought
	after := s.load.Tally()
	t.Logf("%d sent away; reading at most %v; files %d, then %d; goroutines %d, then %d", after.Busy-before.Busy,
		slices.Max(reads), files, most, routines, people)
	if after.Busy == before.Busy || after.Blind > 0 {
		t.Errorf("%d were sent away, %d without Retry-After", after.Busy-before.Busy, after.Blind)
	}
	if slices.Min(reads) > flush/2 {
		t.Errorf("reading took %v at least: it waits for the disk", slices.Min(reads))
	}
	if most > files+4*callers || people > routines+12*callers {
		t.Errorf("files grew from %d to %d, goroutines from %d to %d", files, most, routines, people)
	}
	recovered(t, s.load)
	s.load.Buy(t.Context(), 8, 50)
	recovered(t, s.load)
	sound(t, s.DB, s.load.Journal.All())
}

// timed does something some times and gives how long each took.
func timed(times int, do func()) []time.Duration {
	out := make([]time.Duration, times)
	for i := range out {
		began := now()
		do()
		out[i] = now().Sub(began)
	}
	return out
}

func openFiles(t *testing.T, pid int) int {
	t.Helper()
	list, err := os.ReadDir(filepath.Join("/proc", strconv.Itoa(pid), "fd"))
	must(t, err)
	return len(list)
}

// resident is the memory of a process in bytes.
func resident(t *testing.T, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "statm"))
	must(t, err)
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	must(t, err)
	return pages * int64(os.Getpagesize())
}

// TestSlowCallers is F23: hundreds send their request's head, and its body, a byte at a time, for ever. Each is cut off
// at its deadline and not before, and everybody else buys meanwhile as ever.
func TestSlowCallers(t *testing.T) {
	const head, body, each = time.Second, 7 * time.Second, 100
	s := serve(t, found(t, plain(400)), func(o *app.ServerOptions) { o.HeaderWait, o.BodyWait = head, body })
	s.disk.Forget()
	s.load.Buy(t.Context(), 8, 50)
	quiet := timed(80, func() { s.load.Buy(t.Context(), 1, 1) })
	address := strings.TrimPrefix(s.Server.URL(), "http://")
	var all sync.WaitGroup
	var mu sync.Mutex
	cut := map[string][]time.Duration{}
	for name, first := range map[string]string{
		"head": "POST " + api.Prefix + "/orders HTTP/1.1\r\nHost: dure.test\r\nX-Slow: ",
		"body": "POST " + api.Prefix + "/orders HTTP/1.1\r\nHost: dure.test\r\nContent-Type: application/json\r\n" +
			"Idempotency-Key: slow-caller-1\r\nAuthorization: Bearer " + s.world.Buyer(399).Token +
			"\r\nContent-Length: 100000\r\n\r\n",
		"form": "POST /signin HTTP/1.1\r\nHost: dure.test\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
			"Content-Length: 100000\r\n\r\n",
	} {
		for range each {
			all.Go(func() {
				took, err := dribble(address, first)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(name, err)
				}
				cut[name] = append(cut[name], took)
			})
		}
	}
	pause(t, 200*time.Millisecond)
	busy := timed(80, func() { s.load.Buy(t.Context(), 1, 1) })
	all.Wait()
	const slack = 4 * time.Second // of a busy machine, and less than lies between the two
	for name, limit := range map[string]time.Duration{"head": head, "body": body, "form": body} {
		soonest, latest := slices.Min(cut[name]), slices.Max(cut[name])
		t.Logf("%s: cut after %v to %v", name, soonest, latest)
		if soonest < limit/2 || latest > limit+slack {
			t.Errorf("%s: cut after %v to %v, the deadline is %v", name, soonest, latest, limit)
		}
	}
	slices.Sort(quiet)
	slices.Sort(busy)
	t.Logf("a purchase and its use: half within %v, meanwhile %v; the slowest %v, meanwhile %v", quiet[40], busy[40],
		quiet[79], busy[79])
	if busy[40] > quiet[40]*6/5+100*time.Millisecond {
		t.Errorf("half of the purchases took %v, without the others %v", busy[40], quiet[40])
	}
	if tally := s.load.Tally(); tally.Busy+tally.Silent > 0 {
		t.Errorf("others were refused: %+v", tally)
	}
	recovered(t, s.load)
	sound(t, s.DB, s.load.Journal.All())
}

// dribble sends a byte at a time until the server has had enough, and tells when that was.
func dribble(address, first string) (took time.Duration, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	began := now()
	if _, err := io.WriteString(conn, first); err != nil {
		return 0, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, bufio.NewReader(conn)) // an answer, or the end
	}()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ended:
			return now().Sub(began), nil
		case <-tick.C:
			if n == 20*60 {
				return now().Sub(began), fmt.Errorf("nobody cuts it off")
			}
			_, _ = conn.Write([]byte("a")) // the end tells of a line that broke
		}
	}
}
