package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

var about = ledger.About{DealID: "dea_1", OrderID: "ord_1", VoucherID: "vch_1", MerchantID: "mer_1", PolicyID: "pol_1"}

func post(ctx context.Context, d *db.DB, entries ...ledger.Entry) error {
	return d.Write(ctx, func(tx *db.Tx) error { return ledger.Post(ctx, tx, entries) })
}

func mustPost(t *testing.T, d *db.DB, entries ...ledger.Entry) {
	t.Helper()
	if err := post(t.Context(), d, entries...); err != nil {
		t.Fatal(err)
	}
}

func paid(id string, amount int64) ledger.Entry {
	return ledger.Paid(ledger.Payment{About: about, PaymentID: "pay_1", Gateway: "sandbox", Amount: amount})
}

func TestPostRefusesToOverdraw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		mustPost(t, d, paid("pay_1", 10_000))
		err := post(t.Context(), d, ledger.Tipped(ledger.Tip{About: about, Price: 10_001}))
		if !errors.Is(err, ledger.ErrShort) {
			t.Fatalf("got %v, want ErrShort", err)
		}
		mustPost(t, d, ledger.Tipped(ledger.Tip{About: about, Price: 10_000}))
		err = post(t.Context(), d, paid("pay_1", 10_000))
		if !errors.Is(err, ledger.ErrPosted) {
			t.Fatalf("got %v, want ErrPosted", err)
		}
	})
}
