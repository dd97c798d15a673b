package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

// TestInterestStandsUntilItArrives: the operator reads who is owed interest, since when and what it waits for; what has
// arrived is gone from the list and from its sum, and nobody without a right to money reads it.
func TestInterestStandsUntilItArrives(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, tw *dbtest.World) {
		w := apptest.New(t, d, tw.Clock)
		me := w.Account(apptest.Buyer(1), "김나영")
		f := requesttest.Frame(t, d)
		mux := http.NewServeMux()
		console.Routes(mux, console.Deps{Frame: f, DB: d, Publish: w.Publish, Tipping: w.Tipping, Settle: w.Settle,
			Custody: w.Custody, Refunds: w.Refunds, Queue: w.Queue})
		mux.Handle("/", f.Missing())
		b := requesttest.Open(t, f, mux)
		b.SignIn(d, w.Account(apptest.Operator(), "나누리").AccountID)
		see := func(page string, has bool, words ...string) {
			t.Helper()
			body := b.Get(page).Body
			for _, word := range words {
				if strings.Contains(body, word) != has {
					t.Errorf("%s: %q stands there: %v", page, word, !has)
				}
			}
		}
		see("/admin/money/interest", true, "못 보낸 이자가 없어요")
		var owed payment.Interest
		write := func(step func(tx *db.Tx) error) {
			t.Helper()
			w.Must(d.Write(w.Ctx, step))
		}
		write(func(tx *db.Tx) (err error) {
			for n, won := range []int64{99, 1_213} {
				owed, err = payment.Owe(w.Ctx, tx, payment.Interest{RefundID: market.RefundID("ref_" + string(rune('1'+n))),
					OrderID: "ord_12345678", DealID: "dea_1", MerchantID: "mer_1", AccountID: me.AccountID, Amount: won})
				if err != nil {
					return err
				}
			}
			return nil
		})
		see("/admin/money", true, `href="/admin/money/interest"`, "2건, 모두 1,312원")
		see("/admin/money/interest", true, "2건, 1,312원", "김나영", "99원", "계좌를 알려 주지 않았어요")
		payee := payment.Payee{BankCode: "004", Number: "11122233344", Holder: "김나영"}
		write(func(tx *db.Tx) error { return done(payment.NamePayee(w.Ctx, tx, owed.ID, payee)) })
		see("/admin/money/interest", true, "보낼 차례예요")
		write(func(tx *db.Tx) error { return done(payment.SendInterest(w.Ctx, tx, owed.ID)) })
		see("/admin/money/interest", true, "답을 기다려요")
		see("/admin/money/interest", false, "은행 답이 늦어요", "11122233344")
		w.Clock.Advance(49 * time.Hour)
		b.SignIn(d, w.Account(market.Actor{AccountID: "acc_later", Staff: market.RoleFinance}, "셈이").AccountID)
		see("/admin/money/interest", true, "은행 답이 늦어요")
		write(func(tx *db.Tx) error { return done(payment.PayInterest(w.Ctx, tx, owed.ID)) })
		see("/admin/money/interest", true, "1건, 99원")
		see("/admin/money/interest", false, "1,213")
		b.SignIn(d, w.Account(market.Actor{AccountID: "acc_talk", Staff: market.RoleSupport}, "말벗").AccountID)
		if status := b.Get("/admin/money/interest").Status; status != http.StatusForbidden {
			t.Errorf("support was answered %d", status)
		}
	})
}

func done(ok bool, err error) error {
	if err == nil && !ok {
		return payment.ErrNoInterest
	}
	return err
}
