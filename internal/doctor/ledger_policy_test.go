package doctor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/policy"
)

func policyFindings(t *testing.T, w *dbtest.World) []string {
	t.Helper()
	report, err := doctor.Check(t.Context(), readOnly(t, w), doctor.Options{Only: []string{"ledger_policies"}, Slice: 3})
	if err != nil {
		t.Fatal(err)
	}
	spoken(t, report)
	return findings(report)
}

// TestEntriesCarryThePolicyOfTheOrder: every entry about an order names the policies under which it was bought. A use
// and an activation without them are named, unless they are older than the rule.
func TestEntriesCarryThePolicyOfTheOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		seen, err := db.All(t.Context(), d, db.Scalar[string], `SELECT DISTINCT rule || ' ' || policy_id FROM ledger_entry
 WHERE order_id <> '' ORDER BY 1`)
		s.Must(err)
		id := policy.At(w.Clock.Now()).ID
		if want := []string{"R2 " + id, "R3 " + id, "R5 " + id, "R8 " + id}; !slices.Equal(seen, want) {
			t.Errorf("rules and policies %v, want %v", seen, want)
		}
		if got := policyFindings(t, w); len(got) > 0 {
			t.Errorf("in a sound world: %v", got)
		}
		use, err := db.One(t.Context(), d, db.Scalar[string], `SELECT id FROM ledger_entry WHERE rule = 'R5'`)
		s.Must(err)
		paid, err := db.One(t.Context(), d, db.Scalar[string], `SELECT id FROM ledger_entry WHERE rule = 'R2'
 AND order_id = $1`, string(s.rest.ID))
		s.Must(err)
		plant(t, d, "ledger_entry", fmt.Sprintf(`UPDATE ledger_entry SET policy_id = '' WHERE id = '%s'`, use),
			fmt.Sprintf(`UPDATE ledger_entry SET policy_id = 'pol_20200101' WHERE id = '%s'`, paid))
		got := strings.Join(policyFindings(t, w), ", ")
		if want := "11 entry_policy_other " + paid + ", 11 entry_policy_missing " + use; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		plant(t, d, "", fmt.Sprintf(`UPDATE ledger_mark SET at = %d`, db.Micros(w.Clock.Now())))
		if got := policyFindings(t, w); len(got) > 0 {
			t.Errorf("older than the rule: %v", got)
		}
	})
}
