package fundtest_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/escrow"
	sent "github.com/dure-commerce/dure/internal/market/escrow/parcel"
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
		p.capital()
		p.all(1, crowd)
		p.round()
		p.still()
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
				Name: sent.Name{Carrier: "cj", Number: number}})
		}
		out, err := p.Deliver.Ship(p.Ctx, apptest.Owner(potter(1)), cmd)
		p.Must(err)
		if len(out.Sent) != crowd {
			t.Fatalf("%+v", out)
		}
		p.days(5)
		last := shares[crowd-1]
		_, err = p.Deliver.Confirm(p.Ctx, market.Actor{AccountID: last.AccountID, Confirmed: true}, last.OrderID)
		p.Must(err)
		p.days(50)
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

// capital gives the operator what banks and gateways cost, and the first seller an account.
func (p *purse) capital() {
	p.T.Helper()
	p.Must(p.DB.Write(p.Ctx, func(tx *db.Tx) error {
		_, err := db.Exec(p.Ctx, tx, `UPDATE merchant SET bank_code = '004', bank_account = '12345678901',
 bank_holder = '공방' WHERE id = $1`, string(potter(1)))
		return err
	}))
	p.Must(p.Custody.PayIn(p.Ctx, apptest.Operator(), 5_000_000, "capital-1"))
	p.still()
	_, err := p.Custody.TopUp(p.Ctx, apptest.Operator(), 1_000_000)
	p.Must(err)
	p.still()
}

// still lets bank, gateway and platform do what is due, until all three are still.
func (p *purse) still() {
	p.T.Helper()
	for range 50 {
		p.Work()
		steps, err := p.Sandbox.Settle(p.Ctx)
		p.Must(err)
		if steps == 0 {
			return
		}
	}
	p.T.Fatal("bank and platform never come to rest")
}

// days lets days go by, with a look at every hour at which something happens in the night and the morning.
func (p *purse) days(n int) {
	p.T.Helper()
	for end := p.Clock.Now().AddDate(0, 0, n); p.Clock.Now().Before(end); {
		today, next := bizday.StartOfDay(p.Clock.Now()), bizday.EndOfDay(p.Clock.Now())
		for _, minutes := range []time.Duration{620, 605, 600, 10} {
			if at := today.Add(minutes * time.Minute); at.After(p.Clock.Now()) {
				next = at
			}
		}
		p.Clock.Set(next)
		p.still()
	}
}
