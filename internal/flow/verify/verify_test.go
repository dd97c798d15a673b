package verify_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/verify"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/merchant/check"
	"github.com/dure-commerce/dure/internal/market/merchant/check/office"
	"github.com/dure-commerce/dure/internal/sandbox/courier"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

const shop = market.MerchantID("mer_one")

// world is a seller with a bid, and the simulator's register.
type world struct {
	*testing.T
	d   *db.DB
	w   *dbtest.World
	v   *verify.Verify
	box *courier.Courier
}

func each(t *testing.T, number string, body func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, tw *dbtest.World) {
		box := courier.New(record.New(tw.Clock, tw.IDs), "key")
		mux := http.NewServeMux()
		box.Register(mux)
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		register, err := office.New(office.Options{URL: server.URL, Key: "key"})
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t, d, tw, verify.New(verify.Deps{DB: d, Register: register}), box}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			err := merchant.Insert(ctx, tx, merchant.Merchant{ID: shop, Business: merchant.Business{Name: "물레공방"},
				CreatedAt: tx.Now()})
			if err != nil {
				return err
			}
			_, err = bid.Plan(ctx, tx, bid.Auction{WishID: "wsh_1", Kind: bid.InTheOpen, Quantity: 30, Step: 100})
			return err
		})
		w.number(number)
		body(w)
	})
}

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) {
	w.Helper()
	if err := w.d.Write(w.Context(), func(tx *db.Tx) error { return fn(w.Context(), tx) }); err != nil {
		w.Fatal(err)
	}
}

func (w *world) number(number string) {
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE merchant SET business_number = $1, phone = '0212345678',
 email = 'shop@example.org' WHERE id = $2`, number, string(shop))
		return err
	})
}

func (w *world) bids() {
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO bid (id, wish_id, seq, round, merchant_id, state, delivery, unit_price,
 quantity_min, quantity_max, promised_by, note, evidence, deposit, at)
 VALUES ('bid_1', 'wsh_1', 1, 1, $1, 'standing', 'shipping', 9000, 1, 0, 1, '', '', 0, 1)`, string(shop))
		return err
	})
}

func (w *world) run() {
	w.Helper()
	for range 20 {
		worked := false
		for _, task := range w.v.Workers() {
			did, err := task.RunOnce(w.Context())
			if err != nil {
				w.Fatal(err)
			}
			worked = worked || did
		}
		if !worked {
			return
		}
	}
	w.Fatal("the work does not end")
}

func (w *world) verified(want bool) {
	w.Helper()
	got, err := w.v.Verified(w.Context(), shop)
	if err != nil || got != want {
		w.Errorf("verified %v, want %v: %v", got, want, err)
	}
	known, err := catalog.Bidders(w.Context(), w.d, "wsh_1", []market.MerchantID{shop})
	if err != nil || known[shop].Verified != want {
		w.Errorf("the auction says %+v, want %v: %v", known[shop], want, err)
	}
}

// TestABidderIsVerifiedByItself: with its first bid the register is asked, and nobody has to do anything.
func TestABidderIsVerifiedByItself(t *testing.T) {
	each(t, "1234567891", func(w *world) {
		w.run()
		w.verified(false) // nobody asks about a shop that offers nothing
		w.bids()
		w.verified(false)
		w.run()
		w.verified(true)
		said, err := check.History(w.Context(), w.d, shop, 10)
		if err != nil || len(said) != 1 || said[0].Result != check.Normal || said[0].Source == "" {
			w.Errorf("%+v %v", said, err)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return check.Begin(ctx, tx, shop, "1234567891") })
		w.verified(true)       // a second node that begins late begins nothing anew
		w.number("1234567899") // another number begins anew, and it has closed
		w.verified(false)
		w.run()
		w.verified(false)
		s, ok, err := w.v.Standing(w.Context(), market.System(), shop)
		if err != nil || !ok || s.State != check.Refused || s.Result != check.Closed {
			w.Errorf("%+v %v", s, err)
		}
	})
}

// TestARegisterThatIsDown: it is asked again, less and less often, until it answers.
func TestARegisterThatIsDown(t *testing.T) {
	each(t, "1234567891", func(w *world) {
		w.bids()
		if err := w.box.Set(w.Context(), false, true); err != nil {
			w.Fatal(err)
		}
		for range 30 {
			w.run()
			w.w.Clock.Advance(10 * time.Minute)
		}
		w.verified(false)
		said, err := check.History(w.Context(), w.d, shop, 100)
		if err != nil || len(said) < 3 || len(said) > 10 || said[0].Result != check.Down {
			w.Errorf("asked %d times: %v", len(said), err)
		}
		if err := w.box.Set(w.Context(), false, false); err != nil {
			w.Fatal(err)
		}
		w.w.Clock.Advance(7 * time.Hour)
		w.run()
		w.verified(true)
	})
}

// TestRetry: a refused seller asks for another look, not all the time, and nobody else does for it.
func TestRetry(t *testing.T) {
	each(t, "1234567898", func(w *world) {
		w.bids()
		w.run()
		w.verified(false)
		owner := market.Actor{AccountID: "acc_1", Confirmed: true, Memberships: []market.Membership{
			{MerchantID: shop, Role: market.RoleOwner}}}
		if err := w.v.Retry(w.Context(), owner, shop); !errors.Is(err, check.ErrSoon) {
			w.Errorf("at once: %v", err)
		}
		w.w.Clock.Advance(time.Hour)
		if err := w.v.Retry(w.Context(), market.Actor{AccountID: "acc_2"}, shop); err == nil {
			w.Error("a stranger asks")
		}
		if err := w.v.Retry(w.Context(), owner, shop); err != nil {
			w.Error(err)
		}
		w.run()
		w.verified(false)
		said, err := check.History(w.Context(), w.d, shop, 10)
		if err != nil || len(said) != 2 || said[0].Result != check.Suspended {
			w.Errorf("%+v %v", said, err)
		}
	})
}
