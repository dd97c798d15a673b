package voucher_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// TestUnstatedAsksItsIndex holds the plans of the run of the night: annulled uses are not even in the index, however
// many there are, and nothing is filtered but by it.
func TestUnstatedAsksItsIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		fillUses(t, d)
		for name, ask := range map[string]struct {
			text string
			args []any
		}{
			"merchants": {voucher.UnstatedMerchantsText, []any{"2026-03-09", "mer_03", 64}},
			"uses":      {voucher.UnstatedText, []any{"mer_07", "2026-03-09", 256}},
		} {
			plan := planOf(t, d, ask.text, ask.args...)
			if !strings.Contains(plan, "redemption_unstated") || strings.Contains(plan, "Filter") {
				t.Errorf("%s:\n%s", name, plan)
			}
		}
	})
}

func planOf(t *testing.T, d *db.DB, text string, args ...any) string {
	t.Helper()
	explain := "/* sqlite only */ EXPLAIN QUERY PLAN "
	if d.Engine() == db.Postgres {
		explain = "EXPLAIN (COSTS OFF) "
	}
	lines, err := db.All(t.Context(), d, func(r db.Row) (string, error) {
		var a, b, c, line string
		if d.Engine() == db.Postgres {
			err := r.Scan(&line)
			return line, err
		}
		err := r.Scan(&a, &b, &c, &line)
		return line, err
	}, explain+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// fillUses writes uses of thirty shops, most of them on a statement or undone.
func fillUses(t *testing.T, d *db.DB) {
	t.Helper()
	vouchers, uses := [][]any{}, [][]any{}
	for i := range 3_000 {
		id, shop := fmt.Sprintf("vch_%04d", i), fmt.Sprintf("mer_%02d", i%30)
		vouchers = append(vouchers, []any{id, "ord_" + id, "dea_1", "opt_1", shop, "acc_1", 1, 1_000, 0, 0, 1, 1, "used",
			"f" + id, "c" + id, "", "", 1, "std2025", 365, 0, 1})
		state, statement := "accepted", any("stm_1")
		switch {
		case i%20 == 0:
			statement = nil
		case i%20 < 8:
			state, statement = "annulled", nil
		}
		uses = append(uses, []any{"red_" + id, id, "ord_" + id, "dea_1", shop, "brn_1", "acc_1", "acc_2", "n" + id, "h", 1, 1,
			1_000, 0, 0, 1_000, state, 0, "2026-03-09", statement, 1})
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, in := range []struct {
			into db.Insert
			rows [][]any
		}{
			{db.Insert{Table: "voucher", Columns: []string{"id", "order_id", "deal_id", "option_id", "merchant_id", "account_id",
				"position", "price", "commission", "commission_vat", "units_total", "units_used", "state", "face_hash", "code_hash",
				"branches", "use_rules", "terms_version", "refund_profile", "valid_days", "paid_at", "version"}}, vouchers},
			{db.Insert{Table: "redemption", Columns: []string{"id", "voucher_id", "order_id", "deal_id", "merchant_id",
				"branch_id", "account_id", "staff_id", "nonce", "nonce_hash", "units", "first_use", "price", "commission",
				"commission_vat", "net", "state", "at", "day", "statement_id", "version"}}, uses},
		} {
			if _, err := db.InsertMany(t.Context(), tx, in.into, in.rows); err != nil {
				return err
			}
		}
		if d.Engine() == db.Postgres {
			_, err := db.Exec(t.Context(), tx, `ANALYZE redemption`)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
