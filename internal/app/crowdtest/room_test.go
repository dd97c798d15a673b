package crowdtest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/room"
)

const shop = market.MerchantID("mer_crowd")

func units(n int64) func(*deal.Offer) {
	return func(o *deal.Offer) { o.Capacity, o.Options[0].Quantity = n, n }
}

// hands on a world with one deal.
type hands struct {
	*apptest.World
	deal   deal.Deal
	option deal.Option
}

func onSale(w *apptest.World, n int64) hands {
	w.T.Helper()
	d, o := w.OnSale(shop, units(n))
	return hands{w, d, o}
}

func (h hands) join(n int) room.Place {
	h.T.Helper()
	p, err := h.Admit.Join(h.Ctx, admit.JoinCmd{Actor: apptest.Buyer(n), DealID: h.deal.ID})
	h.Must(err)
	return p
}

func (h hands) room() room.Room {
	h.T.Helper()
	m, err := room.Find(h.Ctx, h.DB, h.deal.ID)
	h.Must(err)
	return m
}

func (h hands) place(n int, ticket string) error {
	_, err := h.Checkout.Place(h.Ctx, checkout.PlaceCmd{Actor: apptest.Buyer(n), DealID: h.deal.ID,
		OptionID: h.option.ID, Quantity: 1, PolicyID: policy.At(h.Clock.Now()).ID, Ticket: ticket,
		Key: fmt.Sprintf("place-%d-%d", n, h.Clock.Now().UnixMicro())})
	return err
}

func (h hands) hand(to room.Hand) {
	h.T.Helper()
	h.Must(h.Admit.Switch(h.Ctx, apptest.Operator(), admit.SwitchCmd{DealID: h.deal.ID, Hand: to, Reason: "방송에 나왔어요"}))
}

// look steps the rooms alone.
func (h hands) look(after time.Duration) {
	h.T.Helper()
	h.Clock.Advance(after)
	_, err := h.Admit.RunOnce(h.Ctx)
	h.Must(err)
}

func number(err error, key string) int64 {
	one, ok := fail.As(err)
	if !ok {
		return -1
	}
	n, _ := one.Args[key].(int64)
	return n
}

func TestTheLineIsFirstComeFirstServedAndLoadsNobodyWhoIsBuying(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 100)
		h.Must(h.place(1, "")) // before the room was shut
		h.hand(room.HeldOpen)
		for n := 2; n < 60; n++ {
			err := h.place(n, "")
			if !errors.Is(err, room.ErrWaiting) || number(err, "Place") != int64(n-1) || number(err, "Before") != int64(n-2) {
				t.Fatalf("buyer %d: %v", n, err)
			}
		}
		if again := h.join(30); again.Number != 29 {
			t.Errorf("who has a place keeps it: %d", again.Number)
		}
		h.Must(h.place(1, "")) // holds a unit: never sent into the room
		h.look(time.Second)    // 20 a second at least, two seconds' worth at the first call
		if m := h.room(); m.Called != 40 || m.Last != 58 {
			t.Fatalf("%d of %d called", m.Called, m.Last)
		}
		h.Must(h.place(2, ""))
		h.Must(h.place(41, ""))
		if err := h.place(42, ""); !errors.Is(err, room.ErrWaiting) || number(err, "Before") != 0 {
			t.Errorf("not yet called: %v", err)
		}
		h.look(500 * time.Millisecond)
		if m := h.room(); m.Called != 50 {
			t.Errorf("%d called after half a second more", m.Called)
		}
		w.Clock.Advance(room.TurnTime)
		if err := h.place(43, ""); number(err, "Place") != 59 {
			t.Errorf("the turn is over: %v", err)
		}
	})
}

func TestARoomNeverCallsMoreThanTheUnitsAllow(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 10)
		h.hand(room.HeldOpen)
		for n := range 40 {
			h.join(n)
		}
		h.look(time.Second)
		h.look(time.Second)
		if m := h.room(); m.Called != 13 {
			t.Fatalf("%d called for 10 units", m.Called)
		}
		v, err := h.Admit.Look(h.Ctx, apptest.Buyer(39), h.deal.ID)
		h.Must(err)
		if v.Standing != room.Queued || v.Before != 26 || !v.LikelyGone || v.Ticket == "" {
			t.Errorf("%+v", v)
		}
		for n := range 10 {
			h.Must(h.place(n, ""))
		}
		if err := h.place(11, ""); !errors.Is(err, deal.ErrSoldOut) {
			t.Errorf("the twelfth: %v", err)
		}
		h.look(time.Second)
		if m := h.room(); m.Called != 13 || !m.Calls() {
			t.Errorf("all units are held: %d called, %s", m.Called, m.State)
		}
		h.Pass(11 * time.Minute) // the holds lapse, the turns are over
		h.look(time.Second)
		if m := h.room(); m.Called != 26 {
			t.Errorf("%d called when ten units came back", m.Called)
		}
	})
}

func TestTicketsAreBoundAndAnsweredFromMemory(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 3)
		h.hand(room.HeldOpen)
		for n := range 9 {
			h.join(n)
		}
		h.look(time.Second)
		err := h.place(8, "")
		one, _ := fail.As(err)
		ticket, _ := one.Args["Ticket"].(string)
		if ticket == "" || !errors.Is(h.place(8, ticket), room.ErrWaiting) {
			t.Fatalf("%v", err)
		}
		// Somebody else's ticket proves nothing: buyer 20 gets a place of their own, at the end.
		if err := h.place(20, ticket); number(err, "Place") != 10 {
			t.Errorf("copied: %v", err)
		}
		// A ticket of one's own for a place that was called is looked up: an invented one does not help.
		if err := h.place(7, "r1.1.zzzzzz.AAAAAAAAAAAAAAAAAAAAAAAA"); number(err, "Place") != 8 {
			t.Errorf("invented: %v", err)
		}
		w.Clock.Advance(room.TicketTime)
		if err := h.place(8, ticket); number(err, "Place") != 9 {
			t.Errorf("an old ticket lost the place: %v", err)
		}
	})
}

func TestTheDrawBeforeTheStart(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d := w.Scheduled(shop, units(50))
		h := hands{World: w, deal: d}
		v, err := w.Admit.Look(w.Ctx, apptest.Buyer(0), d.ID)
		w.Must(err)
		w.Clock.Set(d.StartsAt.Add(-room.GatherTime - time.Second))
		if _, err := w.Admit.Join(w.Ctx, admit.JoinCmd{Actor: apptest.Buyer(0), DealID: d.ID}); !errors.Is(err,
			room.ErrTooEarly) {
			t.Fatalf("%v", err)
		}
		w.Clock.Advance(2 * time.Second)
		for n := range 80 {
			if p := h.join(n); p.Number != 0 || p.Standing(w.Clock.Now()) != room.Present {
				t.Fatalf("%+v", p)
			}
		}
		w.Must(w.Admit.Leave(w.Ctx, apptest.Buyer(79), d.ID))
		h.look(time.Second)
		if m := h.room(); !m.Gathers() || m.Seed != "" || m.Commitment != v.Commitment {
			t.Fatalf("before the start: %+v", m)
		}
		w.Clock.Set(d.StartsAt)
		if err := h.place(0, ""); !errors.Is(err, room.ErrDrawing) {
			t.Errorf("at the start, before the draw: %v", err)
		}
		w.Work()
		h.option = optionOf(w, d.ID)
		m := h.room()
		if !m.Calls() || m.Drawn != 79 || room.Commitment(m.Seed) != v.Commitment {
			t.Fatalf("%+v", m)
		}
		list, err := room.DrawnMarks(w.Ctx, w.DB, d.ID)
		w.Must(err)
		if room.Digest(list) != m.Digest || !slices.Equal(room.Draw(m.Seed, list), list) {
			t.Error("the draw cannot be drawn again from what is public")
		}
		if err := h.place(200, ""); number(err, "Place") != 80 {
			t.Errorf("who comes after the start stands behind the draw: %v", err)
		}
		seen := map[int64]bool{}
		for n := range 79 {
			p, err := room.FindPlace(w.Ctx, w.DB, d.ID, apptest.Buyer(n).AccountID)
			w.Must(err)
			if p.Number < 1 || p.Number > 79 || seen[p.Number] {
				t.Fatalf("buyer %d stands at %d", n, p.Number)
			}
			seen[p.Number] = true
		}
	})
}

func TestAFewNeedNoLine(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d := w.Scheduled(shop, units(50))
		h := hands{World: w, deal: d}
		w.Clock.Set(d.StartsAt.Add(-time.Minute))
		for n := range 5 {
			h.join(n)
		}
		w.Clock.Set(d.StartsAt)
		w.Work()
		h.option = optionOf(w, d.ID)
		if m := h.room(); m.Shuts() || m.Seed == "" {
			t.Fatalf("%+v", m)
		}
		h.Must(h.place(3, ""))
		h.Must(h.place(9, "")) // whoever comes
	})
}

func TestMeasuredArrivalsOpenAndCloseTheRoom(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 1000)
		w.Admit.Rate = func() int64 { return 100 }
		h.look(time.Second)
		for n := range 70 {
			h.Must(h.place(n, ""))
		}
		h.look(time.Second)
		if m := h.room(); m.State != "" {
			t.Fatalf("70 %% opened the room: %+v", m)
		}
		for n := range 71 {
			h.Must(h.place(100+n, ""))
		}
		h.look(time.Second)
		if m := h.room(); !m.Calls() {
			t.Fatalf("71 of 100 a second: %+v", m)
		}
		if err := h.place(300, ""); !errors.Is(err, room.ErrWaiting) {
			t.Errorf("%v", err)
		}
		h.look(time.Second)
		h.Must(h.place(300, ""))
		h.look(room.OpenLeast)
		h.look(room.OpenLeast)
		if m := h.room(); m.State != room.Closed {
			t.Errorf("nobody waits and few come: %s", m.State)
		}
		h.Must(h.place(301, ""))
	})
}

func TestSwitchingByHandNeedsARightAndAReasonAndIsWrittenDown(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 10)
		cmd := admit.SwitchCmd{DealID: h.deal.ID, Hand: room.HeldOpen, Reason: "방송에 나왔어요"}
		if err := w.Admit.Switch(w.Ctx, apptest.Buyer(1), cmd); fail.KindOf(err) != fail.NotFound {
			t.Errorf("a buyer: %v", err)
		}
		cmd.Reason = ""
		if err := w.Admit.Switch(w.Ctx, apptest.Operator(), cmd); !errors.Is(err, room.ErrReason) {
			t.Errorf("no reason: %v", err)
		}
		h.hand(room.HeldOpen)
		h.join(1)
		h.hand(room.HeldShut)
		h.Must(h.place(2, ""))
		if m := h.room(); m.Shuts() || m.Waiting() != 1 {
			t.Errorf("%+v", m)
		}
		h.hand(room.HeldOpen)
		if p := h.join(1); p.Number != 1 {
			t.Errorf("the place was lost: %+v", p)
		}
		lines, err := audit.List(w.Ctx, w.DB, audit.Filter{Resource: string(h.deal.ID)})
		w.Must(err)
		if n := len(slices.DeleteFunc(lines, func(e audit.Entry) bool { return e.Action != "room.switch" })); n != 3 {
			t.Errorf("%d lines of audit", n)
		}
	})
}

// TestTheSamePurchaseSentAgainIsAnsweredWhateverTheRoomSays: an answer that was lost is given again.
func TestTheSamePurchaseSentAgainIsAnsweredWhateverTheRoomSays(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 10)
		cmd := checkout.PlaceCmd{Actor: apptest.Buyer(1), DealID: h.deal.ID, OptionID: h.option.ID, Quantity: 1,
			PolicyID: policy.At(w.Clock.Now()).ID, Key: "the-same-key"}
		first, err := w.Checkout.Place(w.Ctx, cmd)
		w.Must(err)
		paid, err := w.Pay(cmd.Actor, first.Order.ID, gateway.InstrumentOK)
		w.Must(err)
		h.hand(room.HeldOpen)
		again, err := w.Checkout.Place(w.Ctx, cmd)
		if err != nil || again.Order.ID != paid.Order.ID || again.Order.State != order.Paid {
			t.Errorf("%+v %v", again.Order, err)
		}
	})
}

func optionOf(w *apptest.World, id market.DealID) deal.Option {
	w.T.Helper()
	options, err := deal.Options(w.Ctx, w.DB, id)
	w.Must(err)
	return options[0]
}
