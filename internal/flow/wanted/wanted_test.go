package wanted_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// world is one database with the journey over it, as one node has it.
type world struct {
	*dbtest.World
	t      *testing.T
	d      *db.DB
	wanted *wanted.Wanted
}

func each(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		body(&world{w, t, d, node(t, d)})
	})
}

func node(t *testing.T, d *db.DB) *wanted.Wanted {
	t.Helper()
	lanes := lane.New(d, lane.Options{})
	t.Cleanup(lanes.Close)
	return wanted.New(d, lanes)
}

func person(n int) market.Actor {
	return market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_%04d", n)), Confirmed: true}
}

func (w *world) post(author market.Actor, category market.CategoryID) wish.Wish {
	w.t.Helper()
	one, err := w.wanted.Post(w.t.Context(), author, wanted.PostCmd{Draft: wish.Draft{Name: "무선 청소기",
		CategoryID: category}, Key: w.IDs.New("key")})
	if err != nil {
		w.t.Fatal(err)
	}
	return one
}

func (w *world) join(who market.Actor, id market.WishID, kind wish.Kind) (wanted.Joined, error) {
	w.t.Helper()
	return w.wanted.Join(w.t.Context(), wanted.JoinCmd{Actor: who, WishID: id, Kind: kind})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) find(id market.WishID) wish.Wish {
	w.t.Helper()
	one, err := wish.Find(w.t.Context(), w.d, id)
	w.must(err)
	return one
}

func count(t interface {
	Helper()
	Fatal(...any)
}, d *db.DB, text string, args ...any) int64 {
	t.Helper()
	n, err := db.One(context.Background(), d, db.Scalar[int64], text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const (
	placesOf   = `SELECT count(*) FROM wish_member WHERE wish_id = $1 AND kind = $2`
	eventsOf   = `SELECT count(*) FROM kit_event WHERE aggregate = $1 AND kind = $2`
	closeJobOf = `SELECT count(*) FROM kit_job WHERE kind = 'auction.close' AND key LIKE $1 AND due_at = $2`
	expiryJob  = `SELECT count(*) FROM kit_job WHERE kind = 'wish.expire' AND due_at = $1`
)

func TestWhoeverWritesAWishIsItsFirstMember(t *testing.T) {
	each(t, func(w *world) {
		ctx, author := t.Context(), person(1)
		cmd := wanted.PostCmd{Draft: wish.Draft{Name: "무선 청소기", TopPrice: 150_000}, Key: "one"}
		first, err := w.wanted.Post(ctx, author, cmd)
		w.must(err)
		if first.Firm != 1 || first.Watching != 0 || first.Threshold != 30 || first.LeadID != author.AccountID ||
			first.State != wish.Gathering {
			t.Errorf("%+v", first)
		}
		if again, err := w.wanted.Post(ctx, author, cmd); err != nil || again.ID != first.ID {
			t.Errorf("the same key: %s, %v", again.ID, err)
		}
		other := cmd
		other.Draft.TopPrice++
		if _, err := w.wanted.Post(ctx, author, other); !errors.Is(err, wanted.ErrKeyReused) {
			t.Errorf("the same key with another body: %v", err)
		}
		if theirs, err := w.wanted.Post(ctx, person(2), cmd); err != nil || theirs.ID == first.ID {
			t.Errorf("the same key of somebody else: %s, %v", theirs.ID, err)
		}
		if _, err := w.wanted.Post(ctx, author, wanted.PostCmd{Draft: cmd.Draft}); !errors.Is(err, wanted.ErrKeyMissing) {
			t.Errorf("no key: %v", err)
		}
		if _, err := w.wanted.Post(ctx, market.Actor{}, cmd); !errors.Is(err, right.ErrSignIn) {
			t.Errorf("a visitor: %v", err)
		}
		if count(t, w.d, expiryJob, db.Micros(first.Until)) != 2 {
			t.Error("nobody ends it when its time is over")
		}
		newcomer := person(3)
		newcomer.Confirmed = false
		if one := w.post(newcomer, "learn.class"); one.Firm != 0 || one.Watching != 1 || one.Threshold != 12 {
			t.Errorf("before the address is confirmed: %+v", one)
		}
		for range 4 {
			w.post(author, "")
		}
		if _, err := w.wanted.Post(ctx, author, wanted.PostCmd{Draft: cmd.Draft, Key: "six"}); !errors.Is(err,
			wish.ErrOpenMax) {
			t.Errorf("a sixth: %v", err)
		}
	})
}

func TestPlacesAreTakenAndGivenBack(t *testing.T) {
	each(t, func(w *world) {
		one := w.post(person(1), "")
		newcomer := person(2)
		newcomer.Confirmed = false
		if _, err := w.join(newcomer, one.ID, wish.Firm); !errors.Is(err, wish.ErrConfirmed) {
			t.Errorf("firm without a confirmed address: %v", err)
		}
		got, err := w.join(newcomer, one.ID, wish.Watching)
		w.must(err)
		if got.Firm != 1 || got.Watching != 1 || got.Member.Kind != wish.Watching || got.Reached {
			t.Errorf("%+v", got)
		}
		for range 2 {
			if got, err = w.join(person(2), one.ID, wish.Firm); err != nil || got.Firm != 2 || got.Watching != 0 {
				t.Errorf("%+v, %v", got, err)
			}
		}
		for range 2 {
			if got, err = w.join(person(2), one.ID, wish.Away); err != nil || got.Firm != 1 || got.Watching != 0 {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if n := count(t, w.d, eventsOf, string(one.ID), "wish.member"); n != 4 {
			t.Errorf("%d events of five steps, of which one changed nothing", n)
		}
		if _, err := w.join(person(2), one.ID, "leader"); !errors.Is(err, wish.ErrKind) {
			t.Errorf("another kind: %v", err)
		}
		if _, err := w.join(person(2), "wsh_none", wish.Firm); !errors.Is(err, wish.ErrNotFound) {
			t.Errorf("no wish: %v", err)
		}
		if _, err := w.join(market.Actor{}, one.ID, wish.Firm); !errors.Is(err, right.ErrSignIn) {
			t.Errorf("a visitor: %v", err)
		}
	})
}

func TestTheLeadPassesOn(t *testing.T) {
	each(t, func(w *world) {
		one := w.post(person(1), "")
		step := func(n int, kind wish.Kind) market.AccountID {
			t.Helper()
			w.Clock.Advance(time.Second)
			_, err := w.join(person(n), one.ID, kind)
			w.must(err)
			return w.find(one.ID).LeadID
		}
		for _, c := range []struct {
			who  int
			kind wish.Kind
			lead market.AccountID
		}{
			{2, wish.Watching, "acc_0001"}, {4, wish.Firm, "acc_0001"}, {3, wish.Firm, "acc_0001"},
			{1, wish.Watching, "acc_0001"}, {1, wish.Away, "acc_0004"}, {1, wish.Firm, "acc_0004"},
			{4, wish.Away, "acc_0003"}, {3, wish.Away, "acc_0001"}, {1, wish.Away, ""}, {5, wish.Watching, ""},
			{2, wish.Firm, "acc_0002"},
		} {
			if got := step(c.who, c.kind); got != c.lead {
				t.Errorf("after %d is %s: %q leads, want %q", c.who, c.kind, got, c.lead)
			}
		}
		if err := w.wanted.Withdraw(t.Context(), person(1), one.ID); !errors.Is(err, right.ErrHidden) &&
			!errors.Is(err, right.ErrForbidden) {
			t.Errorf("withdrawn by who no longer leads: %v", err)
		}
		w.must(w.wanted.Withdraw(t.Context(), person(2), one.ID))
		if got := w.find(one.ID); got.State != wish.Closed || got.Outcome != wish.OutcomeWithdrawn || got.EndedAt.IsZero() {
			t.Errorf("%+v", got)
		}
		if _, err := w.join(person(7), one.ID, wish.Firm); !errors.Is(err, wish.ErrOver) {
			t.Errorf("joined what is withdrawn: %v", err)
		}
	})
}

func TestATimeThatIsOverEndsAWish(t *testing.T) {
	each(t, func(w *world) {
		one, reached := w.post(person(1), ""), w.post(person(2), "work.other")
		for n := 3; n < 12; n++ {
			_, err := w.join(person(n), reached.ID, wish.Firm)
			w.must(err)
		}
		for _, id := range []market.WishID{one.ID, reached.ID} {
			w.must(w.wanted.Expire(t.Context(), id))
		}
		if a, b := w.find(one.ID), w.find(reached.ID); a.State != wish.Gathering || b.State != wish.Bidding {
			t.Errorf("before its time: %s; at its point: %s", a.State, b.State)
		}
		w.Clock.Set(one.Until)
		if _, err := w.join(person(99), one.ID, wish.Firm); !errors.Is(err, wish.ErrOver) {
			t.Errorf("joined at the end: %v", err)
		}
		for _, id := range []market.WishID{one.ID, one.ID, reached.ID} {
			w.must(w.wanted.Expire(t.Context(), id))
		}
		if a, b := w.find(one.ID), w.find(reached.ID); a.State != wish.Closed || a.Outcome != wish.OutcomeExpired ||
			b.State != wish.Bidding {
			t.Errorf("after its time: %s; at its point: %s", a.State, b.State)
		}
		if n := count(t, w.d, eventsOf, string(one.ID), "wish.ended"); n != 1 {
			t.Errorf("ended %d times", n)
		}
		ended, err := bid.Find(t.Context(), w.d, one.ID)
		w.must(err)
		if !ended.In(bid.Void) ||
			!errors.Is(ended.TakesBids(w.Clock.Now()), bid.ErrOver) {
			t.Errorf("sellers still offer to a wish that is over: %s", ended.State)
		}
	})
}

// TestThePointIsReachedOnce lets people come and leave at once over two nodes: the numbers are those of the rows, and
// the point is announced once.
func TestThePointIsReachedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, base *dbtest.World) {
		w := &world{base, t, d, node(t, d)}
		nodes := []*wanted.Wanted{w.wanted, w.wanted}
		if d.Engine() == db.Postgres { // one process writes a file; PostgreSQL takes a second node on the same rows
			other, err := db.Open(t.Context(), db.Options{URL: w.URL, Clock: w.Clock, IDs: w.IDs})
			w.must(err)
			defer func() { w.must(other.Close()) }()
			lanes := lane.New(other, lane.Options{})
			defer lanes.Close()
			nodes[1] = wanted.New(other, lanes)
		}
		const people, wishes = 60, 4
		var list []wish.Wish
		for n := range wishes {
			list = append(list, w.post(person(1_000+n), ""))
		}
		var all sync.WaitGroup
		for n := range people {
			for k, one := range list {
				all.Go(func() {
					kinds := []wish.Kind{wish.Firm, wish.Away, wish.Watching, wish.Firm}
					for i, kind := range kinds[:1+(n+k)%len(kinds)] {
						cmd := wanted.JoinCmd{Actor: person(n), WishID: one.ID, Kind: kind}
						var twice sync.WaitGroup // the same person, impatient, at two nodes
						for _, at := range nodes {
							twice.Go(func() {
								if _, err := at.Join(t.Context(), cmd); err != nil {
									t.Error(i, err)
								}
							})
						}
						twice.Wait()
					}
				})
			}
		}
		all.Wait()
		for _, one := range list {
			got := w.find(one.ID)
			if firm := count(t, d, placesOf, string(one.ID), "firm"); got.Firm != firm || firm != 1+people/2 {
				t.Errorf("%d counted, %d rows", got.Firm, firm)
			}
			if looking := count(t, d, placesOf, string(one.ID), "watching"); got.Watching != looking {
				t.Errorf("%d look on, %d rows", got.Watching, looking)
			}
			if n := count(t, d, eventsOf, string(one.ID), "wish.reached"); n != 1 || got.State != wish.Bidding {
				t.Errorf("announced %d times, %s", n, got.State)
			}
			if n := count(t, d, closeJobOf, string(one.ID)+"%", db.Micros(got.ReachedAt.Add(72*time.Hour))+1); n != 1 {
				t.Errorf("%d jobs close the bids", n)
			}
		}
	})
}

// model is what a wish should be, one step after the other.
type model struct {
	places map[int]wish.Kind
	firm   int64
	peak   int64
}

func (m *model) step(n int, kind wish.Kind) {
	was := m.places[n]
	if was == wish.Firm {
		m.firm--
	}
	if kind == wish.Firm {
		m.firm++
	}
	m.places[n] = kind
	m.peak = max(m.peak, m.firm)
}

// TestBatchesAreOneStepAfterTheOther compares batches of any size with a model that takes one step at a time: the same
// places, the same numbers, and the point is reached when at any moment enough were firm.
func TestBatchesAreOneStepAfterTheOther(t *testing.T) {
	each(t, func(w *world) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			author := 5_000 + run
			one := w.post(person(author), "work.other") // ten
			m := &model{places: map[int]wish.Kind{author: wish.Firm}, firm: 1, peak: 1}
			for range rapid.IntRange(1, 8).Draw(rt, "batches") {
				var cmds []wanted.JoinCmd
				for range rapid.IntRange(1, 12).Draw(rt, "size") {
					n := rapid.IntRange(0, 13).Draw(rt, "who")
					kind := rapid.SampledFrom([]wish.Kind{wish.Firm, wish.Firm, wish.Watching, wish.Away}).Draw(rt, "kind")
					cmds = append(cmds, wanted.JoinCmd{Actor: person(n), WishID: one.ID, Kind: kind})
					m.step(n, kind)
				}
				err := w.d.Write(context.Background(), func(tx *db.Tx) error {
					_, err := w.wanted.JoinBatch(context.Background(), tx, cmds)
					return err
				})
				if err != nil {
					rt.Fatal(err)
				}
				got, err := wish.Find(context.Background(), w.d, one.ID)
				if err != nil {
					rt.Fatal(err)
				}
				if got.Firm != m.firm || got.Reached() != (m.peak >= got.Threshold) {
					rt.Fatalf("%d firm, reached %t; want %d, at most %d", got.Firm, got.Reached(), m.firm, m.peak)
				}
			}
			for n, kind := range m.places {
				got, err := wish.FindMember(context.Background(), w.d, wish.MemberKey{WishID: one.ID,
					AccountID: person(n).AccountID})
				if err != nil || got.Kind != kind {
					rt.Fatalf("%d is %s, want %s (%v)", n, got.Kind, kind, err)
				}
			}
			if n := count(rt, w.d, eventsOf, string(one.ID), "wish.reached"); n > 1 || (n == 1) != (m.peak >= 10) {
				rt.Fatalf("announced %d times", n)
			}
		})
	})
}
