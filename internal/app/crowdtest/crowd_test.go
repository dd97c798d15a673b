package crowdtest_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// size is how large the crowds are: 10,000 buys for 100 units, or what DURE_LONG asks for.
func size() (buys, stock int) {
	if os.Getenv("DURE_LONG") == "1" {
		return 100_000, 1_000
	}
	return 10_000, 100
}

const callersMax = 512 // at once

func person(n int) market.Actor {
	return market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_crowd%06d", n)), Confirmed: true, Locale: "ko"}
}

// TestACrowdGetsExactlyWhatThereIs: many times more buys than units, a limit of two a person, everybody trying more
// than the limit allows (F25).
func TestACrowdGetsExactlyWhatThereIs(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		buys, stock := size()
		h := onSale(w, int64(stock))
		placed := make([]atomic.Pointer[checkout.Placed], buys)
		var soldOut, limited, other atomic.Int64
		var next atomic.Int64
		var all sync.WaitGroup
		for range callersMax {
			all.Go(func() {
				for {
					n := int(next.Add(1)) - 1
					if n >= buys {
						return
					}
					got, err := w.Checkout.Place(w.Ctx, checkout.PlaceCmd{Actor: person(n / 4), DealID: h.deal.ID,
						OptionID: h.option.ID, Quantity: 1, PolicyID: policy.At(w.Clock.Now()).ID, Key: fmt.Sprint("buy-", n)})
					switch {
					case err == nil:
						placed[n].Store(&got)
					case errors.Is(err, deal.ErrSoldOut):
						soldOut.Add(1)
					case errors.Is(err, order.ErrLimit):
						limited.Add(1)
					default:
						other.Add(1)
						t.Errorf("buy %d: %v", n, err)
					}
				}
			})
		}
		all.Wait()
		sold, last, people := 0, 0, map[market.AccountID]int{}
		for n := range placed {
			if got := placed[n].Load(); got != nil {
				sold, last = sold+1, n
				people[got.Order.AccountID]++
			}
		}
		d := w.Deal(h.deal.ID)
		if sold != stock || d.HeldUnits != int64(stock) || int(soldOut.Load()+limited.Load())+sold != buys {
			w.T.Fatalf("%d sold of %d, deal holds %d, %d sold out, %d over the limit", sold, stock, d.HeldUnits, soldOut.Load(),
				limited.Load())
		}
		for who, n := range people {
			if n > 2 {
				t.Errorf("%s got %d units", who, n)
			}
		}
		// Callers took their numbers in order: nobody who came later than what could wait at once before the last unit
		// was taken got one. Half of the tries are over the limit, so that 2 × stock tries take all units.
		if most := 2*stock + 2*callersMax; last > most {
			t.Errorf("unit given to try %d, at most %d", last, most)
		}
		checkRows(t, w)
	})
}

// TestArrivalDecides: commands that wait are decided in the order in which they came, within one batch and from one
// batch to the next (F25).
func TestArrivalDecides(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		buys, stock := size()
		buys, stock = buys/10, 3*stock // more than one batch holds
		h := onSale(w, int64(stock))
		cmds := make([]checkout.PlaceCmd, buys)
		for n := range cmds {
			cmds[n] = checkout.PlaceCmd{Actor: person(n), DealID: h.deal.ID, OptionID: h.option.ID, Quantity: 1,
				PolicyID: policy.At(w.Clock.Now()).ID, Key: fmt.Sprint("in-order-", n)}
		}
		for n, a := range w.Checkout.PlaceMany(w.Ctx, cmds) {
			if got := a.Err == nil; got != (n < stock) {
				w.T.Fatalf("try %d of %d units: %v", n, stock, a.Err)
			}
		}
	})
}

// checkRows asks doctor about the rows of deals, orders and limits, and of rooms and lists.
func checkRows(t *testing.T, w *apptest.World) {
	t.Helper()
	only := []string{"deals", "orders", "limits", "rooms", "waitlist"}
	report, err := doctor.Check(w.Ctx, w.DB, doctor.Options{Only: only})
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range report.Answers {
		for _, f := range answer.Findings {
			t.Errorf("doctor: %+v", f)
		}
	}
}

// TestTwoNodesSellWhatThereIs: two nodes have read the same numbers and write a batch each that would take everything,
// for other people; then a batch each in which the same people take all that they may. No unit is sold twice, and the
// limit is kept (F25).
func TestTwoNodesSellWhatThereIs(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		const tries = 200 // of a node, two a person
		nodes := []*app.Core{w.Core, w.OtherNode()}
		for round, plan := range []struct {
			same        bool
			stock, sold int64
		}{{false, 100, 100}, {true, 500, 200}} {
			h := onSale(w, plan.stock)
			var answers [2][]lane.Answer[checkout.Placed]
			rush := func(node int) func() {
				var cmds []checkout.PlaceCmd
				for n := range tries {
					who := person(n / 2)
					if !plan.same {
						who = person(n/2 + node*tries)
					}
					cmds = append(cmds, checkout.PlaceCmd{Actor: who, DealID: h.deal.ID, OptionID: h.option.ID, Quantity: 1,
						PolicyID: policy.At(w.Clock.Now()).ID, Key: fmt.Sprint("nodes-", round, "-", node, "-", n)})
				}
				return func() { answers[node] = nodes[node].Checkout.PlaceMany(w.Ctx, cmds) }
			}
			w.Meet("deal", string(h.deal.ID), nil, rush(0), rush(1))
			sold, people := int64(0), map[market.AccountID]int{}
			for _, a := range slices.Concat(answers[0], answers[1]) {
				switch {
				case a.Err == nil:
					sold++
					people[a.Value.Order.AccountID]++
				case !errors.Is(a.Err, deal.ErrSoldOut) && !errors.Is(a.Err, order.ErrLimit):
					w.T.Errorf("answered %v", a.Err)
				}
			}
			if d := w.Deal(h.deal.ID); sold != plan.sold || d.HeldUnits != plan.sold {
				w.T.Errorf("%d sold, deal holds %d, want %d", sold, d.HeldUnits, plan.sold)
			}
			for who, n := range people {
				if n > 2 {
					w.T.Errorf("%s got %d units", who, n)
				}
			}
		}
		checkRows(t, w)
	})
}

// TestHoardersGiveBackWhatTheyDoNotPay: a thousand bots hold everything and pay nothing; the units are back within a
// second of the hold's end, and who lapses three times pauses (F26).
func TestHoardersGiveBackWhatTheyDoNotPay(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		const bots = 1000
		h := onSale(w, bots)
		ttl := policy.At(w.Clock.Now()).Hold.TTL(false)
		hoard := func(round, who int) int {
			cmds := make([]checkout.PlaceCmd, bots)
			for n := range cmds {
				cmds[n] = checkout.PlaceCmd{Actor: person(n % who), DealID: h.deal.ID, OptionID: h.option.ID, Quantity: 1,
					PolicyID: policy.At(w.Clock.Now()).ID, Key: fmt.Sprint("hoard-", round, "-", n)}
			}
			held := 0
			for _, a := range w.Checkout.PlaceMany(w.Ctx, cmds) {
				if a.Err == nil {
					held++
				}
			}
			return held
		}
		if held := hoard(0, bots/10); held != 2*bots/10 {
			w.T.Fatalf("a hundred accounts hold %d units, two each is %d", held, 2*bots/10)
		}
		w.Pass(ttl + time.Second)
		// A hundred accounts lapsed two holds each: the third lapse, in the first round, pauses them for the second.
		if held := hoard(1, bots); held != bots {
			w.T.Fatalf("%d held", held)
		}
		w.Pass(ttl + time.Second)
		if d := w.Deal(h.deal.ID); d.Free() != bots || d.HeldUnits != 0 {
			w.T.Fatalf("%d free, %d held a second after the time of holds", d.Free(), d.HeldUnits)
		}
		if held := hoard(2, bots); held != bots-bots/10 {
			w.T.Fatalf("%d held while a hundred accounts pause", held)
		}
		w.Pass(ttl + time.Second)
		if d := w.Deal(h.deal.ID); d.Free() != bots || d.HeldUnits != 0 {
			w.T.Fatalf("%d free, %d held a second after the time of holds", d.Free(), d.HeldUnits)
		}
		for _, one := range w.Workers() {
			if one.Name == "lapse" && one.Poll > time.Second {
				w.T.Errorf("holds are looked at every %v", one.Poll)
			}
		}
		_, err := w.Place(person(bots-1), h.deal, h.option, 1)
		w.Must(err)
		checkRows(t, w)
	})
}
