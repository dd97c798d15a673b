package pgfault_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// refusalMax is within what a node that cannot reach its database must say so; busy machines get a little more.
const refusalMax = 2*time.Second + 500*time.Millisecond

// knock asks one node for holds, one after the other and never the same, until the context ends.
func (c *cluster) knock(ctx context.Context, n *node, name string, each func(q request, r reply)) {
	v := newVisitors(c.t, 15*time.Second)
	for i := 0; ctx.Err() == nil; i++ {
		q := hold(c.world.Buyer(i%buyers), c.world.Items[bulk], 1, fmt.Sprintf("%s-%06d", name, i))
		if i%2 == 1 { // whoever reads waits for the database too
			q = request{method: http.MethodGet, path: "/vouchers", token: c.world.Buyer(i % buyers).Token}
		}
		each(q, v.ask(context.WithoutCancel(ctx), n, q))
		pause(ctx, 20*time.Millisecond)
	}
}

// TestNodeCutFromDatabase (F15, F17's one-way partition): a node that does not reach the database, or is not reached by
// its answers, says so within two seconds, sells nothing meanwhile, and goes on when it can. The others do not notice.
func TestNodeCutFromDatabase(t *testing.T) {
	c := newCluster(t, options{})
	others := &cluster{t: t, world: c.world, place: c.place, nodes: c.nodes[1:]}
	w := others.callers("f15", 4, 10*time.Second)
	for name, held := range map[string][2]bool{"both": {true, true}, "there": {true, false}, "back": {false, true}} {
		t.Run(name, func(t *testing.T) { c.cutOff(t, "f15-"+name, weather{held: held}) })
	}
	w.end()
	for what, n := range w.errors {
		t.Errorf("nodes that were not cut off answered %s %d times", what, n)
	}
	c.sound(w.journal)
}

func (c *cluster) cutOff(t *testing.T, name string, bad weather) {
	n := c.nodes[0]
	knocks, stop := context.WithCancel(t.Context())
	defer stop()
	var mu sync.Mutex
	var cut, healed time.Time
	var worst time.Duration
	var asked, refused, sold int
	unsure := []request{}
	first := time.Duration(0)
	go func() {
		pause(knocks, 100*time.Millisecond)
		mu.Lock()
		cut = now()
		n.line.set(bad)
		mu.Unlock()
		pause(knocks, 3*time.Second)
		mu.Lock()
		healed = now()
		n.line.set(weather{})
		mu.Unlock()
	}()
	c.knock(knocks, n, name, func(q request, r reply) {
		mu.Lock()
		defer mu.Unlock()
		began := now().Add(-r.took)
		switch {
		case !healed.IsZero() && (r.status == http.StatusCreated || r.status == http.StatusOK):
			first = now().Sub(healed)
			stop()
		case !healed.IsZero() && now().Sub(healed) > 15*time.Second:
			t.Errorf("not healed: %v", r)
			stop()
		case cut.IsZero() || began.Before(cut):
		case r.status == http.StatusServiceUnavailable && r.head.Get("Retry-After") != "":
			asked, refused, worst = asked+1, refused+1, max(worst, r.took)
			if q.key != "" {
				unsure = append(unsure, q)
			}
		case r.status == http.StatusCreated || r.status == http.StatusOK:
			asked, sold = asked+1, sold+1
		default:
			asked, worst = asked+1, max(worst, r.took)
			if unsure = append(unsure, q); len(unsure) < 5 {
				t.Errorf("answered %v after %v", r, r.took)
			}
		}
	})
	t.Logf("%d asked while cut off, %d refused, at most after %v; answered %v after healing", asked, refused, worst,
		first)
	if sold > 0 {
		t.Errorf("answered %d while it had no database", sold)
	}
	if refused == 0 || worst > refusalMax {
		t.Errorf("%d refusals, the slowest after %v", refused, worst)
	}
	if first > 5*time.Second {
		t.Errorf("healed after %v", first)
	}
	c.settled(t, unsure)
}

// settled asks again what was refused: it may have been done if the answer alone was lost, and never twice.
func (c *cluster) settled(t *testing.T, unsure []request) {
	t.Helper()
	v := newVisitors(t, 10*time.Second)
	for i, q := range unsure {
		if i%10 > 0 {
			continue
		}
		if r := v.insist(t.Context(), c, 1, q, nil); r.status != http.StatusCreated {
			t.Errorf("asked again: %v", r)
		}
	}
	c.once(t)
}

// once fails when an account holds twice under one key.
func (c *cluster) once(t *testing.T) {
	t.Helper()
	if twice := count(t, c.open(t), `SELECT count(*) FROM (SELECT account_id, place_key FROM orders
 GROUP BY account_id, place_key HAVING count(*) > 1) twice`); twice != 0 {
		t.Errorf("%d holds were made twice", twice)
	}
}

// TestLossyAndSlowLines (F17): one of ten pieces comes late as after a lost packet, while impatient callers ask every
// node the same at once; then every piece takes two seconds longer, for longer than anybody waits. Nothing happens
// twice, and nobody waits longer than the deadline.
func TestLossyAndSlowLines(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{})
	const deadline = 10 * time.Second
	w := c.callers("f17", 8, deadline)
	for _, n := range c.nodes {
		n.line.set(weather{lossy: 10})
	}
	before := w.acked()
	await(t, 40*time.Second, "people buy over lossy lines", func() bool { return w.acked() > before+8 })
	c.impatient(t, deadline)
	c.nodes[0].line.set(weather{delay: [2]time.Duration{there: time.Second, back: time.Second}})
	pause(t.Context(), deadline+time.Second)
	for _, n := range c.nodes {
		n.line.set(weather{})
	}
	w.end()
	t.Logf("acknowledged %d; half within %v, 99 of 100 within %v; answers: %v", w.acked(), w.quantile(500),
		w.quantile(990), w.errors)
	if w.errors["no answer"] > 0 || w.quantile(990) > deadline {
		t.Errorf("%d had no answer within %v", w.errors["no answer"], deadline)
	}
	c.sound(w.journal)
}

// impatient callers ask every node the same at once, and again until they have an answer: it is one and the same.
func (c *cluster) impatient(t *testing.T, deadline time.Duration) {
	t.Helper()
	const callers = 12
	v := newVisitors(t, deadline)
	var all sync.WaitGroup
	answers := make([][]string, callers)
	for i := range callers {
		answers[i] = make([]string, len(c.nodes))
		for n := range c.nodes {
			all.Go(func() {
				q := hold(c.world.Buyer(300+i), c.world.Items[bulk], 1, fmt.Sprint("f17-impatient-", i))
				answers[i][n] = v.insist(t.Context(), c, n, q, nil).text("id")
			})
		}
	}
	all.Wait()
	for i, ids := range answers {
		if ids[0] == "" || len(slices.Compact(ids)) != 1 {
			t.Errorf("caller %d was answered with the orders %q", i, ids)
		}
	}
	c.once(t)
}

// TestSlowDatabase (F20): the database takes five seconds for every answer, then holds one table for five seconds while
// it answers all else. People are sent away with a time to come back, and neither goroutines' memory nor files pile up.
func TestSlowDatabase(t *testing.T) {
	c := newCluster(t, options{nodes: 1})
	n := c.nodes[0]
	w := c.callers("f20", 200, 10*time.Second)
	await(t, waitMax, "people buy", func() bool { return w.acked() > 100 })
	files, memory := n.files(t), n.memory(t)
	n.line.set(weather{delay: [2]time.Duration{back: 5 * time.Second}})
	pause(t.Context(), 6*time.Second)
	most := n.files(t)
	n.line.set(weather{})
	before := w.acked()
	await(t, waitMax, "people buy again", func() bool { return w.acked() > before+100 })
	d := c.open(t)
	must(t, d.Write(t.Context(), func(tx *db.Tx) error { // a lock that somebody's tool holds
		if _, err := db.Exec(t.Context(), tx, `LOCK TABLE orders IN EXCLUSIVE MODE`); err != nil {
			return err
		}
		pause(t.Context(), 5*time.Second)
		most = max(most, n.files(t))
		return nil
	}))
	before = w.acked()
	await(t, waitMax, "people buy again", func() bool { return w.acked() > before+100 })
	w.end()
	t.Logf("shed %d (%d without Retry-After); files %d, at most %d, then %d; memory %d MB, then %d MB; slowest %v; %v",
		w.shed, w.unsaid, files, most, n.files(t), memory>>20, n.memory(t)>>20, w.worst.took, w.errors)
	if w.shed == 0 || w.unsaid > 0 {
		t.Errorf("%d were sent away, %d of them without a time to come back", w.shed, w.unsaid)
	}
	if most > files+250 || n.memory(t) > memory+200<<20 {
		t.Errorf("files grew from %d to %d, memory from %d to %d", files, most, memory, n.memory(t))
	}
	for what := range w.errors {
		if what != "503 db.busy" && what != "503 lane.unknown" && what != "503 lane.full" && what != "409 payment.pending" {
			t.Errorf("answered %s", what)
		}
	}
	c.sound(w.journal)
}

// files is how many files and sockets the node has open.
func (n *node) files(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir(filepath.Join("/proc", strconv.Itoa(n.command.Process.Pid), "fd"))
	must(t, err)
	return len(list)
}

// memory of the node in bytes.
func (n *node) memory(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(n.command.Process.Pid), "statm"))
	must(t, err)
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	must(t, err)
	return pages * int64(os.Getpagesize())
}
