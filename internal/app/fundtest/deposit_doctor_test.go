package fundtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/doctor"
)

// TestDoctorNamesADepositThatIsNotThere plants one fault after the other, and takes it back again.
func TestDoctorNamesADepositThatIsNotThere(t *testing.T) {
	auctioned(t, 2, func(p *purse) {
		p.capital()
		p.bids(2, parcel(32_000, 8))
		taken := p.bids(1, parcel(30_000, 8))
		p.puts(1, 13_000)
		p.awarded()
		p.all(1, 10)
		all, err := p.Deposits.List(p.Ctx, p.wish, potter(1))
		p.Must(err)
		lost, err := p.Deposits.List(p.Ctx, p.wish, potter(2))
		p.Must(err)
		first, other := string(all[0].ID), string(lost[0].ID)
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
			if got := p.depositFaults(); got != strings.ReplaceAll(want, "{id}", id) {
				t.Errorf("%s: %s", plant, got)
			}
			meddle(back, id)
			if got := p.depositFaults(); got != "" {
				t.Fatalf("%s: %s", back, got)
			}
		}
		try(first, `UPDATE bid_deposit SET amount = amount + 1 WHERE id = '{id}'`,
			`UPDATE bid_deposit SET amount = amount - 1 WHERE id = '{id}'`, "96 deposit_held {id}, 96 deposit_payment {id}")
		try(first, `UPDATE ledger_balance SET party = party || 'x' WHERE account = '2165' AND party = '{id}'`,
			`UPDATE ledger_balance SET party = '{id}' WHERE party = '{id}x'`, "96 deposit_held {id}, 96 deposit_unknown {id}x")
		try(first, `UPDATE payment SET purpose = '' WHERE order_id = '{id}'`,
			`UPDATE payment SET purpose = 'deposit' WHERE order_id = '{id}'`, "96 deposit_payment {id}")
		try(string(taken.Bid.ID), `UPDATE bid SET deposit = deposit + 1001 WHERE id = '{id}'`,
			`UPDATE bid SET deposit = deposit - 1001 WHERE id = '{id}'`, "96 deposit_short {id}")
		p.round()
		p.wantDown(2, "12800 returned lost 0;")
		try(other, `UPDATE refund SET subject = 'x' WHERE order_id = '{id}'`,
			`UPDATE refund SET subject = 'deposit' WHERE order_id = '{id}'`, "96 deposit_returned {id}")
		p.serve(3)
		p.days(50)
		p.wantDown(1, "12000 kept not_served 12000;1000 kept not_served 1000;")
		try(first, `UPDATE bid_deposit SET shared = shared - 1 WHERE id = '{id}'`,
			`UPDATE bid_deposit SET shared = shared + 1 WHERE id = '{id}'`, "96 deposit_shared {id}")
		try(first, `UPDATE interest SET kind = '' WHERE refund_id LIKE '{id}/%'`,
			`UPDATE interest SET kind = 'deposit' WHERE refund_id LIKE '{id}/%'`, "96 deposit_shared {id}")
		try(first, `UPDATE bid_deposit SET state = 'returned', shared = 0 WHERE id = '{id}'`,
			`UPDATE bid_deposit SET state = 'kept', shared = 12000 WHERE id = '{id}'`,
			"96 deposit_kept {id}, 96 deposit_returned {id}, 96 deposit_shared {id}")
	})
}

// depositFaults is what doctor says of deposits.
func (p *purse) depositFaults() string {
	p.T.Helper()
	report, err := doctor.Check(p.Ctx, p.DB, doctor.Options{Slice: 2, Only: []string{"deposits", "deposit_parties",
		"deposit_bids", "deposit_parts"}})
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
