package pgfault_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// scribe writes down what several clients see of one deal or voucher.
type scribe struct {
	a  *atOnce
	mu sync.Mutex
	h  recorded
}

// ask writes one step down with what came back. A refusal that the model does not know stays in the history under its
// code, and no order explains it. Who hears nothing asks again under the same key, as a person would: a history of many
// open ends explains anything, and takes for ever to check.
func (s *scribe) ask(t *testing.T, client, node int, in step, q request) reply {
	t.Helper()
	call := now()
	var r reply
	patience(t.Context(), waitMax, func() bool {
		r = s.a.v.ask(t.Context(), s.a.c.nodes[node%len(s.a.c.nodes)], q)
		return r.status > 0 && r.status < http.StatusInternalServerError
	})
	out := outcome{code: r.code, left: r.number("left_units")}
	switch {
	case r.status == 0 || r.status >= http.StatusInternalServerError:
		out.code = unknown
	case r.status >= 200 && r.status <= 299:
		out.code = ""
	}
	out.usable, _ = r.body["usable"].(bool)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.h.add(client, in, out, call, now())
	return r
}

// histories of a deal that sells out and of vouchers that are used, taken back and used again have an order.
func (a *atOnce) histories(t *testing.T) {
	t.Run("deal", a.dealHistory)
	t.Run("vouchers", a.voucherHistories)
}

func (a *atOnce) dealHistory(t *testing.T) {
	const clients, turns = 8, 18
	item, s, chance := a.c.world.Items[scarce], &scribe{a: a}, newDice()
	a.shutRoom(t, item.Deal)
	left := int(count(t, a.d, `SELECT capacity - held_units - paid_units FROM deal WHERE id = $1`, string(item.Deal)))
	if left != scarceUnits-boughtEach {
		t.Fatalf("%d units are left", left)
	}
	plans := make([][]int, clients)
	for i := range plans {
		for range turns {
			plans[i] = append(plans[i], chance.below(1000))
		}
	}
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			var mine []string
			for turn, luck := range plans[i] {
				person := 300 + (luck/10)%40 // of forty people who have bought nothing of it yet
				p, key := a.c.world.Buyer(person), fmt.Sprintf("history-%d-%02d", i, turn)
				units := 1 + luck%2
				switch {
				case luck%10 == 9:
					s.ask(t, i, luck, step{verb: look, of: string(item.Deal)},
						request{method: http.MethodGet, path: "/deals/" + string(item.Deal), token: p.Token})
				case luck%10 == 8 && len(mine) > 0:
					owner, order, name, n := split(mine[0])
					mine = mine[1:]
					in := step{verb: release, of: string(item.Deal), person: fmt.Sprint("p", owner), units: n, key: name}
					s.ask(t, i, luck, in, cancelOrder(a.c.world.Buyer(owner), order, key))
				default:
					in := step{verb: place, of: string(item.Deal), person: fmt.Sprint("p", person), units: units, key: key}
					r := s.ask(t, i, luck, in, hold(p, item, units, key))
					if r.status == http.StatusCreated {
						mine = append(mine, fmt.Sprintf("%d %s %s %d", person, r.text("id"), key, units))
					}
				}
			}
		})
	}
	all.Wait()
	// What is left in the end belongs to the history: a unit lost or made on the way has no order that explains it.
	s.ask(t, clients, 0, step{verb: look, of: string(item.Deal)},
		request{method: http.MethodGet, path: "/deals/" + string(item.Deal), token: a.c.world.Buyer(300).Token})
	soldOut := func(op porcupine.Operation) bool { return op.Output.(outcome).code == "deal.sold_out" }
	if !slices.ContainsFunc(s.h, soldOut) {
		t.Error("it did not sell out")
	}
	a.judge(t, dealModel(left, limitScarce), s.h)
}

// shutRoom keeps a waiting room from opening: who is asked to wait has not been answered.
func (a *atOnce) shutRoom(t *testing.T, id market.DealID) {
	t.Helper()
	must(t, a.d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `INSERT INTO room (deal_id, state, hand, commitment, version)
 VALUES ($1, 'closed', 'shut', '', 1)`, string(id))
		return err
	}))
}

// split reads what a client remembers of its hold.
func split(text string) (person int, order, key string, units int) {
	_, _ = fmt.Sscan(text, &person, &order, &key, &units)
	return person, order, key, units
}

func (a *atOnce) voucherHistories(t *testing.T) {
	const clients, turns, each = 6, 10, 4
	chance := newDice()
	for n := range each {
		v, s := a.voucher(t, bulk), &scribe{a: a}
		shop := a.shop(v)
		lucks := make([]int, clients*turns)
		for i := range lucks {
			lucks[i] = chance.below(1000)
		}
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				mine := ""
				for turn, luck := range lucks[i*turns : (i+1)*turns] {
					key := fmt.Sprintf("history-%d-%d-%d", n, i, turn)
					switch {
					case luck%10 < 3:
						s.ask(t, i, luck, step{verb: peek}, check(shop, v.Face))
					case mine != "":
						id, name, _ := strings.Cut(mine, " ")
						s.ask(t, i, luck, step{verb: takenUp, key: name}, undo(shop, id, key))
						mine = ""
					default:
						r := s.ask(t, i, luck, step{verb: redeem, key: key}, use(shop, v.Face, 1, key))
						if r.status == http.StatusCreated {
							mine = r.text("id") + " " + key
						}
					}
				}
			})
		}
		all.Wait()
		a.judge(t, voucherModel(), s.h)
	}
}

// judge fails when no order of the steps explains the answers, and when a wrong answer put into the history is not
// found: the checker must bite on this very history too.
func (a *atOnce) judge(t *testing.T, m porcupine.Model, h recorded) {
	t.Helper()
	codes := map[string]int{}
	for _, op := range h {
		codes[string(op.Input.(step).verb)+" "+op.Output.(outcome).code]++
	}
	t.Logf("%d steps: %v", len(h), codes)
	if !explains(t, m, h) {
		for _, op := range h {
			t.Logf("%d %d %+v %+v", op.Call, op.Return, op.Input, op.Output)
		}
		t.Error("no order of these steps explains their answers")
	}
	for i, op := range h {
		in, out := op.Input.(step), op.Output.(outcome)
		switch {
		case in.verb == look && out.code == "":
			out.left += scarceUnits
		case in.verb == redeem && out.code == "redeem.already_used" && i > len(h)/2:
			out.code = ""
		default:
			continue
		}
		wrong := append(recorded(nil), h...)
		wrong[i].Output = out
		if explains(t, m, wrong) {
			t.Errorf("a wrong answer to %+v went unnoticed", in)
		}
		return
	}
}
