package escrow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/till"
)

// crowd is an escrow with its members on a database of a test.
type crowd struct {
	testing.TB
	d    *db.DB
	w    *dbtest.World
	wish market.WishID
	ids  []market.OrderID
}

func (c *crowd) use(i int) escrow.Act {
	return escrow.Act{OrderID: c.ids[i], Action: escrow.ActUse, By: escrow.ByBranch, MerchantID: seller}
}

// TestServedAtTheBranch: a use there is receipt and evidence in one; who does not come by the end gets everything back.
func TestServedAtTheBranch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		w.Clock.Set(on(1))
		c := &crowd{TB: t, d: d, w: w, wish: "wsh_branch"}
		a := award()
		a.Delivery, a.BranchID = escrow.AtBranch, "brn_1"
		c.write(func(tx *db.Tx) error { return escrow.Open(ctx, tx, c.wish, a, rules) })
		c.pay(3, 20_000)
		if codes, _ := c.take(c.use(0)); codes[0] != "not_begun" {
			t.Errorf("used while members pay: %v", codes)
		}
		c.write(func(tx *db.Tx) error { return escrow.Begin(ctx, tx, c.wish) })
		other := c.use(1)
		other.MerchantID = "mer_2"
		codes, ends := c.take(c.use(0), c.use(0), other)
		if !slices.Equal(codes, []string{"", "state", "not_found"}) || len(ends) != 1 || ends[0].Outcome != escrow.OutUsed {
			t.Errorf("%v %+v", codes, ends)
		}
		refuses(t, "a parcel", c.try(func(tx *db.Tx) error {
			_, err := escrow.Ship(ctx, tx, rules, escrow.Shipping{WishID: c.wish, MerchantID: seller})
			return err
		}), escrow.ErrDelivery)
		w.Clock.Set(kst("2026-03-25 00:00"))
		if codes, _ := c.take(c.use(1)); codes[0] != "late" {
			t.Errorf("used when it goes back: %v", codes)
		}
		if ends := c.sweep(10); len(ends) != 2 {
			t.Errorf("%+v", ends)
		}
		c.want("RBB")
	})
}

func award() escrow.Award { return paying().Award }

// open makes an escrow of a wish; the clock stands on the first of March.
func open(t testing.TB, d *db.DB, w *dbtest.World, wish market.WishID) *crowd {
	t.Helper()
	c := &crowd{TB: t, d: d, w: w, wish: wish}
	w.Clock.Set(on(1))
	a := award()
	a.ShipBy = kst("2026-03-11 00:00")
	c.write(func(tx *db.Tx) error { return escrow.Open(t.Context(), tx, wish, a, rules) })
	return c
}

// begun is an escrow of n members, each with two units for 20,000 won, whose seller has begun.
func begun(t testing.TB, d *db.DB, w *dbtest.World, n int) *crowd {
	t.Helper()
	c := open(t, d, w, market.WishID(w.IDs.New("wsh")))
	c.pay(n, 20_000)
	c.write(func(tx *db.Tx) error { return escrow.Begin(t.Context(), tx, c.wish) })
	return c
}

func (c *crowd) try(fn func(tx *db.Tx) error) error { return c.d.Write(c.Context(), fn) }

func (c *crowd) write(fn func(tx *db.Tx) error) {
	c.Helper()
	if err := c.try(fn); err != nil {
		c.Fatal(err)
	}
}

func member(i int) market.AccountID { return market.AccountID(fmt.Sprintf("acc_%03d", i)) }

func (c *crowd) pay(n int, amount int64) {
	c.Helper()
	list := make([]escrow.Payment, n)
	for i := range list {
		id := market.OrderID(c.w.IDs.New("ord"))
		list[i] = escrow.Payment{OrderID: id, AccountID: member(len(c.ids)), Quantity: 2, Amount: amount}
		c.ids = append(c.ids, id)
	}
	c.write(func(tx *db.Tx) error { return till.Pay(c.Context(), tx, c.wish, list) })
}

func (c *crowd) share(i int) escrow.Share {
	c.Helper()
	s, err := escrow.FindShare(c.Context(), c.d, c.ids[i])
	if err != nil {
		c.Fatal(err)
	}
	return s
}

func (c *crowd) escrow() escrow.Escrow {
	c.Helper()
	e, err := escrow.Find(c.Context(), c.d, c.wish)
	if err != nil {
		c.Fatal(err)
	}
	return e
}

// states spells the shares' states, one letter a member, and holds every member's won together (31).
func (c *crowd) states() string {
	c.Helper()
	shares, err := escrow.ListShares(c.Context(), c.d, c.wish, "", 1000)
	if err != nil {
		c.Fatal(err)
	}
	var b strings.Builder
	for _, s := range shares {
		b.WriteByte(map[escrow.State]byte{escrow.Held: 'h', escrow.Shipped: 's', escrow.Delivered: 'd', escrow.Released: 'R',
			escrow.Refunded: 'B', escrow.Disputed: 'x', escrow.Decided: 'D'}[s.State])
		if x := s.Stands(); x.Held+x.Frozen+x.Released+x.Refunded != s.Paid {
			c.Errorf("31 %s: %+v of %d", s.OrderID, x, s.Paid)
		}
	}
	return b.String()
}

func (c *crowd) want(states string) {
	c.Helper()
	if got := c.states(); got != states {
		c.Errorf("members stand %s, want %s", got, states)
	}
}

// take tries acts and gives the refusals' codes, "" for what was taken.
func (c *crowd) take(acts ...escrow.Act) (codes []string, ends []escrow.End) {
	c.Helper()
	c.write(func(tx *db.Tx) error {
		codes, ends = nil, nil
		answers, err := escrow.Take(c.Context(), tx, rules, acts)
		for _, a := range answers {
			codes = append(codes, code(a.Err))
			if a.End != nil {
				ends = append(ends, *a.End)
			}
		}
		return err
	})
	return codes, ends
}

func (c *crowd) confirm(i int) escrow.Act {
	return escrow.Act{OrderID: c.ids[i], Action: escrow.ActConfirm, By: escrow.ByBuyer, AccountID: member(i)}
}

func (c *crowd) sweep(limit int) (ends []escrow.End) {
	c.Helper()
	c.write(func(tx *db.Tx) (err error) { ends, err = escrow.Sweep(c.Context(), tx, rules, limit); return err })
	return ends
}

func refuses(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func TestMembersPay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c := open(t, d, w, "wsh_a")
		late := award()
		late.ShipBy = on(1)
		refuses(t, "too late to send", c.try(func(tx *db.Tx) error { return escrow.Open(ctx, tx, "wsh_b", late, rules) }),
			escrow.ErrShipBy)
		refuses(t, "opened twice", c.try(func(tx *db.Tx) error { return escrow.Open(ctx, tx, "wsh_a", award(), rules) }),
			escrow.ErrExists)
		c.pay(3, 20_000)
		c.pay(2, 24_000)
		pay := func(p ...escrow.Payment) error {
			return c.try(func(tx *db.Tx) error { return till.Pay(ctx, tx, c.wish, p) })
		}
		fresh := escrow.Payment{OrderID: "ord_new", AccountID: "acc_new", Quantity: 1, Amount: 10_000}
		again := escrow.Payment{OrderID: c.ids[0], AccountID: member(0), Quantity: 2, Amount: 20_000}
		refuses(t, "paid twice", pay(fresh, again), escrow.ErrPaid)
		fresh.Amount = 9_999
		refuses(t, "too little", pay(fresh), escrow.ErrPrice)
		begin := func(tx *db.Tx) error { return escrow.Begin(ctx, tx, c.wish) }
		refuses(t, "begun before the price is even", c.try(begin), escrow.ErrUnsettled)
		if e := c.escrow(); e.Shares != 5 || e.Units != 10 || e.Paid != 108_000 || e.Phase != escrow.Paying {
			t.Errorf("%+v", e)
		}
		lower := func(unit int64) error {
			return c.try(func(tx *db.Tx) error { return escrow.LowerPrice(ctx, tx, c.wish, unit) })
		}
		refuses(t, "a higher price", lower(10_000), escrow.ErrClosed)
		if err := lower(9_500); err != nil {
			t.Fatal(err)
		}
		back := map[market.OrderID]int64{}
		for rounds := 0; ; rounds++ { // in chunks, each of which may be the last of its node
			var falls []escrow.Fall
			c.write(func(tx *db.Tx) (err error) { falls, err = escrow.Lower(ctx, tx, c.wish, 2); return err })
			for _, f := range falls {
				back[f.OrderID] += f.Difference
			}
			if len(falls) == 0 {
				if rounds != 3 {
					t.Errorf("%d rounds", rounds)
				}
				break
			}
		}
		for i, id := range c.ids {
			if want := map[bool]int64{true: 1_000, false: 5_000}[i < 3]; back[id] != want || c.share(i).Amount != 19_000 {
				t.Errorf("member %d: %d went back, %d left", i, back[id], c.share(i).Amount)
			}
		}
		c.write(begin)
		refuses(t, "begun twice", c.try(begin), escrow.ErrClosed)
		fresh.Amount = 10_000
		refuses(t, "paid too late", pay(fresh), escrow.ErrClosed)
		refuses(t, "cancelled too late", c.try(func(tx *db.Tx) error { return escrow.Cancel(ctx, tx, c.wish) }),
			escrow.ErrClosed)
		refuses(t, "another seller too late", c.try(func(tx *db.Tx) error {
			return escrow.Reassign(ctx, tx, c.wish, award(), rules)
		}), escrow.ErrClosed)
		refuses(t, "no such wish", c.try(func(tx *db.Tx) error { return escrow.Begin(ctx, tx, "wsh_no") }),
			escrow.ErrNotFound)
		c.want("hhhhh")
	})
}

// TestTheNextBid: the winner fails, the next one is dearer: who paid enough stays, who did not goes, and everybody's
// won is accounted for.
func TestTheNextBid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c := open(t, d, w, "wsh_a")
		c.pay(2, 20_000)
		c.pay(2, 23_000)
		next := award()
		next.BidID, next.MerchantID, next.UnitPrice, next.ShipBy = "bid_2", "mer_2", 11_000, kst("2026-03-21 00:00")
		c.write(func(tx *db.Tx) error { return escrow.Reassign(ctx, tx, c.wish, next, rules) })
		if e := c.escrow(); e.MerchantID != "mer_2" || !e.LapseAt.Equal(kst("2026-04-04 00:00")) {
			t.Errorf("%+v", e)
		}
		short, err := escrow.Underpaid(ctx, d, c.wish, "", 10)
		if err != nil || len(short) != 2 || short[0].OrderID != c.ids[0] {
			t.Fatalf("%+v %v", short, err)
		}
		var acts []escrow.Act
		for _, id := range c.ids[:3] {
			acts = append(acts, escrow.Act{OrderID: id, Action: escrow.ActLapse, By: escrow.ByClock})
		}
		codes, ends := c.take(acts...)
		if !slices.Equal(codes, []string{"", "", "state"}) || len(ends) != 2 || ends[0].Refunded != 20_000 {
			t.Errorf("%v %+v", codes, ends)
		}
		var falls []escrow.Fall
		c.write(func(tx *db.Tx) (err error) { falls, err = escrow.Lower(ctx, tx, c.wish, 10); return err })
		if len(falls) != 2 || falls[0].Difference != 1_000 || falls[0].MerchantID != "mer_2" {
			t.Errorf("%+v", falls)
		}
		c.write(func(tx *db.Tx) error { return escrow.Begin(ctx, tx, c.wish) })
		c.want("BBhh")
	})
}

func TestACrowdThatFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c := open(t, d, w, "wsh_a")
		c.pay(7, 20_000)
		if due, err := escrow.Due(ctx, d, w.Clock.Now(), 3); len(due) != 0 || err != nil {
			t.Errorf("something waits: %v %v", due, err)
		}
		c.write(func(tx *db.Tx) error { return escrow.Cancel(ctx, tx, c.wish) })
		if due, err := escrow.Due(ctx, d, w.Clock.Now(), 3); len(due) != 3 || err != nil {
			t.Errorf("%d wait, %v", len(due), err)
		}
		back, rounds := int64(0), 0
		for ends := c.sweep(3); len(ends) > 0; ends = c.sweep(3) {
			rounds++
			for _, e := range ends {
				back += e.Refunded
			}
		}
		if back != 140_000 || rounds != 3 {
			t.Errorf("%d won in %d rounds", back, rounds)
		}
		c.want("BBBBBBB")
		var over []market.WishID
		c.write(func(tx *db.Tx) (err error) { over, err = escrow.Finish(ctx, tx, 10); return err })
		if len(over) != 1 || c.escrow().Phase != escrow.Void || c.escrow().EndedAt.IsZero() {
			t.Errorf("%v %+v", over, c.escrow())
		}
	})
}

// TestTakeInOrder: a batch is decided in the order in which it came, in memory, and one's refusal is nobody else's.
func TestTakeInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c := begun(t, d, w, 4)
		c.ship(0, "612345678900")
		c.ship(1, "612345678901")
		stranger := c.confirm(1)
		stranger.AccountID = "acc_other"
		unknown := escrow.Act{OrderID: "ord_none", Action: escrow.ActConfirm, By: escrow.ByBuyer}
		leave := func(i int) escrow.Act {
			return escrow.Act{OrderID: c.ids[i], Action: escrow.ActWithdraw, By: escrow.ByBuyer, AccountID: member(i)}
		}
		codes, ends := c.take(c.confirm(0), c.confirm(0), stranger, unknown, leave(2), c.confirm(1), c.confirm(3), leave(1))
		if want := []string{"", "state", "not_found", "not_found", "", "", "state", "state"}; !slices.Equal(codes, want) {
			t.Errorf("%v, want %v", codes, want)
		}
		if len(ends) != 3 || ends[0].Released != 20_000 || ends[0].Frozen() || !ends[0].Releases() || ends[0].Refunds() ||
			ends[1].Refunded != 20_000 || ends[1].MerchantID != seller || ends[2].CommissionBP != 1_200 {
			t.Errorf("%+v", ends)
		}
		c.want("RRBh")
		if s := c.share(0); s.Version != ends[0].Version || s.Outcome != escrow.OutConfirmed {
			t.Errorf("%+v is not what was answered: %+v", s, ends[0].Share)
		}
		tallies, err := escrow.Tallies(t.Context(), d, c.wish)
		if err != nil || fmt.Sprint(tallies) != "[{held 1 20000} {refunded 1 20000} {released 2 40000}]" {
			t.Errorf("%v %v", tallies, err)
		}
		own, err := escrow.ListOf(t.Context(), d, member(2), "", 10)
		if err != nil || len(own) != 1 || own[0].OrderID != c.ids[2] {
			t.Errorf("%+v %v", own, err)
		}
	})
}

// TestOneWins: a member confirms and disputes, and the seller gives back, all at the same moment: one of them moves the
// share, the others are told that it has moved.
func TestOneWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c := begun(t, d, w, 6)
		for i := range c.ids {
			c.ship(i, fmt.Sprintf("61234567890%d", i))
			ways := []func(tx *db.Tx) error{
				func(tx *db.Tx) error { return first(ctx, tx, c.confirm(i)) },
				func(tx *db.Tx) error {
					_, err := escrow.OpenDispute(ctx, tx, rules, escrow.Opening{OrderID: c.ids[i], AccountID: member(i),
						Reason: escrow.Broken, Words: "깨졌어요"})
					return err
				},
				func(tx *db.Tx) error {
					return first(ctx, tx, escrow.Act{OrderID: c.ids[i], Action: escrow.ActGiveBack, By: escrow.BySeller,
						MerchantID: seller})
				},
			}
			errs := make([]error, len(ways))
			var all sync.WaitGroup
			for n, way := range ways {
				all.Go(func() { errs[n] = d.Write(ctx, way) })
			}
			all.Wait()
			won := 0
			for _, err := range errs {
				switch {
				case err == nil:
					won++
				case !errors.Is(err, escrow.ErrMoved) && !errors.Is(err, escrow.ErrState):
					t.Errorf("a loser is told %v", err)
				}
			}
			if won != 1 || c.share(i).Version != 3 {
				t.Errorf("%d moved the share, which has version %d", won, c.share(i).Version)
			}
		}
		c.states()
	})
}

// TestPayingAgainstBeginning: a member pays too much for the new price while the wish begins: either the payment is in
// and the start waits for its difference, or the start is made and the payment goes back.
func TestPayingAgainstBeginning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		for range 8 {
			c := open(t, d, w, market.WishID(w.IDs.New("wsh")))
			c.pay(1, 20_000)
			late := []escrow.Payment{{OrderID: market.OrderID(w.IDs.New("ord")), AccountID: "acc_late", Quantity: 1,
				Amount: 10_500}}
			var paid, begun error
			var all sync.WaitGroup
			all.Go(func() {
				paid = d.Write(ctx, func(tx *db.Tx) error { return till.Pay(ctx, tx, c.wish, late) })
			})
			all.Go(func() { begun = d.Write(ctx, func(tx *db.Tx) error { return escrow.Begin(ctx, tx, c.wish) }) })
			all.Wait()
			e := c.escrow()
			if (paid == nil) == (begun == nil) || (begun == nil) != (e.Phase == escrow.Fulfilling) {
				t.Errorf("paid %v, begun %v, %s", paid, begun, e.Phase)
			}
			if want := map[bool]int64{true: 2, false: 1}[paid == nil]; e.Shares != want || len(c.states()) != int(want) {
				t.Errorf("%d counted, %s there", e.Shares, c.states())
			}
		}
	})
}

// first takes one act and gives its refusal.
func first(ctx context.Context, tx *db.Tx, a escrow.Act) error {
	answers, err := escrow.Take(ctx, tx, rules, []escrow.Act{a})
	if err != nil {
		return err
	}
	return answers[0].Err
}

// TestStaleShares: a step that was decided on what somebody else has changed meanwhile moves nothing.
func TestStaleShares(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c := begun(t, d, w, 1)
		old := c.share(0)
		c.write(func(tx *db.Tx) error { return escrow.Touch(t.Context(), tx, old) })
		refuses(t, "stale", c.try(func(tx *db.Tx) error { return escrow.Touch(t.Context(), tx, old) }), escrow.ErrMoved)
		moved := c.share(0)
		moved.State = escrow.Shipped
		refuses(t, "another state", c.try(func(tx *db.Tx) error { return escrow.Touch(t.Context(), tx, moved) }),
			escrow.ErrMoved)
	})
}

// TestConstraints: what no code of ours writes, the database does not take either.
func TestConstraints(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c := begun(t, d, w, 1)
		const over = "outcome = 'x', ended_at = 1, address_until = 1, "
		for name, set := range map[string]string{
			"31 more than was paid":    "amount = 20001",
			"31 released while held":   "released = 1",
			"31 a won lost at the end": over + "state = 'released', released = 19999",
			"31 a won too many":        over + "state = 'decided', disputed_at = 1, released = 20000, refunded = 1",
			"32 released and refunded": over + "state = 'released', released = 1, refunded = 19999",
			"32 disputed for ever":     "state = 'disputed', disputed_at = 1",
			"32 decided, not disputed": over + "state = 'decided', refunded = 20000",
			"sent for ever":            "state = 'shipped'",
			"delivered by nobody":      "state = 'delivered', due_at = 1",
			"an end without an hour":   "state = 'refunded', refunded = 20000, outcome = 'x'",
		} {
			err := c.try(func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, `UPDATE escrow_share SET `+set+` WHERE order_id = $1`, string(c.ids[0]))
				return err
			})
			if !db.IsCheck(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		c.want("h")
	})
}

func TestMoreTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c := begun(t, d, w, 2)
		c.ship(0, "612345678900")
		c.ship(1, "612345678901")
		c.hear("delivered", 0, 1)
		wait := func(who market.AccountID) error {
			return c.try(func(tx *db.Tx) error { _, err := escrow.Wait(ctx, tx, c.ids[0], who, rules); return err })
		}
		refuses(t, "somebody else", wait(member(1)), escrow.ErrNotFound)
		if err := wait(member(0)); err != nil {
			t.Fatal(err)
		}
		refuses(t, "twice", wait(member(0)), escrow.ErrWaited)
		w.Clock.Set(on(9))
		if ends := c.sweep(10); len(ends) != 1 || ends[0].OrderID != c.ids[1] || ends[0].Outcome != escrow.OutSilence {
			t.Errorf("%+v", ends)
		}
		w.Clock.Set(on(16))
		if ends := c.sweep(10); len(ends) != 1 || ends[0].Released != 20_000 {
			t.Errorf("%+v", ends)
		}
		var over []market.WishID
		c.write(func(tx *db.Tx) (err error) { over, err = escrow.Finish(ctx, tx, 10); return err })
		if len(over) != 1 || c.escrow().Phase != escrow.Done {
			t.Errorf("%v %+v", over, c.escrow())
		}
		c.want("RR")
	})
}

// TestSweepGoesOn: what was never sent goes back by itself, in chunks that end anywhere; nobody else is touched.
func TestSweepGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c, other := begun(t, d, w, 8), begun(t, d, w, 2)
		for i := range 3 {
			c.ship(i, fmt.Sprintf("61234567890%d", i))
		}
		c.hear("delivered", 0)
		for i := range other.ids {
			other.ship(i, fmt.Sprintf("51234567890%d", i))
		}
		other.hear("delivered", 0, 1)
		other.take(other.confirm(0))
		w.Clock.Set(kst("2026-03-24 23:59"))
		if ends := c.sweep(100); len(ends) != 2 {
			t.Errorf("%d ended by silence", len(ends))
		}
		c.want("Rsshhhhh")
		w.Clock.Set(kst("2026-03-25 00:00"))
		seen := map[market.OrderID]escrow.Outcome{}
		for ends := c.sweep(3); len(ends) > 0; ends = c.sweep(3) {
			if err := c.try(func(tx *db.Tx) error { // a chunk that is lost moves nothing
				if _, err := escrow.Sweep(t.Context(), tx, rules, 3); err != nil {
					return err
				}
				return errLost
			}); !errors.Is(err, errLost) {
				t.Fatal(err)
			}
			for _, e := range ends {
				if seen[e.OrderID] != "" {
					t.Errorf("%s ended twice", e.OrderID)
				}
				seen[e.OrderID] = e.Outcome
			}
		}
		if len(seen) != 7 || seen[c.ids[1]] != escrow.OutUndelivered || seen[c.ids[7]] != escrow.OutUnsent {
			t.Errorf("%v", seen)
		}
		c.want("RBBBBBBB")
		other.want("RR")
	})
}

var errLost = errors.New("lost")
