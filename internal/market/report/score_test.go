package report_test

import (
	"context"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/report"
)

func write(t *testing.T, d *db.DB, text string, args ...any) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := db.Exec(context.Background(), tx, text, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// written is a deal to be put, with its price, category and state.
type written struct {
	id              market.DealID
	shop            market.MerchantID
	price           int64
	category, state string
}

// draft puts a deal with its terms and one region.
func draft(t *testing.T, d *db.DB, w written) deal.Deal {
	t.Helper()
	id, shop, price, category, state := w.id, w.shop, w.price, w.category, w.state
	ctx := context.Background()
	var row deal.Deal
	err := d.Write(ctx, func(tx *db.Tx) error {
		start := deal.NextMonday(tx.Now())
		offer := deal.Offer{Title: string(id), CategoryID: market.CategoryID(category), PriceBasis: "차림표", ValidDays: 400,
			RefundProfile: "std2025", Capacity: 10, Threshold: 1, PerPerson: 1, ThresholdKind: deal.ThresholdUnits,
			StartsAt: start, EndsAt: start.Add(7 * 24 * time.Hour),
			Options: []deal.OptionOffer{{Name: "하나", ListPrice: 32_000, Price: price, Quantity: 10, Uses: 1}}}
		row = offer.Deal(id, shop)
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
		return deal.ReplaceRegions(ctx, tx, id, []market.RegionID{"r1", market.RegionID(id)})
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, `UPDATE deal SET state = $2 WHERE id = $1`, string(id), state)
	return row
}

func tally(t *testing.T, d *db.DB, shop market.MerchantID, answered, sum int64) {
	t.Helper()
	write(t, d, `INSERT INTO feedback_tally (subject, buyers_asked, buyers_answered, buyers_sum) VALUES ($1, $2, $2, $3)`,
		"merchant:"+string(shop), answered, sum)
}

func TestStandingComesFromVerifiedFactsAndNotFromTheDiscount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		tally(t, d, "mer_a", 100, 480)
		tally(t, d, "mer_b", 100, 300)
		tally(t, d, "mer_c", 4, 4)
		cheap := draft(t, d, written{"dea_cheap", "mer_a", 3_200, "food.noodle", "draft"})
		dear := draft(t, d, written{"dea_dear", "mer_a", 31_900, "food.noodle", "draft"})
		of := func(x deal.Deal) report.Standing {
			s, err := report.StandingOf(ctx, d, x, "food.noodle", w.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if a, b := of(cheap), of(dear); a != b || a.Satisfaction != 95 || a.Region != 100 || a.Category != 100 {
			t.Fatalf("%+v\n%+v", a, b)
		}
		low := draft(t, d, written{"dea_low", "mer_b", 19_900, "food.noodle", "draft"})
		weights := policy.At(w.Clock.Now()).Queue
		if a, b := of(cheap).Score(weights), of(low).Score(weights); a <= b {
			t.Fatalf("liked %d, unloved %d", a, b)
		}
		// A new shop stands where the middle of the sellers stands, however its first four guests spoke.
		draft(t, d, written{"dea_peer1", "mer_a", 10_000, "beauty.hair", "on_sale"})
		draft(t, d, written{"dea_peer2", "mer_b", 10_000, "food.noodle", "scheduled"})
		fresh := of(draft(t, d, written{"dea_new", "mer_c", 10_000, "food.noodle", "draft"}))
		if !fresh.Facts.NewTaste || fresh.Satisfaction != 95 || fresh.Facts.InRegion != 2 || fresh.Facts.InCategory != 1 ||
			fresh.Region != 75 || fresh.Category != 66 {
			t.Fatalf("%+v", fresh)
		}
		text, err := fresh.Text()
		if back, ok := report.ReadStanding(text); err != nil || !ok || back != fresh {
			t.Fatalf("%s %v", text, err)
		}
	})
}
