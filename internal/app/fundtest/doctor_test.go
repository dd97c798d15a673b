package fundtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/market/bid"
)

// TestDoctorNamesAMembersWonThatIsNotThere plants one fault after the other in a wish that was paid back, and takes it
// back again.
func TestDoctorNamesAMembersWonThatIsNotThere(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		p.all(1, 5)
		open := string(p.pays(6, 1).Order.ID)
		ask := func() string {
			t.Helper()
			report, err := doctor.Check(p.Ctx, p.DB, doctor.Options{Slice: 2, Only: []string{"shares", "escrows",
				"share_orders", "share_orders_paid", "share_parties"}})
			p.Must(err)
			var found []string
			for _, a := range report.Answers {
				for _, f := range a.Findings {
					found = append(found, fmt.Sprintf("%d %s %s", f.Invariant, f.Code, f.Row))
				}
			}
			slices.Sort(found)
			return strings.Join(found, ", ")
		}
		meddle := func(text, id string) {
			t.Helper()
			p.Must(p.DB.Migrator(p.Ctx, func(pool *sql.DB) error {
				_, err := pool.ExecContext(context.WithoutCancel(p.Ctx), strings.ReplaceAll(text, "{id}", id))
				return err
			}))
		}
		try := func(id, plant, back, want string) {
			t.Helper()
			meddle(plant, id)
			if got := ask(); got != strings.ReplaceAll(strings.ReplaceAll(want, "{id}", id), "{wish}", string(p.wish)) {
				t.Errorf("%s: %s", plant, got)
			}
			meddle(back, id)
			if got := ask(); got != "" {
				t.Fatalf("%s: %s", back, got)
			}
		}
		try(open, `UPDATE escrow_share SET account_id = 'x' || account_id WHERE order_id = '{id}'`,
			`UPDATE escrow_share SET account_id = substr(account_id, 2) WHERE order_id = '{id}'`,
			"95 share_member {id}, 95 share_payment {id}")
		try(open, `UPDATE escrow SET paid = paid - 1`, `UPDATE escrow SET paid = paid + 1`, "31 escrow_paid {wish}")
		try(open, `UPDATE escrow SET units = units + 1`, `UPDATE escrow SET units = units - 1`, "31 escrow_units {wish}")
		try(open, `UPDATE collect_order SET id = id || 'x' WHERE id = '{id}'`,
			`UPDATE collect_order SET id = '{id}' WHERE id = '{id}x'`, "95 share_lost {id}x, 95 share_member {id}")
		try(open, `UPDATE ledger_balance SET party = party || 'x' WHERE account = '2120' AND party = '{id}'`,
			`UPDATE ledger_balance SET party = '{id}' WHERE party = '{id}x'`, "31 share_held {id}, 31 share_unknown {id}x")

		p.round()
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(potter(1)), fund.AnswerCmd{WishID: p.wish, MerchantID: potter(1)}))
		p.Work()
		try(open, `UPDATE refund SET amount = amount - 1 WHERE order_id = '{id}'`,
			`UPDATE refund SET amount = amount + 1 WHERE order_id = '{id}'`, "31 share_refunded {id}")
		try(open, `UPDATE escrow_share SET state = 'released', released = refunded, refunded = 0 WHERE order_id = '{id}'`,
			`UPDATE escrow_share SET state = 'refunded', refunded = released, released = 0 WHERE order_id = '{id}'`,
			"31 share_refunded {id}, 31 share_released {id}")
		try(open, `UPDATE refund SET state = 'decided' WHERE order_id = '{id}'`,
			`UPDATE refund SET state = 'accepted' WHERE order_id = '{id}'`, "84 owed_back_differs {id}")
	})
}
