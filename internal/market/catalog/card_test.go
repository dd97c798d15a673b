package catalog_test

import (
	"context"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
)

func TestListFollowsSatisfactionNotSales(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		put(t, d, sold{"dea_a", "mer_a", 500, 0, 0})
		put(t, d, sold{"dea_b", "mer_b", 1, 20, 98})
		put(t, d, sold{"dea_c", "mer_c", 900, 20, 50})
		got, err := catalog.List(ctx, d, catalog.Filter{States: []deal.State{deal.OnSale},
			Regions: []market.RegionID{"r1", "r2", "r3"}}, w.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		want := []market.DealID{"dea_b", "dea_a", "dea_c"}
		for i, c := range got {
			if i >= len(want) || c.Deal.ID != want[i] {
				t.Fatalf("place %d: %s", i, c.Deal.ID)
			}
		}
		if len(got) != 3 || got[0].Off() != 37 || got[0].Asked.GuestsTenths() != 49 {
			t.Fatalf("%d rows, first %+v", len(got), got[0])
		}
		s, err := catalog.Find(ctx, d, "dea_b", w.Clock.Now())
		if err != nil || len(s.Options) != 1 || s.Terms.Title != "dea_b" {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := catalog.Find(ctx, d, "dea_b", w.Clock.Now().Add(100*24*time.Hour)); err == nil {
			t.Fatal("a deal is public for ever")
		}
	})
}

type sold struct {
	id                  market.DealID
	shop                string
	paid, answered, sum int64
}

func put(t *testing.T, d *db.DB, x sold) {
	t.Helper()
	id, shop, paid, answered, sum := x.id, x.shop, x.paid, x.answered, x.sum
	ctx := context.Background()
	err := d.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		offer := deal.Offer{Title: string(id), PriceBasis: "차림표", ValidDays: 400, RefundProfile: "std2025",
			Options:  []deal.OptionOffer{{Name: "하나", ListPrice: 32_000, Price: 19_900, Quantity: 1000, Uses: 1}},
			Capacity: 1000, Threshold: 1, PerPerson: 1, ThresholdKind: deal.ThresholdUnits, StartsAt: now,
			EndsAt: now.Add(24 * time.Hour)}
		row := offer.Deal(id, market.MerchantID(shop))
		if err := deal.Insert(ctx, tx, row); err != nil {
			return err
		}
		if _, err := deal.SaveTerms(ctx, tx, offer.Terms(id, 1, deal.Limits{}, "p")); err != nil {
			return err
		}
		if err := deal.ReplaceOptions(ctx, tx, id, offer.OptionRows(id, func() market.OptionID {
			return market.OptionID(tx.NewID("opt"))
		})); err != nil {
			return err
		}
		if err := deal.ReplaceRegions(ctx, tx, id, []market.RegionID{"r1"}); err != nil {
			return err
		}
		for _, text := range []string{
			`UPDATE deal SET state = 'on_sale', public_from = $2, public_until = $3, paid_units = $4 WHERE id = $1`} {
			if _, err := db.Exec(ctx, tx, text, string(id), db.Micros(now), db.Micros(now.Add(30*24*time.Hour)),
				paid); err != nil {
				return err
			}
		}
		if answered > 0 {
			if _, err := db.Exec(ctx, tx, `INSERT INTO feedback_tally (subject, buyers_answered, buyers_sum)
 VALUES ($1, $2, $3)`, "merchant:"+shop, answered, sum); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO merchant (id, slug, business_number, name, representative, phone, email,
 story, category_id, region_id, bank_code, bank_account, bank_holder, state, created_at, version)
 VALUES ($1, $1, $1, $1, '', '', '', '', '', 'r1', '', '', '', 'approved', $2, 1)`, shop, db.Micros(now))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
