package report_test

import (
	"context"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/escrow/record"
	"github.com/dure-commerce/dure/internal/market/report"
)

// TestMemberRecord: one share released, one decided against the member, one wish that was not paid for, one of which
// the time to pay still runs.
func TestMemberRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, text := range []string{
				`INSERT INTO escrow (wish_id, bid_id, merchant_id, delivery, unit_price, commission_bp, policy_id, made_to_order,
 ship_by, phase, lapse_at, opened_at, begun_at, version)
 VALUES ('wsh_1', 'bid_1', 'mer_1', 'shipping', 9, 0, 'p', FALSE, 9, 'fulfilling', 9, 1, 2, 1)`,
				`INSERT INTO escrow_share (order_id, wish_id, account_id, quantity, paid, amount, released, state, outcome, paid_at,
 ended_at, address_until, version) VALUES ('ord_1', 'wsh_1', 'acc_1', 1, 9, 9, 9, 'released', 'confirmed', 1, 2, 2, 1)`,
				`INSERT INTO escrow_share (order_id, wish_id, account_id, quantity, paid, amount, released, state, outcome, paid_at,
 disputed_at, ended_at, address_until, version)
 VALUES ('ord_2', 'wsh_1', 'acc_1', 1, 9, 9, 9, 'decided', 'ruled', 1, 2, 3, 3, 1)`,
				collected("wsh_2", "'over', 5, 'short'"), collected("wsh_3", "'open', NULL, ''"),
				`INSERT INTO wish_member (id, wish_id, account_id, kind, firm_at, at) VALUES ('a', 'wsh_2', 'acc_1', 'firm', 1, 1)`,
				`INSERT INTO wish_member (id, wish_id, account_id, kind, firm_at, at) VALUES ('b', 'wsh_3', 'acc_1', 'firm', 1, 1)`,
			} {
				if _, err := db.Exec(ctx, tx, text); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := report.MemberRecord(ctx, d, "acc_1")
		if want := (record.Member{Paid: 2, Unpaid: 1, Disputed: 1, Lost: 1}); err != nil || got != want {
			t.Errorf("%+v, want %+v: %v", got, want, err)
		}
		if words := got.Words(); len(words) != 4 || !words[1].Bad {
			t.Errorf("%+v", words)
		}
		if words := (record.Member{}).Words(); len(words) != 1 || words[0].Key != "record.member.none" {
			t.Errorf("%+v", words)
		}
	})
}

func collected(id, end string) string {
	return `INSERT INTO collect (wish_id, bid_id, merchant_id, round, needs, most, opened_at, until_at, version, state,
 ended_at, outcome) VALUES ('` + id + `', 'bid_1', 'mer_1', 1, 1, 9, 2, 4, 1, ` + end + `)`
}
