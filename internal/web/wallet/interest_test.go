package wallet_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/wallet"
)

// TestInterestAsksForAnAccount: a buyer who is owed interest reads how much, is told what is wrong beside the field,
// and is thanked once the account is taken; sending the form again is answered as the first time.
func TestInterestAsksForAnAccount(t *testing.T) {
	d, tw := dbtest.SQLite(t)
	w := apptest.New(t, d, tw.Clock)
	me := w.Account(apptest.Buyer(1), "김나영")
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	wallet.Routes(mux, wallet.Deps{Frame: f, Wallet: w.Wallet, Refunds: w.Refunds, Feedback: w.Feedback,
		Interest: w.Custody.Interest})
	b := requesttest.Open(t, f, mux)
	b.SignIn(d, me.AccountID)
	see := func(body string, words ...string) {
		t.Helper()
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("the page lacks %q", word)
			}
		}
	}
	see(b.Get("/interest").Body, "받을 이자가 없어요")
	w.Must(d.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := payment.Owe(w.Ctx, tx, payment.Interest{RefundID: "ref_1", OrderID: "ord_1", DealID: "dea_1",
			MerchantID: "mer_1", AccountID: me.AccountID, Amount: 99})
		return err
	}))
	see(b.Get("/interest").Body, "이자 99원", "은행 고르기", "99원 받기")
	wrong := b.Post("/interest", "bank_code", "999", "bank_account", "1", "bank_holder", "")
	if wrong.Status != http.StatusUnprocessableEntity {
		t.Errorf("answered %d", wrong.Status)
	}
	see(wrong.Body, `id="f-bank_code-error"`, `id="f-bank_account-error"`, `id="f-bank_holder-error"`)
	for range 2 {
		done := b.Post("/interest", "bank_code", "004", "bank_account", "111-2223-3344", "bank_holder", "김나영")
		if done.Status != http.StatusSeeOther {
			t.Errorf("answered %d", done.Status)
		}
	}
	page := b.Get("/interest").Body
	see(page, "이자를 보내고 있거나 다 보냈어요", "곧 보낼 이자")
	if strings.Contains(page, "f-bank_code") {
		t.Error("asked again")
	}
}
