package pgfault_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/web/api"
)

// reply is what came back, or that nothing did.
type reply struct {
	status int // 0: no answer
	code   string
	head   http.Header
	body   map[string]any
	took   time.Duration
	err    error
}

// roomWaiting is the answer of a hot deal's waiting room: no fault, but "keep this ticket and ask again".
const roomWaiting = "room.waiting"

// final tells whether the answer settles the question: asking again gives the same.
func (r reply) final() bool {
	return r.status != 0 && r.status < 500 && r.status != http.StatusTooManyRequests
}

func (r reply) text(name string) string {
	s, _ := r.body[name].(string)
	return s
}

func (r reply) number(name string) int {
	f, _ := r.body[name].(float64)
	return int(f)
}

func (r reply) String() string {
	return fmt.Sprintf("%d %s, come back %q, %v %v", r.status, r.code, r.head.Get("Retry-After"), r.body["args"], r.err)
}

// request is one call of the interface.
type request struct {
	method, path string
	token, key   string
	ticket       string // of the waiting room
	body         any
}

// visitors ask nodes over connections of their own.
type visitors struct {
	client *http.Client
	wait   time.Duration
}

func newVisitors(t *testing.T, wait time.Duration) *visitors {
	transport := &http.Transport{MaxIdleConnsPerHost: 200}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitors{client: &http.Client{Transport: transport}, wait: wait}
}

func (v *visitors) ask(ctx context.Context, n *node, q request) reply {
	ctx, cancel := context.WithTimeout(ctx, v.wait)
	defer cancel()
	began := now()
	r := v.exchange(ctx, n, q)
	r.took = now().Sub(began)
	return r
}

func (v *visitors) exchange(ctx context.Context, n *node, q request) (r reply) {
	var body io.Reader = http.NoBody
	if q.body != nil {
		text, err := json.Marshal(q.body)
		if err != nil {
			return reply{err: err}
		}
		body = bytes.NewReader(text)
	}
	out, err := http.NewRequestWithContext(ctx, q.method, "http://"+n.address+api.Prefix+q.path, body)
	if err != nil {
		return reply{err: err}
	}
	out.Header.Set("Authorization", "Bearer "+q.token)
	out.Header.Set("Content-Type", "application/json")
	if q.ticket != "" {
		out.Header.Set("Room-Ticket", q.ticket)
	}
	if q.key != "" {
		out.Header.Set("Idempotency-Key", q.key)
	}
	answer, err := v.client.Do(out)
	if err != nil {
		return reply{err: err}
	}
	text, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return reply{err: err}
	}
	r = reply{status: answer.StatusCode, head: answer.Header}
	if len(text) > 0 {
		r.err = json.Unmarshal(text, &r.body)
	}
	r.code = r.text("code")
	return r
}

// insist asks one node after the other until the answer is final or the context ends.
func (v *visitors) insist(ctx context.Context, c *cluster, first int, q request, told func(reply)) reply {
	for i := first; ; i++ {
		r := v.ask(ctx, c.nodes[i%len(c.nodes)], q)
		if told != nil {
			told(r)
		}
		if r.final() || !pause(ctx, 20*time.Millisecond) {
			return r
		}
		if args, _ := r.body["args"].(map[string]any); r.code == roomWaiting && args["Ticket"] != nil {
			q.ticket = fmt.Sprint(args["Ticket"])
		}
	}
}

func hold(p stage.Person, item stage.Item, quantity int, key string) request {
	return request{method: http.MethodPost, path: "/orders", token: p.Token, key: "hold-" + key,
		body: map[string]any{"deal_id": item.Deal, "option_id": item.Option, "quantity": quantity}}
}

func pay(p stage.Person, order, key string) request {
	return request{method: http.MethodPost, path: "/orders/" + order + "/payments", token: p.Token, key: "pay-" + key,
		body: map[string]any{"method": "sandbox", "instrument": "ok"}}
}

func cancelOrder(p stage.Person, order, key string) request {
	return request{method: http.MethodPost, path: "/orders/" + order + "/cancel", token: p.Token, key: "cancel-" + key}
}

func use(s stage.Shop, face string, units int, nonce string) request {
	return request{method: http.MethodPost, path: "/redemptions", token: s.Staff.Token, key: "use-" + nonce,
		body: map[string]any{"merchant_id": s.ID, "branch_id": s.Branch, "code": face, "units": units,
			"nonce": "nonce-" + nonce}}
}

func check(s stage.Shop, face string) request {
	return request{method: http.MethodPost, path: "/redemptions/check", token: s.Staff.Token,
		key: "check-0000", body: map[string]any{"merchant_id": s.ID, "branch_id": s.Branch, "code": face}}
}

func undo(s stage.Shop, redemption, key string) request {
	return request{method: http.MethodPost, path: "/redemptions/" + redemption + "/undo", token: s.Staff.Token,
		key: "undo-" + key, body: map[string]any{"reason": "잘못 찍음"}}
}

// acknowledged is one command that was answered as done: asked again with the same key it must give the same id.
type acknowledged struct {
	request request
	id      string
	at      time.Time
}

// journal is what the crowd was told.
type journal struct {
	mu     sync.Mutex
	holds  []acknowledged
	paid   []acknowledged
	used   []acknowledged
	errors map[string]int
	took   []time.Duration // of every call, answered or not
	worst  reply           // the slowest
	shed   int             // 503
	unsaid int             // 503 without Retry-After
}

func (j *journal) note(r reply) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.took = append(j.took, r.took)
	if r.took > j.worst.took {
		j.worst = r
	}
	if r.status == http.StatusServiceUnavailable && r.code != roomWaiting {
		j.shed++
		if r.head.Get("Retry-After") == "" {
			j.unsaid++
		}
	}
	if (r.status < 200 || r.status > 299) && r.code != roomWaiting {
		name := fmt.Sprint(r.status, " ", r.code)
		if r.status == 0 {
			name = "no answer"
		}
		j.errors[name]++
	}
}

func (j *journal) ack(list *[]acknowledged, q request, id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	*list = append(*list, acknowledged{request: q, id: id, at: now()})
}

// gap is the longest time without a purchase or use that was acknowledged.
func (j *journal) gap(from, to time.Time) time.Duration {
	at := []time.Time{from, to}
	for _, list := range [][]acknowledged{j.paid, j.used} {
		for _, a := range list {
			at = append(at, a.at)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	var most time.Duration
	for i := 1; i < len(at); i++ {
		most = max(most, at[i].Sub(at[i-1]))
	}
	return most
}

// quantile of all calls.
func (j *journal) quantile(permille int) time.Duration {
	if len(j.took) == 0 {
		return 0
	}
	slices.Sort(j.took)
	return j.took[min(len(j.took)-1, len(j.took)*permille/1000)]
}

// crowd buys and redeems until it is told to stop.
type crowd struct {
	*journal
	c       *cluster
	v       *visitors
	name    string
	next    atomic.Int64
	stop    context.CancelFunc
	stopped context.CancelFunc
	all     sync.WaitGroup
	began   time.Time
	ended   time.Time
}

// callers start to buy, each a unit of the bulk deal again and again, and use it at the shop.
func (c *cluster) callers(name string, callers int, wait time.Duration) *crowd {
	c.t.Helper()
	w := &crowd{journal: &journal{errors: map[string]int{}}, c: c, v: newVisitors(c.t, wait), name: name, began: now()}
	going, stop := context.WithCancel(c.t.Context())
	asking, stopped := context.WithCancel(c.t.Context())
	w.stop, w.stopped = stop, stopped
	for range callers {
		w.all.Go(func() {
			for going.Err() == nil {
				w.turn(asking, int(w.next.Add(1)))
			}
		})
	}
	c.t.Cleanup(w.end)
	return w
}

// turn is one purchase and the use of what was bought.
func (w *crowd) turn(ctx context.Context, n int) {
	person, item, shop := w.c.world.Buyer(n%buyers), w.c.world.Items[bulk], w.c.world.Shops[0]
	key := fmt.Sprintf("%s-%07d", w.name, n)
	q := hold(person, item, 1, key)
	held := w.v.insist(ctx, w.c, n, q, w.note)
	if held.status != http.StatusCreated {
		return
	}
	w.ack(&w.holds, q, held.text("id"))
	q = pay(person, held.text("id"), key)
	bought := w.v.insist(ctx, w.c, n, q, w.note)
	if bought.status != http.StatusCreated || bought.text("state") != "paid" {
		return
	}
	w.ack(&w.paid, q, held.text("id"))
	vouchers, _ := bought.body["vouchers"].([]any)
	if len(vouchers) != 1 {
		w.note(reply{status: http.StatusTeapot, code: "no voucher"})
		return
	}
	face, _ := vouchers[0].(map[string]any)["qr"].(string)
	q = use(shop, face, 1, key)
	if used := w.v.insist(ctx, w.c, n+1, q, w.note); used.status == http.StatusCreated {
		w.ack(&w.used, q, used.text("id"))
	}
}

// end stops new purchases, lets those under way be settled for a while, and waits.
func (w *crowd) end() {
	if !w.ended.IsZero() {
		return
	}
	w.ended = now()
	w.stop()
	timer := time.AfterFunc(15*time.Second, w.stopped)
	w.all.Wait()
	timer.Stop()
	w.stopped()
}

// acked is how many purchases and uses were acknowledged so far.
func (w *crowd) acked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.paid) + len(w.used)
}
