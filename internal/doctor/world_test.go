package doctor_test

import (
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// books is a small, sound history with a row of every kind that the ledger's questions look at.
type books struct {
	entries map[string]ledger.Entry // by scope
}

func (b *books) id(t testing.TB, scope string) string {
	t.Helper()
	e, ok := b.entries[scope]
	if !ok {
		t.Fatalf("no entry with scope %s", scope)
	}
	return string(e.ID)
}

func (b *books) post(t testing.TB, d *db.DB, entries ...ledger.Entry) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error { return ledger.Post(t.Context(), tx, entries) })
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b.entries[e.Scope] = e
	}
}

func write(t testing.TB, d *db.DB, text string, args ...any) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, text, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func makeBooks(t testing.TB, d *db.DB, w *dbtest.World) *books {
	t.Helper()
	b := &books{entries: map[string]ledger.Entry{}}
	set := policy.At(w.Clock.Now())
	price := ledger.Earn(19_900, set.Commission.DefaultBP)
	b.post(t, d, ledger.Opening("capital", 5_000_000), ledger.ToppedUp(ledger.Transfer{ID: "btr_0", Amount: 2_000_000}))
	for i := 1; i <= 4; i++ {
		about := ledger.About{DealID: "dea_1", MerchantID: "mer_1", PolicyID: set.ID,
			OrderID: market.OrderID(fmt.Sprintf("ord_%d", i)), VoucherID: market.VoucherID(fmt.Sprintf("vch_%d", i))}
		b.post(t, d, ledger.Paid(ledger.Payment{About: about, PaymentID: market.PaymentID(fmt.Sprintf("pay_%d", i)),
			Gateway: "sandbox", Amount: 19_900}))
		b.post(t, d, ledger.Tipped(ledger.Tip{About: about, Price: 19_900}))
		red := market.RedemptionID(fmt.Sprintf("red_%d", i))
		ref := ledger.Return{About: about, RefundID: market.RefundID(fmt.Sprintf("ref_%d", i)), Amount: 19_900}
		switch i {
		case 1, 2:
			b.post(t, d, ledger.Redeemed(ledger.Use{About: about, RedemptionID: red, Earning: price}))
		case 3:
			b.post(t, d, ledger.RefundDecided(ref, true), ledger.RefundAccepted(ref))
		case 4:
			b.post(t, d, ledger.Expired(ledger.Expiry{About: about, Price: 19_900, ClaimBP: 9_000}))
		}
		if i == 2 {
			b.post(t, d, ledger.Undone(b.entries[ledger.RedeemedScope(red)], red))
		}
	}
	shop := ledger.About{MerchantID: "mer_1", PolicyID: set.ID}
	b.post(t, d, ledger.Due(ledger.Statement{About: shop, StatementID: "stm_1", Net: price.Net()}),
		ledger.Settled(ledger.Settlement{Gateway: "sandbox", SettlementID: "s1", Gross: 79_600, Fee: 2_388, FeeVAT: 238}),
		ledger.PayoutSent(ledger.Payout{About: shop, PayoutID: "out_1", Amount: 10_000}),
		ledger.Swept(ledger.Transfer{ID: "btr_1", Amount: 2_626}))
	checkpoint := ledger.Checkpoint{Day: "2026-03-04", DueDay: "2026-03-05", Custody: ledger.Custody{
		ExternalGateways: set.Custody.ExternalGateways, CoverageBP: set.Custody.CoverageBP}}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := ledger.Segregate(t.Context(), tx, checkpoint); err != nil {
			return err
		}
		_, err := ledger.Fold(t.Context(), tx, 5)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
