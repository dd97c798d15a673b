package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/directory"
)

// makeClaimed is a member shop with an entry of the register, and another shop that asks for one.
func makeClaimed(t *testing.T, d *db.DB, world *dbtest.World) {
	t.Helper()
	w := apptest.New(t, d, world.Clock)
	w.Shop(noodles, "국숫집", "본점")
	write(t, d, `UPDATE merchant SET state = 'approved' WHERE id = $1`, string(noodles))
	w.Must(d.Write(t.Context(), func(tx *db.Tx) error {
		var drafts []directory.Draft
		for _, key := range []string{"A1", "B2", "C3"} {
			x := directory.Draft{Entry: directory.Entry{ID: directory.EntryID(directory.Prefix + key), Name: "국숫집",
				RegionID: "district_11140", Matched: "district"}}
			x.Seal()
			drafts = append(drafts, x)
		}
		if err := directory.Insert(t.Context(), tx, drafts); err != nil {
			return err
		}
		for _, entry := range []directory.EntryID{"dir_A1", "dir_B2"} {
			c, err := directory.OpenClaim(t.Context(), tx, directory.Claim{EntryID: entry, MerchantID: noodles,
				State: directory.ClaimAsked})
			if err != nil {
				return err
			}
			if entry == "dir_A1" {
				if _, err := directory.Grant(t.Context(), tx, c); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// TestClaimFaultsAreNamed plants what breaks "a claimed entry has exactly one approved merchant", and takes it back.
func TestClaimFaultsAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		makeClaimed(t, d, w)
		ask := func() []string {
			t.Helper()
			report, err := doctor.Check(t.Context(), readOnly(t, w), doctor.Options{Slice: 2,
				Only: []string{"claimed_entries", "claims"}})
			if err != nil {
				t.Fatal(err)
			}
			spoken(t, report)
			return findings(report)
		}
		if got := ask(); len(got) > 0 {
			t.Fatalf("a sound world: %s", strings.Join(got, "\n"))
		}
		granted, err := db.One(t.Context(), d, db.Scalar[string], `SELECT id FROM directory_claim WHERE state = 'granted'`)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []struct{ do, undo, want string }{
			{`UPDATE merchant SET state = 'returned'`, `UPDATE merchant SET state = 'approved'`, "83 entry_member dir_A1"},
			{`UPDATE directory_claim SET state = 'refused' WHERE entry_id = 'dir_A1'`,
				`UPDATE directory_claim SET state = 'granted' WHERE entry_id = 'dir_A1'`, "83 entry_claims dir_A1"},
			{`UPDATE directory_claim SET merchant_id = 'mer_other' WHERE entry_id = 'dir_A1'`,
				`UPDATE directory_claim SET merchant_id = '` + string(noodles) + `' WHERE entry_id = 'dir_A1'`,
				"83 entry_claims dir_A1, 83 claim_entry " + granted},
			{`UPDATE directory_entry SET merchant_id = 'mer_none' WHERE id = 'dir_A1'`,
				`UPDATE directory_entry SET merchant_id = '` + string(noodles) + `' WHERE id = 'dir_A1'`,
				"83 entry_member dir_A1, 83 entry_claims dir_A1, 83 claim_entry " + granted},
			{`UPDATE directory_entry SET state = 'claimed', merchant_id = '` + string(noodles) + `', claimed_at = 1
 WHERE id = 'dir_C3'`, `UPDATE directory_entry SET state = 'unclaimed', merchant_id = NULL, claimed_at = NULL
 WHERE id = 'dir_C3'`, "83 entry_claims dir_C3"},
		} {
			plant(t, d, "", f.do)
			got, want := ask(), strings.Split(f.want, ", ")
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: wanted %q, found %q", f.do, want, got)
			}
			plant(t, d, "", f.undo)
		}
		if got := ask(); len(got) > 0 {
			t.Errorf("all is taken back: %s", strings.Join(got, "\n"))
		}
	})
}
