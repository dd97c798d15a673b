package fundtest_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track/inquiry"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// TestFromPostToPayout: a crowd pays, the seller sends, the sandbox's carriers bring most of it, and members speak or
// keep silent. Nobody at the operator's does anything, and the seller is paid out.
func TestFromPostToPayout(t *testing.T) {
	payIn(t, []bid.Offer{{Delivery: bid.Shipping, UnitPrice: 9_000, QuantityMin: 5}}, func(p *purse) {
		client, err := inquiry.New(inquiry.Options{URL: "http://sandbox", Key: sandbox.DefaultSecretKey,
			Transport: p.Sandbox.Transport()})
		p.Must(err)
		p.Deliver.Tracker = client
		p.all(1, crowd)
		p.round()
		shares, err := escrow.ListShares(p.Ctx, p.DB, p.wish, "", 100)
		p.Must(err)
		// The numbers' ends say what becomes of the parcels: the first is lost, the second comes back.
		cmd := deliver.ShipCmd{WishID: p.wish}
		for i, s := range shares {
			number := "61234567" + [...]string{"8090", "8091", "8092", "8093"}[min(i, 3)]
			if i > 3 {
				number = "6123456780" + string(rune('0'+i/10)) + string(rune('0'+i%10))
			}
			cmd.Parcels = append(cmd.Parcels, escrow.Sent{OrderID: s.OrderID,
				Name: parcel.Name{Carrier: "cj", Number: number}})
		}
		sent, err := p.Deliver.Ship(p.Ctx, apptest.Owner(potter(1)), cmd)
		p.Must(err)
		if len(sent.Sent) != crowd {
			t.Fatalf("%+v", sent)
		}
		for range 60 {
			p.Pass(2 * time.Hour)
		}
		last := shares[crowd-1]
		_, err = p.Deliver.Confirm(p.Ctx, market.Actor{AccountID: last.AccountID, Confirmed: true}, last.OrderID)
		p.Must(err)
		for range 60 {
			p.Pass(24 * time.Hour)
		}
		won := map[escrow.Outcome]int{}
		for _, s := range shares {
			s, err = escrow.FindShare(p.Ctx, p.DB, s.OrderID)
			p.Must(err)
			won[s.Outcome]++
		}
		if won[escrow.OutConfirmed] != 1 || won[escrow.OutUndelivered] != 2 || won[escrow.OutSilence] != crowd-3 {
			t.Errorf("%v", won)
		}
		if got := p.state(); got != wish.Done {
			t.Errorf("the wish is %s", got)
		}
		paid, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT CAST(coalesce(SUM(amount), 0) AS bigint) FROM payout
 WHERE merchant_id = $1 AND state = 'confirmed'`, string(potter(1)))
		p.Must(err)
		earned, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT CAST(coalesce(SUM(net), 0) AS bigint)
 FROM statement_line WHERE merchant_id = $1`, string(potter(1)))
		p.Must(err)
		if paid == 0 || paid != earned {
			t.Errorf("paid out %d of %d", paid, earned)
		}
	})
}
