package ledger_test

import (
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// BenchmarkPost posts batches of 256 payments and redemptions; entries/s is what counts.
func BenchmarkPost(b *testing.B) {
	engines := map[string]func(testing.TB) (*db.DB, *dbtest.World){"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}
	for name, open := range engines {
		for _, rule := range []string{"R2", "R5"} {
			b.Run(name+"/"+rule, func(b *testing.B) {
				d, _ := open(b)
				var total money.Won = 1 << 50
				n, size := 0, 256
				err := d.Write(b.Context(), func(tx *db.Tx) error {
					e := ledger.Paid(ledger.Payment{About: about, PaymentID: "pay_0", Gateway: "sandbox", Amount: total, Tipped: true})
					return ledger.Post(b.Context(), tx, []ledger.Entry{e})
				})
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					entries := make([]ledger.Entry, size)
					for i := range entries {
						n++
						a := about
						a.OrderID = market.OrderID(fmt.Sprintf("ord_01hzxxxxxxxxxxxxxx%08d", n))
						a.VoucherID = market.VoucherID(fmt.Sprintf("vch_01hzxxxxxxxxxxxxxx%08d", n))
						a.DealID, a.MerchantID = "dea_1", "mer_01hzxxxxxxxxxxxxxx00000001"
						if rule == "R2" {
							a.VoucherID = ""
							entries[i] = ledger.Paid(ledger.Payment{About: a, Gateway: "sandbox", Amount: 19_900,
								PaymentID: market.PaymentID(fmt.Sprintf("pay_01hzxxxxxxxxxxxxxx%08d", n))})
						} else {
							entries[i] = ledger.Redeemed(ledger.Use{About: a, Earning: ledger.Earn(19_900, 1200),
								RedemptionID: market.RedemptionID(fmt.Sprintf("red_01hzxxxxxxxxxxxxxx%08d", n))})
						}
					}
					err := d.Write(b.Context(), func(tx *db.Tx) error { return ledger.Post(b.Context(), tx, entries) })
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
			})
		}
	}
}
