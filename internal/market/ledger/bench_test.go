package ledger_test

import (
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

const benchBatch = 256

// BenchmarkPost posts batches of 256 payments or redemptions of one hot deal: divide 256 by the time of an operation.
func BenchmarkPost(b *testing.B) {
	engines := map[string]func(testing.TB) (*db.DB, *dbtest.World){"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}
	rules := map[string]func(n int) ledger.Entry{"R2": benchPaid, "R5": benchRedeemed}
	for name, open := range engines {
		for rule, entry := range rules {
			b.Run(name+"/"+rule, func(b *testing.B) {
				d, _ := open(b)
				n := 0
				mustPost(b, d, ledger.Paid(payment(1<<50, true)))
				for b.Loop() {
					entries := make([]ledger.Entry, benchBatch)
					for i := range entries {
						n++
						entries[i] = entry(n)
					}
					mustPost(b, d, entries...)
				}
			})
		}
	}
}

// benchID has the length of a real id.
func benchID(prefix string, n int) string { return fmt.Sprintf("%s_01hzxxxxxxxxxxxxxx%08d", prefix, n) }

func benchPaid(n int) ledger.Entry {
	p := payment(19_900, false)
	p.OrderID, p.VoucherID = market.OrderID(benchID("ord", n)), ""
	p.PaymentID = market.PaymentID(benchID("pay", n))
	return ledger.Paid(p)
}

func benchRedeemed(n int) ledger.Entry {
	u := use(worked, 0)
	u.OrderID, u.VoucherID = market.OrderID(benchID("ord", n)), market.VoucherID(benchID("vch", n))
	u.RedemptionID = market.RedemptionID(benchID("red", n))
	return ledger.Redeemed(u)
}
