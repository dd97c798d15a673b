package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/sim/crowd"
	"github.com/dure-commerce/dure/internal/web/hook"
)

// Options say which history to live through.
type Options struct {
	Seed  uint64
	Steps int
	DB    *db.DB // migrated and empty, made with Clock and seeded ids
	Clock *clock.Fake
	Words *i18n.Bundle // nil: read anew; a run of many seeds shares one
}

// Result tells how a history went.
type Result struct {
	Seed    uint64
	Hash    string         // of the whole trace
	Visited map[string]int // transitions, reason codes and faults met
	Last    []string       // the last steps, newest last
}

// world is the state of one history.
type world struct {
	Options
	*dice
	ctx     context.Context
	core    *app.Core
	box     *sandbox.Sandbox
	gateway *frail
	trace   hash.Hash
	visited map[string]int
	last    []string
	noted   bool // since acted was asked
	step    int
	keys    int
	shops   []shop
	buyers  []market.Actor
	tipped  map[market.DealID]bool
	village *crowd.Crowd // nil without wishes
	all     []action
	always  []assertion // after every step
	under   []assertion // what is under way
	resting []assertion // at rest
}

type shop struct {
	id       market.MerchantID
	owner    market.Actor
	staff    market.Actor
	branches []market.BranchID
}

const keptSteps = 30

// errDied is what a node's death looks like from outside.
var errDied = errors.New("node died")

func newWorld(ctx context.Context, o Options) (*world, error) {
	if asksDeposits(o.Seed) {
		o.Clock.Set(depositsFrom())
	}
	w := &world{Options: o, dice: newDice(o.Clock, o.Seed), ctx: ctx, trace: sha256.New(), visited: map[string]int{},
		tipped: map[market.DealID]bool{}}
	box, err := sandbox.New(ctx, sandbox.Options{Memory: true, Clock: o.Clock, IDs: o.DB.IDs(), SlowFor: -1, HangFor: -1,
		WebhookURL: "http://dure.sim/hooks/gateway", WebhookTransport: sandbox.Direct(http.HandlerFunc(w.receive)),
		Minute: time.Minute})
	if err != nil {
		return nil, err
	}
	w.box = box
	if err := w.start(); err != nil {
		return nil, errors.Join(err, box.Close())
	}
	w.populate()
	if err := w.settleVillage(); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// start boots a node over the database as it is.
func (w *world) start() error {
	client, err := toss.New(toss.Options{URL: "http://sandbox", SecretKey: sandbox.DefaultSecretKey,
		WebhookSecret: []string{sandbox.DefaultWebhookSecret}, Transport: w.box.Transport(), Timeout: 5 * time.Second})
	if err != nil {
		return err
	}
	w.gateway = &frail{Client: client}
	var key sign.Key
	copy(key[:], "a key for simulations and nothing else")
	w.core, err = app.NewCore(app.CoreOptions{DB: w.DB, Gateway: w.gateway, Simulator: client, GatewayName: "sandbox",
		Register: crowd.Register{Below: w.below}, Key: key,
		BaseURL: "http://dure.sim", Node: fmt.Sprintf("node%d", w.step), LaneOptions: lane.Options{Direct: true},
		Words: w.Words})
	if err == nil {
		w.Words = w.core.Words
	}
	return err
}

func (w *world) close() {
	w.core.Close()
	_ = w.box.Close() // in memory: nothing to lose
}

// receive is the node's door for notices; while the node is down nobody answers.
func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	hook.Routes(mux, hook.Deps{Gateway: w.core.Gateway, Now: w.Clock.Now, Notice: w.core.Checkout.Notice, Log: w.core.Log})
	mux.ServeHTTP(rw, r)
}

func (w *world) populate() {
	for i := range 3 {
		id := market.MerchantID(fmt.Sprintf("mer_shop%d", i))
		s := shop{id: id, branches: []market.BranchID{market.BranchID(fmt.Sprintf("brn_%d_a", i)),
			market.BranchID(fmt.Sprintf("brn_%d_b", i))}}
		s.owner = market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_owner%d", i)), Confirmed: true, Locale: "ko",
			Memberships: []market.Membership{{MerchantID: id, Role: market.RoleOwner}}}
		s.staff = market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_staff%d", i)), Confirmed: true, Locale: "ko",
			Memberships: []market.Membership{{MerchantID: id, BranchID: s.branches[0], Role: market.RoleScan}}}
		w.shops = append(w.shops, s)
	}
	for i := range 10 {
		w.buyers = append(w.buyers, market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_buyer%d", i)),
			Confirmed: true, Locale: "ko"})
	}
}

func operator() market.Actor {
	return market.Actor{AccountID: "acc_operator", Confirmed: true, Staff: market.RoleAdmin, Locale: "ko"}
}

// note writes one line of the trace.
func (w *world) note(format string, args ...any) {
	line := fmt.Sprintf("%4d %s ", w.step, w.Clock.Now().Format(time.RFC3339)) + fmt.Sprintf(format, args...)
	_, _ = w.trace.Write([]byte(line + "\n")) // a hash takes everything
	w.noted = true
	w.last = append(w.last, line)
	if len(w.last) > keptSteps {
		w.last = w.last[1:]
	}
}

// acted tells whether anything was noted since it was last asked: an action that finds nothing to act on notes nothing.
func (w *world) acted() bool {
	noted := w.noted
	w.noted = false
	return noted
}

// met counts something that a complete simulation must have seen.
func (w *world) met(what string) { w.visited[what]++ }

// code is the answer as the trace keeps it.
func code(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errDied):
		return "died"
	}
	if c := fail.CodeOf(err); c != "" {
		return c
	}
	return "error"
}

func (w *world) key() string {
	w.keys++
	return fmt.Sprintf("key-%05d-%05d", w.Seed, w.keys)
}

// survive runs an action of a node that may die in it; after a death a new node starts over the same database.
func (w *world) survive(fn func() error) (err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		died, ours := r.(*assert.Failure)
		assert.That(ours && died.Statement == deathStatement, "60 a node dies only where the simulation says so",
			"panic", r)
		w.core.Close()
		w.met("fault.node_died")
		err = errors.Join(errDied, w.start())
	}()
	return fn()
}

func (w *world) result() Result {
	return Result{Seed: w.Seed, Hash: hex.EncodeToString(w.trace.Sum(nil)[:12]), Visited: w.visited, Last: w.last}
}

// readable stops a simulation whose own reading of the world failed.
func readable(err error) {
	assert.That(err == nil, "60 the simulation can read its world", "error", err)
}
