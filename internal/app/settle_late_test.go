package app_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// TestLatePayoutBearsInterest: a payout that the operator held for six days brings 43 won (17,274 × 15 % × 6 / 365,
// up), which stand on the next statement and are paid with it. A second look finds nothing more.
func TestLatePayoutBearsInterest(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := paidOnce(w)
		w.Must(w.Settle.SetPayoutLimit(w.Ctx, apptest.Operator(), 10_000))
		s.at("16 11:00")
		s.same("held", s.payouts(), `2026-03-10 17274 held limit replaces=false`)
		list, err := settlement.PayoutsOf(w.Ctx, w.DB, shop, "", 1)
		w.Must(err)
		_, err = w.Settle.Release(w.Ctx, apptest.Operator(), list[0].ID)
		w.Must(err)
		s.at("16 15:00")
		if got := balance(w, ledger.Pending, string(shop)); got != 43 {
			w.T.Fatalf("pending %d", got)
		}
		s.at("18 12:00")
		s.same("payouts", s.payouts(), `
			2026-03-10 17274 confirmed - replaces=false
			2026-03-17 43 confirmed - replaces=false`)
		s.same("statements", s.statements(), `
			1 2026-03-09 paid net 17274 apart 0 seq 1-1
			1 use 19900 = 2388 + 238 + 17274
			2 2026-03-16 paid net 43 apart 0 seq 2-2
			2 compensation 43 = 0 + 0 + 43`)
		if got := s.payee("12345678901"); got != 17_274+43 {
			w.T.Fatalf("the merchant got %d", got)
		}
		s.sound()
	})
}

// TestOwnAccountBearsNone: a payout that waited for the merchant's own bank account was not late by our fault.
func TestOwnAccountBearsNone(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := paidOnce(w)
		s.merchant(shop, settlement.Account{})
		s.at("16 11:00")
		s.same("held", s.payouts(), `2026-03-10 17274 held bank_account replaces=false`)
		s.merchant(shop, settlement.Account{BankCode: "004", Number: "12345678901", Holder: "손칼국수"})
		s.at("18 12:00")
		s.same("payouts", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
		if got := balance(w, ledger.Pending, string(shop)); got != 0 {
			w.T.Fatalf("pending %d", got)
		}
		s.sound()
	})
}
