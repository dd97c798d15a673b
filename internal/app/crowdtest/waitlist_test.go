package crowdtest_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/waitlist"
)

func (h hands) wish(n int) error {
	return h.Admit.Wish(h.Ctx, admit.WishCmd{Actor: apptest.Buyer(n), DealID: h.deal.ID, OptionID: h.option.ID})
}

func (h hands) entry(n int) waitlist.Entry {
	h.T.Helper()
	e, err := waitlist.Find(h.Ctx, h.DB, h.deal.ID, apptest.Buyer(n).AccountID)
	h.Must(err)
	return e
}

func TestWhatComesBackGoesToThoseWhoWaitedFirst(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 4)
		if err := h.wish(50); !errors.Is(err, waitlist.ErrFree) {
			t.Errorf("nobody needs to wait: %v", err)
		}
		placed, err := w.Place(apptest.Buyer(1), h.deal, h.option, 2)
		w.Must(err)
		_, err = w.Place(apptest.Buyer(2), h.deal, h.option, 2)
		w.Must(err)
		w.Account(apptest.Buyer(10), "기다리는 이")
		for n := 10; n < 14; n++ {
			w.Must(h.wish(n))
			w.Clock.Advance(time.Millisecond)
		}
		h.look(time.Second)
		_, err = w.Checkout.CancelHold(w.Ctx, apptest.Buyer(1), placed.Order.ID)
		w.Must(err)
		if err := h.place(60, ""); !errors.Is(err, waitlist.ErrFirst) {
			t.Errorf("a passer-by took what others wait for: %v", err)
		}
		h.look(time.Second)
		for n, want := range map[int]waitlist.State{10: waitlist.Offered, 11: waitlist.Offered, 12: waitlist.Waiting} {
			if e := h.entry(n); e.State != want {
				t.Errorf("buyer %d: %+v", n, e)
			}
		}
		letters, err := db.One(w.Ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE kind = 'mail.send'
 AND key LIKE 'wait:%'`)
		if err != nil || letters != 1 { // only buyer 10 has an address
			t.Errorf("%d letters, %v", letters, err)
		}
		h.look(time.Second) // an offer that stands is told once
		for n, want := range map[int]int{10: 1, 11: 1, 12: 0} {
			told, err := notice.List(w.Ctx, w.DB, apptest.Buyer(n).AccountID, "")
			if err != nil || len(told) != want {
				t.Fatalf("buyer %d was told %+v, %v", n, told, err)
			}
			if want == 1 && (told[0].Kind != notice.WaitOffer || told[0].Subject != string(h.entry(n).OrderID)) {
				t.Errorf("buyer %d was told %+v", n, told[0])
			}
		}
		_, err = w.Pay(apptest.Buyer(10), h.entry(10).OrderID, gateway.InstrumentOK)
		w.Must(err)
		o, err := order.Find(w.Ctx, w.DB, h.entry(11).OrderID)
		w.Must(err)
		if left := o.HoldUntil.Sub(w.Clock.Now()); left > waitlist.OfferTime || left < waitlist.OfferTime-time.Minute {
			t.Errorf("held for %v", left)
		}
		h.Pass(waitlist.OfferTime) // buyer 2 and 11 did not pay: three units come back
		h.look(time.Second)
		if e := h.entry(13); e.State != waitlist.Offered {
			t.Errorf("%+v", e)
		}
		if h.entry(11).State != waitlist.Offered {
			t.Error("an entry is offered once")
		}
		checkRows(t, w)
	})
}

// TestOffersBuysAndCancellationsLoseNoUnit: offers, direct purchases, cancellations and people who leave the list, all
// at once and from two nodes' workers (F42).
func TestOffersBuysAndCancellationsLoseNoUnit(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		const stock, storm = 20, 40
		d, o := w.OnSale(shop, func(o *deal.Offer) {
			units(stock)(o)
			o.Threshold = stock // not reached: who tips a deal is another story
		})
		h := hands{w, d, o}
		for n := range stock {
			_, err := w.Place(apptest.Buyer(n), h.deal, h.option, 1)
			w.Must(err)
		}
		for n := range storm {
			w.Must(h.wish(100 + n))
		}
		h.look(time.Second)
		var all sync.WaitGroup
		held, err := order.Newest(w.Ctx, w.DB, order.Held, stock)
		w.Must(err)
		for i, o := range held {
			all.Go(func() {
				who := apptest.Buyer(0)
				who.AccountID = o.AccountID
				if i%2 == 0 {
					if _, err := w.Checkout.CancelHold(w.Ctx, who, o.ID); err != nil {
						t.Errorf("cancel: %v", err)
					}
				} else if _, err := w.Pay(who, o.ID, gateway.InstrumentOK); err != nil {
					t.Errorf("pay: %v", err)
				}
			})
		}
		for n := range storm / 4 {
			all.Go(func() {
				if err := w.Admit.Unwish(w.Ctx, apptest.Buyer(100+4*n), h.deal.ID); err != nil {
					t.Errorf("leave: %v", err)
				}
			})
			all.Go(func() {
				err := h.place(300+n, "")
				if err != nil && !errors.Is(err, waitlist.ErrFirst) && !errors.Is(err, deal.ErrSoldOut) {
					t.Errorf("direct: %v", err)
				}
			})
		}
		for range 2 {
			all.Go(func() {
				for range 10 {
					if _, err := w.Admit.RunOnce(w.Ctx); err != nil {
						t.Errorf("offer: %v", err)
					}
				}
			})
		}
		all.Wait()
		h.look(time.Second)
		h.look(time.Second)
		d = w.Deal(h.deal.ID)
		if d.PaidUnits != stock/2 || d.HeldUnits+d.PaidUnits != stock {
			t.Errorf("%d paid, %d held, %d in all", d.PaidUnits, d.HeldUnits, stock)
		}
		double, err := db.All(w.Ctx, w.DB, db.Scalar[string], `SELECT account_id FROM orders WHERE place_key LIKE 'wait:%'
 GROUP BY account_id HAVING count(*) > 1`)
		if err != nil || len(double) > 0 {
			t.Errorf("offered twice: %v %v", double, err)
		}
		checkRows(t, w)
	})
}

func TestTheListEndsWithTheSaleAndComesAfterTheRoom(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 3)
		for n := range 3 {
			h.Must(h.place(n, ""))
		}
		h.Must(h.wish(10))
		h.hand(room.HeldOpen)
		h.join(20)
		held, err := order.Newest(w.Ctx, w.DB, order.Held, 1)
		w.Must(err)
		who := apptest.Buyer(0)
		who.AccountID = held[0].AccountID
		_, err = w.Checkout.CancelHold(w.Ctx, who, held[0].ID)
		w.Must(err)
		h.look(time.Second)
		if e := h.entry(10); !e.Waits() {
			t.Errorf("the list went before the room: %+v", e)
		}
		h.Must(h.place(20, ""))
		w.Clock.Set(h.deal.EndsAt)
		w.Work()
		h.look(time.Second)
		if e := h.entry(10); e.Outcome != waitlist.OutcomeOver {
			t.Errorf("%+v", e)
		}
		if m := h.room(); m.Shuts() {
			t.Errorf("the sale is over: %s", m.State)
		}
	})
}

// TestAnOfferThatWasCutShortIsTheSameOffer: the hold stands, the entry does not say so yet.
func TestAnOfferThatWasCutShortIsTheSameOffer(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		h := onSale(w, 3)
		for n := range 3 {
			h.Must(h.place(n, ""))
		}
		h.Must(h.wish(10))
		e := h.entry(10)
		h.Pass(11 * time.Minute) // offered; as if the process had died before it was noted:
		first := h.entry(10)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			_, err := db.Exec(w.Ctx, tx, `UPDATE waitlist SET state = 'waiting', order_id = '' WHERE id = $1`, e.ID)
			return err
		}))
		h.look(time.Second)
		if again := h.entry(10); again.OrderID != first.OrderID || first.OrderID == "" {
			t.Errorf("%+v, then %+v", first, again)
		}
		n, err := db.One(w.Ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM orders WHERE place_key = $1`,
			fmt.Sprint("wait:", e.ID))
		if err != nil || n != 1 {
			t.Errorf("%d holds, %v", n, err)
		}
	})
}
