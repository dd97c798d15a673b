package crowd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant/check"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Host is the history a crowd lives in.
type Host interface {
	Core() *app.Core // of the node that is up now
	Below(n int) int // the next throw of the history's dice: 0 to n−1
	Note(format string, args ...any)
	Met(what string)
	Key() string
	// Survive runs what the node may die in, and starts another one when it does; Died is the error then.
	Survive(fn func() error) error
	Died() error
}

// Action is one thing that a crowd can do, with its weight among all.
type Action struct {
	Name   string
	Weight int
	Do     func() error
}

// Crowd is a village of people who want things, and of sellers who have them.
type Crowd struct {
	Host
	ctx     context.Context
	db      *db.DB
	clock   *clock.Fake
	people  []market.Actor
	sellers []seller
}

type seller struct {
	id    market.MerchantID
	owner market.Actor
}

// A village has a few more people than a wish of its category needs. Two of them never confirmed their address, and the
// last one owns the first of the sellers.
const (
	village     = 15
	unconfirmed = 2
	category    = market.CategoryID("work.tool")
)

// numbers are those of the sellers; the register knows the last one as closed.
func numbers() []string { return []string{"2108100019", "2108100023", "2108100038", "2108100042"} }

// New settles a village in a database.
func New(ctx context.Context, d *db.DB, c *clock.Fake, host Host) (*Crowd, error) {
	v := &Crowd{Host: host, ctx: ctx, db: d, clock: c}
	for n := range village {
		v.people = append(v.people, market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_villager%02d", n)),
			Confirmed: n >= unconfirmed, Locale: "ko"})
	}
	for n, number := range numbers() {
		owner := market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_potter%d", n)), Confirmed: true, Locale: "ko"}
		if n == 0 {
			owner = v.people[village-1]
		}
		id, err := host.Core().Enroll.Enlist(ctx, owner, enroll.EnlistCmd{Name: fmt.Sprint("공방 ", n), Number: number,
			Phone: "0212345678"})
		if err != nil {
			return nil, err
		}
		owner.Memberships = []market.Membership{{MerchantID: id, Role: market.RoleOwner}}
		v.sellers = append(v.sellers, seller{id: id, owner: owner})
	}
	return v, nil
}

// Register knows the village's sellers: all of them run but the last one, and now and then nobody answers.
type Register struct{ Below func(n int) int }

// Check answers for one number.
func (r Register) Check(_ context.Context, number string) (check.Result, error) {
	switch all := numbers(); {
	case r.Below(5) == 0:
		return check.Down, check.ErrDown
	case number == all[len(all)-1]:
		return check.Closed, nil
	}
	return check.Normal, nil
}

// Source names it.
func (Register) Source() string { return "simulation" }

// People are those who may be owed something.
func (c *Crowd) People() []market.Actor {
	all := slices.Clone(c.people)
	for _, s := range c.sellers[1:] { // the first one's owner is of the village
		all = append(all, s.owner)
	}
	return all
}

// Actions lists what happens among wishes.
func (c *Crowd) Actions() []Action {
	return []Action{
		{"story", 120, c.story}, {"wish", 6, c.post}, {"join", 20, c.join}, {"rush", 4, c.rush},
		{"call back", 1, c.withdrawWish}, {"go on", 3, c.goOn}, {"fewer", 3, c.fewer},
		{"take down", 1, c.takeDown},
		{"bid", 14, c.bid}, {"take back", 4, c.withdrawBid}, {"judge", 16, c.judge}, {"ask", 5, c.ask},
		{"disqualify", 1, c.disqualify}, {"deadline", 20, c.deadline},
		{"pay share", 20, c.pay}, {"pay together", 4, c.payTogether}, {"answer short", 10, c.answer},
		{"ship", 12, c.ship}, {"carrier", 24, c.tell}, {"receive", 14, c.receive}, {"give back", 1, c.giveBack},
		{"dispute", 5, c.dispute}, {"speak", 10, c.speak},
	}
}

// Begin gives a history a wish to start with.
func (c *Crowd) Begin() error { return errors.Join(c.post(), c.rush(), c.bid(), c.bid()) }

// story takes a wish a step along the way that most wishes should go: without it few would come to their end.
func (c *Crowd) story() error {
	one, ok := c.anyOne(wish.Gathering, wish.Bidding, wish.Choosing, wish.Paying, wish.Fulfilling)
	if !ok {
		return c.post()
	}
	next := map[wish.State][]func() error{
		wish.Gathering:  {c.rush, c.bid, c.goOn, c.fewer},
		wish.Bidding:    {c.bid, c.bid, c.verify, c.deadline},
		wish.Choosing:   {c.judge, c.verify, c.deadline},
		wish.Paying:     {c.payTogether, c.pay, c.deadline, c.answer, c.answer},
		wish.Fulfilling: {c.ship, c.ship, c.tell, c.tell, c.receive, c.dispute, c.speak, c.deadline},
	}
	return pick(c, next[one.State])()
}

// verify lets the register of businesses be asked about the sellers who wait for it.
func (c *Crowd) verify() error {
	for _, step := range []func(context.Context) (bool, error){c.Core().Verify.BeginOnce, c.Core().Verify.AskOnce} {
		for worked := true; worked; {
			var err error
			if worked, err = step(c.ctx); err != nil {
				return err
			}
		}
	}
	c.Note("verify")
	return nil
}

func (c *Crowd) chance(percent int) bool { return c.Below(100) < percent }

func pick[T any](c *Crowd, list []T) T { return list[c.Below(len(list))] }

// anyOne picks a wish in one of the states.
func (c *Crowd) anyOne(states ...wish.State) (wish.Wish, bool) {
	marks := make([]string, len(states))
	args := make([]any, len(states))
	for i, s := range states {
		marks[i], args[i] = fmt.Sprintf("$%d", i+1), string(s)
	}
	ids, err := db.All(c.ctx, c.db, db.Scalar[market.WishID],
		`SELECT id FROM wish WHERE state IN (`+strings.Join(marks, ", ")+`) ORDER BY id`, args...)
	readable(err)
	if len(ids) == 0 {
		return wish.Wish{}, false
	}
	one, err := wish.Find(c.ctx, c.db, pick(c, ids))
	readable(err)
	return one, true
}

// deadline goes to the next thing that some job of a wish is to do, or to just before or just after it, and mostly lets
// the node get at it. A seller who is asked something answers in time as often as not.
func (c *Crowd) deadline() error {
	if c.chance(50) {
		if err := c.answer(); err != nil {
			return err
		}
	}
	due, err := db.All(c.ctx, c.db, db.Scalar[int64], `SELECT j.due_at FROM kit_job j WHERE j.state = 'ready' AND
 j.due_at > $1 AND EXISTS (SELECT 1 FROM wish w WHERE j.key LIKE w.id || '%' AND w.state NOT IN
 ('done', 'closed', 'merged') AND (j.kind <> 'wish.expire' OR w.state = 'gathering')) ORDER BY j.due_at LIMIT 1`,
		db.Micros(c.clock.Now()))
	readable(err)
	if len(due) == 0 {
		return nil
	}
	at := db.FromMicros(pick(c, due)).Add(time.Duration(c.Below(3)-1) * time.Microsecond)
	if !at.After(c.clock.Now()) {
		return nil
	}
	c.clock.Set(at)
	c.Note("deadline %s", at.Format(time.RFC3339Nano))
	if c.chance(30) {
		return nil
	}
	for range jobsAtOnce {
		worked := false
		err := c.Survive(func() (err error) {
			worked, err = c.Core().Queue.RunOnce(c.ctx)
			return err
		})
		c.Note("queue: %s", code(err))
		if err != nil || !worked {
			return unexpected(err, c.Died())
		}
	}
	return nil
}

// jobsAtOnce is how much a node does of what is due before something else happens.
const jobsAtOnce = 6

// code is the answer as the trace keeps it.
func code(err error) string {
	if err == nil {
		return "ok"
	}
	if s := fail.CodeOf(err); s != "" {
		return s
	}
	return "error"
}

// unexpected gives an error that is none of those that may be answered.
func unexpected(err error, known ...error) error {
	for _, k := range known {
		if errors.Is(err, k) {
			return nil
		}
	}
	return err
}

// differs is an answer that the rows do not explain.
func differs(what string, got, want error) error {
	if want == nil && got == nil || want != nil && errors.Is(got, want) {
		return nil
	}
	return fmt.Errorf("%s: %w instead of %q", what, fault(got), code(want))
}

func fault(err error) error {
	if err == nil {
		return errNone
	}
	return err
}

var errNone = errors.New("no refusal")

// readable stops a simulation whose own reading of the world failed.
func readable(err error) {
	assert.That(err == nil, "60 the simulation can read its world", "error", err)
}
