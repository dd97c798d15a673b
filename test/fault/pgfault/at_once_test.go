package pgfault_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
)

// TestAtOnceOverNodes does the same thing many times at once, over three nodes (F10, F27, F37 to F40).
func TestAtOnceOverNodes(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{})
	a := &atOnce{c: c, v: newVisitors(t, 20*time.Second), d: c.open(t)}
	t.Run("F10 a hundred equal notices", a.notices)
	t.Run("F27 one voucher at fifty scanners", a.scanners)
	t.Run("F37 undo twice, by a stranger, racing a reuse", a.undos)
	t.Run("F38 twenty uses of a pass of ten", a.passes)
	t.Run("F39 refund and use", a.refunds)
	t.Run("F40 around the end of validity", a.expiry)
	t.Run("histories have an order", a.histories)
	c.sound(&journal{})
}

// atOnce asks many things at the same instant.
type atOnce struct {
	c     *cluster
	v     *visitors
	d     *db.DB
	taken [deals]int // vouchers of each deal that a test has had
}

// voucher gives one that no other test has, of a deal.
func (a *atOnce) voucher(t *testing.T, deal int) stage.Voucher {
	t.Helper()
	n := 0
	for _, v := range a.c.world.Vouchers {
		if v.Holder%deals != deal {
			continue
		}
		if n == a.taken[deal] {
			a.taken[deal]++
			return v
		}
		n++
	}
	t.Fatal("no voucher is left")
	return stage.Voucher{}
}

func (a *atOnce) shop(v stage.Voucher) stage.Shop { return a.c.world.Shops[v.Shop] }

// all asks everything at once, each of another node than the one before.
func (a *atOnce) all(ctx context.Context, requests ...request) []reply {
	replies := make([]reply, len(requests))
	var ready, done sync.WaitGroup
	ready.Add(len(requests))
	for i, q := range requests {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			replies[i] = a.v.ask(ctx, a.c.nodes[i%len(a.c.nodes)], q)
		})
	}
	done.Wait()
	return replies
}

// ok counts those that were done.
func ok(replies []reply) (n int) {
	for _, r := range replies {
		if r.status >= 200 && r.status <= 299 {
			n++
		}
	}
	return n
}

// refused fails unless every reply that was not done has one of the codes.
func refused(t *testing.T, replies []reply, codes ...string) {
	t.Helper()
	for _, r := range replies {
		if (r.status < 200 || r.status > 299) && !slices.Contains(codes, r.code) {
			t.Errorf("answered %v", r)
		}
	}
}

func (a *atOnce) scanners(t *testing.T) {
	for round := range rounds(t, 12) {
		if round >= boughtEach-40 {
			return // the world has no more vouchers
		}
		v := a.voucher(t, bulk)
		var scans []request
		for i := range 50 {
			scans = append(scans, use(a.shop(v), v.Face, 1, fmt.Sprintf("f27-%d-%d", round, i)))
		}
		replies := a.all(t.Context(), scans...)
		if ok(replies) != 1 {
			t.Errorf("round %d: %d scanners said yes", round, ok(replies))
		}
		refused(t, replies, "redeem.already_used")
	}
}

func (a *atOnce) passes(t *testing.T) {
	v := a.voucher(t, passes)
	var scans []request
	for i := range 20 {
		scans = append(scans, use(a.shop(v), v.Face, 1, fmt.Sprintf("f38-%d", i)))
	}
	replies := a.all(t.Context(), scans...)
	if ok(replies) != 10 {
		t.Errorf("%d uses of a pass of ten", ok(replies))
	}
	refused(t, replies, "redeem.already_used", "redeem.units_short")
	v = a.voucher(t, passes)
	if r := a.v.ask(t.Context(), a.c.nodes[0], use(a.shop(v), v.Face, 8, "f38-eight")); r.status != http.StatusCreated {
		t.Fatal(r)
	}
	for i, r := range a.all(t.Context(), use(a.shop(v), v.Face, 3, "f38-three0"), use(a.shop(v), v.Face, 3, "f38-three1"),
		use(a.shop(v), v.Face, 3, "f38-three2")) {
		if r.code != "redeem.units_short" {
			t.Errorf("three of two at node %d: %v", i, r)
		}
	}
}

func (a *atOnce) undos(t *testing.T) {
	for round := range 5 {
		v := a.voucher(t, bulk)
		key := fmt.Sprintf("f37-%d", round)
		used := a.v.ask(t.Context(), a.c.nodes[0], use(a.shop(v), v.Face, 1, key))
		if used.status != http.StatusCreated {
			t.Fatal(used)
		}
		stranger := undo(a.shop(v), used.text("id"), key+"-stranger")
		stranger.token = a.c.world.Buyer(7).Token
		if r := a.v.ask(t.Context(), a.c.nodes[1], stranger); r.status != http.StatusForbidden &&
			r.status != http.StatusNotFound {
			t.Errorf("a stranger's undo: %v", r)
		}
		var both []request
		for i := range 9 {
			both = append(both, undo(a.shop(v), used.text("id"), fmt.Sprintf("%s-%d", key, i)))
		}
		for i := range 6 {
			both = append(both, use(a.shop(v), v.Face, 1, fmt.Sprintf("%s-again-%d", key, i)))
		}
		replies := a.all(t.Context(), both...)
		if ok(replies[:9]) != 9 || ok(replies[9:]) > 1 {
			t.Errorf("round %d: %d undone, %d used again", round, ok(replies[:9]), ok(replies[9:]))
		}
		refused(t, replies, "redeem.already_used")
		mirrors := count(t, a.d, `SELECT count(*) FROM redemption WHERE voucher_id = $1 AND state = 'annulled'`,
			string(v.ID))
		if mirrors != 1 {
			t.Errorf("round %d: %d uses were taken back", round, mirrors)
		}
	}
}

func (a *atOnce) refunds(t *testing.T) {
	wins := map[bool]int{}
	for round := range 12 {
		v := a.voucher(t, bulk)
		person := a.c.world.Buyer(v.Holder)
		key := fmt.Sprintf("f39-%d", round)
		give, take := cancelOrder(person, string(v.Order), key), use(a.shop(v), v.Face, 1, key)
		var replies []reply
		switch round {
		case 0: // one order
			replies = append(a.all(t.Context(), take), a.all(t.Context(), give)...)
		case 1: // and the other
			replies = append(a.all(t.Context(), give), a.all(t.Context(), take)...)
			slices.Reverse(replies)
		default:
			replies = make([]reply, 2)
			var both sync.WaitGroup
			both.Go(func() {
				pause(t.Context(), time.Duration(round)*time.Millisecond) // a refund looks longer before it decides
				replies[0] = a.v.ask(t.Context(), a.c.nodes[0], take)
			})
			both.Go(func() { replies[1] = a.v.ask(t.Context(), a.c.nodes[1], give) })
			both.Wait()
		}
		used := count(t, a.d, `SELECT count(*) FROM redemption WHERE voucher_id = $1 AND state = 'accepted'`, string(v.ID))
		back := count(t, a.d, `SELECT count(*) FROM refund WHERE order_id = $1`, string(v.Order))
		won := replies[0].status == http.StatusCreated
		if used+back != 1 || won != (used == 1) {
			t.Errorf("round %d: %d uses, %d refunds; use: %v, refund: %v", round, used, back, replies[0], replies[1])
		}
		if round == 0 && !won || round == 1 && won {
			t.Errorf("round %d: the later one won", round)
		}
		wins[won]++
	}
	t.Logf("used %d times, paid back %d times", wins[true], wins[false])
}

func (a *atOnce) expiry(t *testing.T) {
	var list []stage.Voucher
	for range 24 {
		list = append(list, a.voucher(t, scarce))
	}
	end := now().Add(700 * time.Millisecond)
	must(t, a.d.Write(t.Context(), func(tx *db.Tx) error {
		for _, v := range list {
			if _, err := db.Exec(t.Context(), tx, `UPDATE voucher SET state = 'active', valid_until = $1 WHERE id = $2`,
				db.Micros(end), string(v.ID)); err != nil {
				return err
			}
		}
		return nil
	}))
	var all sync.WaitGroup
	for i, v := range list {
		all.Go(func() {
			pause(t.Context(), end.Add(time.Duration(i-12)*40*time.Millisecond).Sub(now()))
			asked := now()
			r := a.v.ask(t.Context(), a.c.nodes[i%len(a.c.nodes)], use(a.shop(v), v.Face, 1, fmt.Sprintf("f40-%d", i)))
			at, _ := time.Parse(time.RFC3339Nano, r.text("at"))
			done := r.status == http.StatusCreated
			switch {
			case done && !at.Before(end):
				t.Errorf("used at %v, valid until %v", at, end)
			case done && asked.After(end):
				t.Errorf("asked %v after the end and accepted", asked.Sub(end))
			case !done && r.code != "redeem.expired":
				t.Errorf("answered %v", r)
			case !done && asked.Add(r.took).Before(end):
				t.Errorf("refused %v before the end", end.Sub(asked.Add(r.took)))
			}
		})
	}
	all.Wait()
}

// notices: a payer has authorised and never came back; the gateway tells a hundred times at once.
func (a *atOnce) notices(t *testing.T) {
	h := newHands(t, a.c)
	order, paymentID, key, amount := h.authorise(t, a.c.world.Buyer(599))
	body, err := json.Marshal(map[string]any{"eventType": "PAYMENT_STATUS_CHANGED",
		"createdAt": now().Format("2006-01-02T15:04:05.000000"), "data": map[string]any{"paymentKey": key,
			"orderId": paymentID, "status": "DONE", "totalAmount": amount, "balanceAmount": amount, "currency": "KRW"}})
	must(t, err)
	var all, ready sync.WaitGroup
	ready.Add(100)
	statuses := make([]int, 100)
	for i := range 100 {
		all.Go(func() {
			address := "http://" + a.c.nodes[i%len(a.c.nodes)].address + "/hooks/gateway"
			q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
			if err != nil {
				return
			}
			hook.Sign(q.Header, sandbox.DefaultWebhookSecret, body, hook.Sent{ID: "whk_f10", At: now(), Attempt: 1})
			ready.Done()
			ready.Wait()
			if answer, err := a.v.client.Do(q); err == nil {
				_ = answer.Body.Close()
				statuses[i] = answer.StatusCode
			}
		})
	}
	all.Wait()
	for i, status := range statuses {
		if status < 200 || status > 299 {
			t.Errorf("notice %d was answered %d", i, status)
		}
	}
	await(t, 10*time.Second, "the order is paid", func() bool {
		return count(t, a.d, `SELECT count(*) FROM orders WHERE id = $1 AND state = 'paid'`, order) == 1
	})
	for text, about := range map[string]string{
		`SELECT count(*) FROM voucher WHERE order_id = $1`:                            order,
		`SELECT count(*) FROM payment WHERE order_id = $1`:                            order,
		`SELECT count(*) FROM kit_event WHERE kind = 'order.paid' AND aggregate = $1`: order,
		`SELECT count(*) FROM payment_webhook WHERE order_id = $1`:                    paymentID,
		`SELECT count(*) FROM kit_job WHERE kind = 'payment.resolve'
 AND payload LIKE '%' || CAST($1 AS text) || '%'`: paymentID, // whatever their keys
	} {
		if got := count(t, a.d, text, about); got != 1 {
			t.Errorf("%s: %d, want 1", text, got)
		}
	}
}
