package delivertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/outcome"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/pass"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// Price is what each member pays for one unit, and Rate what the operator takes of it.
const (
	Price money.Won         = 19_900
	Rate  money.BasisPoints = 1_000
)

// Seller and Branch are who serves.
const (
	Seller = market.MerchantID("mer_seller")
	Branch = market.BranchID("brn_seller")
)

// World is one crowd whose seller has begun, on a database of a test.
type World struct {
	testing.TB
	D       *db.DB
	W       *dbtest.World
	Deliver *deliver.Deliver
	Tracker *Tracker
	Wish    market.WishID
	Orders  []market.OrderID
	Members []market.Actor
	Owner   market.Actor // of the seller
	Staff   market.Actor // of the operator
}

// Each runs body on both engines with a crowd of n members who are served in a way, within ten days.
func Each(t *testing.T, n int, way escrow.Delivery, body func(t *testing.T, w *World)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, tw *dbtest.World) {
		w := Over(t, d, tw)
		w.Begin("wsh_one", n, way)
		body(t, w)
	})
}

// Over makes a world without a crowd over a database.
func Over(t testing.TB, d *db.DB, tw *dbtest.World) *World {
	t.Helper()
	w := &World{TB: t, D: d, W: tw, Tracker: NewTracker()}
	w.Deliver = deliver.New(deliver.Deps{DB: d, Outcome: outcome.New(func(at time.Time) time.Time {
		return at.Add(5 * 24 * time.Hour)
	}), Passes: pass.Keys{}, Tracker: w.Tracker, Maker: picture.NewMaker(picture.Limits{}), Media: &blob.Memory{}})
	w.Staff = market.Actor{AccountID: "acc_staff", Staff: market.RoleSupport, Confirmed: true}
	w.Owner = market.Actor{AccountID: "acc_owner", Confirmed: true, Memberships: []market.Membership{
		{MerchantID: Seller, Role: market.RoleOwner}}}
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		for _, a := range []market.AccountID{"acc_staff", "acc_owner"} {
			if err := person(ctx, tx, a); err != nil {
				return err
			}
		}
		return shop(ctx, tx)
	})
	return w
}

func person(ctx context.Context, tx *db.Tx, id market.AccountID) error {
	return account.Insert(ctx, tx, account.Account{ID: id, Email: string(id) + "@example.org",
		EmailKey: string(id) + "@example.org", Name: "김두레", Locale: "ko", ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
}

func shop(ctx context.Context, tx *db.Tx) error {
	err := merchant.Insert(ctx, tx, merchant.Merchant{ID: Seller, Business: merchant.Business{Name: "물레공방"},
		CreatedAt: tx.Now()})
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE merchant SET email = 'shop@example.org' WHERE id = $1`, string(Seller))
	if err != nil {
		return err
	}
	err = merchant.Join(ctx, tx, merchant.Member{MerchantID: Seller, AccountID: "acc_owner", Role: market.RoleOwner})
	if err != nil {
		return err
	}
	return merchant.InsertBranch(ctx, tx, merchant.Branch{ID: Branch, MerchantID: Seller, Name: "본점",
		Address: "서울 마포구 1"})
}

// Write runs one step that must succeed.
func (w *World) Write(fn func(ctx context.Context, tx *db.Tx) error) {
	w.Helper()
	ctx := context.Background()
	if err := w.D.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		w.Fatal(err)
	}
}

// Begin makes a wish with n members who have paid, whose seller has ten days from now.
func (w *World) Begin(id market.WishID, n int, way escrow.Delivery) {
	w.Helper()
	w.Wish, w.Orders, w.Members = id, nil, nil
	crowd := Crowd{Wish: id, Seller: Seller, Branch: Branch, Way: way}
	for i := range n {
		m := Paid{OrderID: market.OrderID(w.W.IDs.New(market.PrefixOrder)),
			AccountID: market.AccountID(fmt.Sprintf("acc_%s_%d", id, i))}
		crowd.Members = append(crowd.Members, m)
		w.Orders = append(w.Orders, m.OrderID)
		w.Members = append(w.Members, market.Actor{AccountID: m.AccountID, Confirmed: true})
		w.Write(func(ctx context.Context, tx *db.Tx) error { return person(ctx, tx, m.AccountID) })
	}
	if err := crowd.Begin(context.Background(), w.D); err != nil {
		w.Fatal(err)
	}
}

// Sent names a parcel for each member, numbered from 600000000000.
func (w *World) Sent() (out []escrow.Sent) {
	for i, id := range w.Orders {
		out = append(out, escrow.Sent{OrderID: id, Name: Parcel(i)})
	}
	return out
}

// Share reads a member's share.
func (w *World) Share(i int) escrow.Share {
	w.Helper()
	s, err := escrow.FindShare(context.Background(), w.D, w.Orders[i])
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// Run steps every background task of the journey until nothing is due at this instant.
func (w *World) Run() {
	w.Helper()
	for range 1_000 {
		worked := false
		for _, task := range w.Deliver.Workers() {
			did, err := task.RunOnce(context.Background())
			if err != nil {
				w.Fatalf("%s: %v", task.Name, err)
			}
			worked = worked || did
		}
		if !worked {
			return
		}
	}
	w.Fatal("the work does not end")
}

var _ track.Tracker = (*Tracker)(nil)
