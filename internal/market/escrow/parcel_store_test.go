package escrow_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
)

func name(number string) parcel.Name { return parcel.Name{Carrier: "cj", Number: number} }

// send names parcels and gives the refusals' codes.
func (c *crowd) send(sent ...escrow.Sent) (codes []string) {
	c.Helper()
	c.write(func(tx *db.Tx) error {
		codes = nil
		answers, err := escrow.Ship(c.Context(), tx, rules, escrow.Shipping{WishID: c.wish, MerchantID: seller,
			AccountID: "acc_shop", Parcels: sent})
		for _, a := range answers {
			codes = append(codes, code(a.Err))
		}
		return err
	})
	return codes
}

func (c *crowd) ship(i int, number string) {
	c.Helper()
	if codes := c.send(escrow.Sent{OrderID: c.ids[i], Name: name(number)}); codes[0] != "" {
		c.Fatal(codes)
	}
}

// live gives a member's parcel.
func (c *crowd) live(i int) escrow.Shipment {
	c.Helper()
	all, err := escrow.LoadShipments(c.Context(), c.d, c.ids[i:i+1])
	if err != nil {
		c.Fatal(err)
	}
	return all[c.ids[i]]
}

// hear lets the carrier tell the same of members' parcels, now.
func (c *crowd) hear(kind parcel.Kind, members ...int) (moved []escrow.Share) {
	c.Helper()
	var heard []escrow.Heard
	for _, i := range members {
		heard = append(heard, escrow.Heard{Name: c.live(i).Name, Event: parcel.Event{Kind: kind, At: c.w.Clock.Now()}})
	}
	return c.follow(heard...)
}

func (c *crowd) follow(heard ...escrow.Heard) (moved []escrow.Share) {
	c.Helper()
	c.write(func(tx *db.Tx) (err error) { moved, err = escrow.Follow(c.Context(), tx, rules, heard); return err })
	return moved
}

func TestShip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c, other := begun(t, d, w, 5), begun(t, d, w, 1)
		sent := func(i int, number string) escrow.Sent { return escrow.Sent{OrderID: c.ids[i], Name: name(number)} }
		codes := c.send(sent(0, "612345678900"), sent(1, "612345678901"), sent(0, "612345678909"), sent(2, "612345678900"),
			escrow.Sent{OrderID: other.ids[0], Name: name("612345678908")}, escrow.Sent{OrderID: "ord_none"},
			escrow.Sent{OrderID: c.ids[3], Name: parcel.Name{Carrier: parcel.Direct}},
			escrow.Sent{OrderID: c.ids[4], Name: parcel.Name{Carrier: parcel.Direct}})
		want := []string{"", "", "twice", "number_used", "unknown_order", "unknown_order", "", ""}
		if !slices.Equal(codes, want) {
			t.Errorf("%v, want %v", codes, want)
		}
		c.want("sshss")
		if codes := other.send(escrow.Sent{OrderID: other.ids[0], Name: name("612345678901")}); codes[0] != "number_used" {
			t.Errorf("one parcel for two members of two wishes: %v", codes)
		}
		version := c.share(0).Version
		if codes := c.send(sent(0, "612345678900")); codes[0] != "" || c.share(0).Version != version {
			t.Errorf("the same again moves the share: %v", codes)
		}
		if codes := c.send(sent(0, "612345678999")); codes[0] != "" || c.live(0).Number != "612345678999" {
			t.Errorf("a number put right: %v %+v", codes, c.live(0))
		}
		if past, err := escrow.Parcels(ctx, d, c.ids[0]); err != nil || len(past) != 2 || past[1].Live || !past[0].Live {
			t.Errorf("%+v %v", past, err)
		}
		if moved := c.follow(escrow.Heard{Name: name("612345678900"), Event: parcel.Event{Kind: parcel.Delivered,
			At: w.Clock.Now()}}); len(moved) != 0 {
			t.Errorf("a wrong number delivers: %+v", moved)
		}
		if codes := c.send(sent(2, "612345678900")); codes[0] != "" {
			t.Errorf("the freed number: %v", codes)
		}
		for what, cmd := range map[error]escrow.Shipping{
			escrow.ErrNotFound: {WishID: c.wish, MerchantID: "mer_2"},
			escrow.ErrNotBegun: {WishID: open(t, d, w, "wsh_paying").wish, MerchantID: seller},
		} {
			refuses(t, "a shipping", c.try(func(tx *db.Tx) error {
				_, err := escrow.Ship(ctx, tx, rules, cmd)
				return err
			}), what)
		}
		followed, err := track.Due(ctx, d, w.Clock.Now(), 10)
		if err != nil || len(followed) != 3 {
			t.Errorf("%+v %v", followed, err)
		}
	})
}

// TestShipASheet: a seller's file for hundreds of members, some of whose rows are wrong, is taken as far as it is
// good, and again when it was put right.
func TestShipASheet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		const members = 300
		c := begun(t, d, w, members)
		orders := make([]string, members)
		text, right := "주문번호,택배사,송장번호\n", "주문번호,택배사,송장번호\n"
		for i, id := range c.ids {
			orders[i] = string(id)
			row := fmt.Sprintf("%s,대한통운,6123-4567-8%03d\n", id, i)
			right += row
			switch {
			case i%100 == 7:
				row = fmt.Sprintf("%s,대한통운,6.12346E+11\n", id)
			case i%100 == 8:
				row = "ord_00000000000000000000000000,대한통운,612345671234\n"
			}
			text += row
		}
		for round, want := range []struct{ faults, sent int }{{6, members - 6}, {0, members}} {
			read, err := parcel.ReadSheet([]byte([]string{text, right}[round]))
			if err != nil {
				t.Fatal(err)
			}
			read = read.Match(orders)
			if len(read.Faults) != want.faults || len(read.Rows) != want.sent {
				t.Fatalf("%d faults, %d rows: %+v", len(read.Faults), len(read.Rows), read.Faults)
			}
			for _, refused := range c.send(escrow.SentOf(read.Rows)...) {
				if refused != "" {
					t.Error(refused)
				}
			}
			if round == 0 && (read.Faults[0].Line != 9 || read.Faults[1].Err.Code != parcel.ErrUnknown.Code) {
				t.Errorf("%+v", read.Faults[:2])
			}
		}
		tallies, err := escrow.Tallies(t.Context(), d, c.wish)
		if err != nil || len(tallies) != 1 || tallies[0].Shares != members || tallies[0].State != escrow.Shipped {
			t.Errorf("%+v %v", tallies, err)
		}
	})
}

func TestFollow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c := begun(t, d, w, 3)
		for i := range c.ids {
			c.ship(i, fmt.Sprintf("61234567890%d", i))
		}
		w.Clock.Set(on(4))
		event := func(i int, kind parcel.Kind, at time.Time) escrow.Heard {
			return escrow.Heard{Name: c.live(i).Name, Event: parcel.Event{Kind: kind, At: at, Place: "부천 허브"}}
		}
		moved := c.follow(event(0, parcel.Delivered, on(3)), event(0, parcel.Moving, on(2)),
			event(0, parcel.Delivered, on(3)), event(1, parcel.Moving, on(3)), event(2, "lost", on(3)),
			event(2, parcel.Delivered, time.Time{}),
			escrow.Heard{Name: name("999999999999"), Event: parcel.Event{Kind: parcel.Delivered, At: on(3)}})
		if len(moved) != 1 || moved[0].OrderID != c.ids[0] || !moved[0].DueAt.Equal(kst("2026-03-12 00:00")) {
			t.Errorf("%+v", moved)
		}
		c.want("dss")
		if again := c.follow(event(0, parcel.Delivered, on(3))); len(again) != 0 {
			t.Errorf("heard twice: %+v", again)
		}
		if list, err := escrow.Events(t.Context(), d, c.live(0).ID); err != nil || len(list) != 2 ||
			list[0].Kind != parcel.Moving || list[1].Place != "부천 허브" {
			t.Errorf("%+v %v", list, err)
		}
		// A clock that runs ahead does not outrank what is true later.
		c.follow(event(1, parcel.Delivered, on(400)))
		w.Clock.Set(on(5))
		if moved := c.follow(event(1, parcel.Returned, on(5))); len(moved) != 1 || moved[0].State != escrow.Shipped {
			t.Errorf("%+v", moved)
		}
		c.want("dss")
	})
}

// TestFollowForgetsOrder: whatever the order in which a carrier's messages come, in however many transactions, the
// rows say what the fold of all of them says.
func TestFollowForgetsOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			c, i := begun(t, d, w, 1), 0
			n++
			c.ship(i, fmt.Sprintf("6123456%05d", n))
			w.Clock.Set(on(5))
			var events []parcel.Event
			for range rapid.IntRange(1, 6).Draw(rt, "events") {
				events = append(events, parcel.Event{Kind: rapid.SampledFrom(parcel.Kinds()).Draw(rt, "kind"),
					At: on(1).Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "at")) * time.Hour)})
			}
			for _, e := range rapid.Permutation(append(slices.Clone(events), events...)).Draw(rt, "order") {
				c.follow(escrow.Heard{Name: c.live(i).Name, Event: e})
			}
			got, want := c.live(i).Track, parcel.Fold(events)
			if got.State() != want.State() || !got.DeliveredAt.Equal(want.DeliveredAt) ||
				!got.ReturnedAt.Equal(want.ReturnedAt) {
				rt.Fatalf("%+v, want %+v", got, want)
			}
			if s := c.share(i); (s.State == escrow.Delivered) != want.Proven() {
				rt.Fatalf("%s after %+v", s.State, want)
			}
		})
	})
}

// TestTwoNodesHear: two nodes are told different things of one parcel at once; neither forgets what the other heard.
func TestTwoNodesHear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c := begun(t, d, w, 4)
		for i := range c.ids {
			c.ship(i, fmt.Sprintf("61234567890%d", i))
			done := make(chan error, 2)
			for _, kind := range []parcel.Kind{parcel.Moving, parcel.Delivered} {
				go func() {
					done <- d.Write(t.Context(), func(tx *db.Tx) error {
						_, err := escrow.Follow(t.Context(), tx, rules, []escrow.Heard{{Name: name(fmt.Sprintf("61234567890%d", i)),
							Event: parcel.Event{Kind: kind, At: w.Clock.Now()}}})
						return err
					})
				}()
			}
			if err := errors.Join(<-done, <-done); err != nil {
				t.Fatal(err)
			}
			if s := c.live(i); s.MovingAt.IsZero() || s.DeliveredAt.IsZero() {
				t.Errorf("%+v", s)
			}
		}
		c.want("dddd")
	})
}

// TestDisputes walks a dispute through the store: frozen, heard, ruled, and only this member's.
func TestDisputes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c := begun(t, d, w, 3)
		complain := func(i int, who market.AccountID) error {
			return c.try(func(tx *db.Tx) error {
				_, err := escrow.OpenDispute(ctx, tx, rules, escrow.Opening{OrderID: c.ids[i], AccountID: who,
					Reason: escrow.NotSent, Words: "보내지 않아요", Pictures: []string{"blob/1.jpg", "blob/2.jpg"}})
				return err
			})
		}
		var heed escrow.Heed
		hear := func(w escrow.Word) error {
			w.OrderID = c.ids[0]
			return c.try(func(tx *db.Tx) (err error) { heed, err = escrow.Hear(ctx, tx, rules, w); return err })
		}
		refuses(t, "somebody else's share", complain(0, member(1)), escrow.ErrNotFound)
		refuses(t, "before it is open", hear(ruling(1)), escrow.ErrNotFound)
		if err := complain(0, member(0)); err != nil {
			t.Fatal(err)
		}
		refuses(t, "twice", complain(0, member(0)), escrow.ErrState)
		c.want("xhh")
		if codes, _ := c.take(c.confirm(0)); codes[0] != "state" {
			t.Errorf("32 released while disputed: %v", codes)
		}
		answer := says(escrow.SayAnswer, escrow.BySeller)
		answer.MerchantID = "mer_2"
		refuses(t, "another seller", hear(answer), escrow.ErrNotFound)
		answer.MerchantID = seller
		if err := hear(answer); err != nil || heed.Turn != escrow.TurnBuyer || heed.End != nil {
			t.Fatalf("%+v %v", heed, err)
		}
		reply := says(escrow.SayReply, escrow.ByBuyer)
		reply.AccountID = member(0)
		if err := hear(reply); err != nil {
			t.Fatal(err)
		}
		if codes := c.send(escrow.Sent{OrderID: c.ids[0], Name: name("612345678900")}); codes[0] != "" {
			t.Errorf("a parcel of a disputed share: %v", codes)
		}
		c.hear(parcel.Delivered, 0)
		if s := c.share(0); s.State != escrow.Disputed || s.DeliveredAt.IsZero() {
			t.Errorf("%+v", s)
		}
		if list, err := escrow.ListDisputes(ctx, d, escrow.TurnOperator, 10); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
		if err := hear(ruling(7_777)); err != nil || heed.End == nil || heed.End.Released != 12_223 || !heed.End.Frozen() {
			t.Fatalf("%+v %v", heed, err)
		}
		end := *heed.End
		refuses(t, "ruled twice", hear(ruling(0)), escrow.ErrTurn)
		if s := c.share(0); s.Refunded != 7_777 || s.Outcome != escrow.OutRuled || s.Version != end.Version {
			t.Errorf("%+v", s)
		}
		file, err := escrow.File(ctx, d, c.ids[0])
		if err != nil || len(file) != 3 || file[0].Side != escrow.ByBuyer || len(file[0].Pictures) != 2 {
			t.Errorf("%+v %v", file, err)
		}
		if all, err := escrow.DisputesOf(ctx, d, c.wish, 10); err != nil || len(all) != 1 || all[0].Note == "" ||
			all[0].DecidedBy != "acc_1" {
			t.Errorf("%+v %v", all, err)
		}
		c.want("Dhh")
	})
}

// TestDisputesRunOut: three disputes, each left by another side; the clock ends them all, by evidence of delivery.
func TestDisputesRunOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		c := begun(t, d, w, 5)
		for i := range c.ids {
			c.ship(i, fmt.Sprintf("61234567890%d", i))
		}
		c.hear(parcel.Delivered, 0, 1, 2)
		for i := range c.ids {
			c.write(func(tx *db.Tx) error {
				if _, err := escrow.OpenDispute(ctx, tx, rules, escrow.Opening{OrderID: c.ids[i], AccountID: member(i),
					Reason: escrow.Different, Words: "달라요"}); err != nil || i == 0 {
					return err
				}
				answer := says(escrow.SayAnswer, escrow.BySeller)
				answer.OrderID, answer.MerchantID = c.ids[i], seller
				_, err := escrow.Hear(ctx, tx, rules, answer)
				return err
			})
		}
		reply := says(escrow.SayReply, escrow.ByBuyer)
		reply.OrderID, reply.AccountID = c.ids[2], member(2)
		c.write(func(tx *db.Tx) error { _, err := escrow.Hear(ctx, tx, rules, reply); return err })
		c.want("xxxxx")
		w.Clock.Set(on(9))
		outcomes := func(ends []escrow.End) (all []string) {
			for _, e := range ends {
				all = append(all, fmt.Sprintf("%s %d", e.Outcome, e.Refunded))
			}
			slices.Sort(all)
			return all
		}
		first := append(c.sweep(2), c.sweep(2)...)
		if got := outcomes(first); !slices.Equal(got, []string{"buyer_silent 0", "buyer_silent 20000", "buyer_silent 20000",
			"seller_silent 20000"}) {
			t.Errorf("%v", got)
		}
		c.want("DDxDD")
		w.Clock.Set(on(62))
		if got := outcomes(c.sweep(10)); !slices.Equal(got, []string{"operator_silent 0"}) {
			t.Errorf("%v", got)
		}
		if left, err := escrow.ListDisputes(ctx, d, escrow.TurnOperator, 10); err != nil || len(left) != 0 {
			t.Errorf("32 %+v %v", left, err)
		}
		c.want("DDDDD")
	})
}
