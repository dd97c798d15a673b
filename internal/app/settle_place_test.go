package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

var placeNames = []string{"deal_money", "failed_deals", "voucher_parts", "reminded", "settlement_pending",
	"settlement_taxes", "settlement_booked"}

// places gives what doctor finds about where money stands, each once, and fails on what cannot be said.
func (t *till) places(words *i18n.Bundle) string {
	t.T.Helper()
	report, err := doctor.Check(t.Ctx, t.DB, doctor.Options{Only: placeNames, Slice: 3})
	t.Must(err)
	var out []string
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			out = append(out, fmt.Sprintf("%d %s", f.Invariant, f.Code))
			for _, lang := range []string{i18n.Korean, i18n.English} {
				if said := f.Sentence(words.For(lang)); strings.Contains(said, "doctor.") || strings.Contains(said, "no value") {
					t.T.Errorf("%s is said as %q", f.Code, said)
				}
			}
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

// TestDoctorFindsMoneyOutOfPlace plants a fault of each kind in a sound world of uses, refunds and a failed deal.
func TestDoctorFindsMoneyOutOfPlace(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.use(list[0])
		s.use(list[1])
		_, err := w.Refunds.CancelVoucher(w.Ctx, apptest.Buyer(3), list[2].ID)
		w.Must(err)
		s.at("11 12:00")
		s.use(list[3])
		failed, option := w.OnSale("mer_rice", func(o *deal.Offer) { o.Threshold = 9 })
		w.Buy(apptest.Buyer(7), failed, option, 1)
		s.until(failed.EndsAt.AddDate(0, 0, 2))
		s.same("sound", s.places(w.Words), ``)
		for _, row := range []struct{ name, do, undo, want string }{
			{"a pledge of nobody", `INSERT INTO ledger_balance (account, party, balance, since)
 SELECT '2100', id, 5, 0 FROM deal WHERE state = 'failed' ON CONFLICT (account, party) DO UPDATE SET balance = 5`,
				`UPDATE ledger_balance SET balance = 0 WHERE account = '2100'`, `17 pledge_differs, 19 failed_deal_money`},
			{"more than the vouchers", `UPDATE ledger_balance SET balance = balance + 5 WHERE account = '2110'`,
				`UPDATE ledger_balance SET balance = balance - 5 WHERE account = '2110'`, `17 unredeemed_differs`},
			{"failed after it tipped", `UPDATE deal SET tipped_at = 1 WHERE state = 'failed'`,
				`UPDATE deal SET tipped_at = NULL WHERE state = 'failed'`, `20 deal_tipped_and_failed`},
			{"a use of too little", `UPDATE redemption SET price = price - 5, commission = commission - 5`,
				`UPDATE redemption SET price = price + 5, commission = commission + 5`,
				`16 voucher_parts, 17 unredeemed_differs`},
			{"more pending than earned", `UPDATE ledger_balance SET balance = balance + 5 WHERE account = '2140'`,
				`UPDATE ledger_balance SET balance = balance - 5 WHERE account = '2140'`, `27 pending_differs`},
			{"another tax", `UPDATE statement SET commission_vat = commission_vat + 5, net = net - 5 WHERE number = 1`,
				`UPDATE statement SET commission_vat = commission_vat - 5, net = net + 5 WHERE number = 1`, `37 statement_tax`},
			{"another commission", `UPDATE statement SET commission = commission + 5, price = price + 5 WHERE number = 1`,
				`UPDATE statement SET commission = commission - 5, price = price - 5 WHERE number = 1`,
				`37 statement_commission`},
			{"a line of the bank without an entry", `UPDATE bank_entry SET ledger_scope = ledger_scope || '/x'
 WHERE kind = 'deposit'`, `UPDATE bank_entry SET ledger_scope = substr(ledger_scope, 1, length(ledger_scope) - 2)
 WHERE kind = 'deposit'`, `36 bank_unbooked`},
		} {
			s.exec(row.do)
			s.same(row.name, s.places(w.Words), row.want)
			s.exec(row.undo)
			s.same(row.name+", taken back", s.places(w.Words), ``)
		}
	})
}

// TestDoctorFindsExpiryBeforeItsReminders: a voucher that expired on a day whose reminders had not gone out is named.
func TestDoctorFindsExpiryBeforeItsReminders(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.at("11 12:00")
		v, err := voucher.Find(w.Ctx, w.DB, list[0].ID)
		w.Must(err)
		s.Clock.Set(v.ValidUntil.Add(time.Hour))
		s.run()
		s.same("sound", s.places(w.Words), ``)
		s.exec(`UPDATE settlement_run SET ended_at = ended_at + 3600000000 WHERE kind = 'reminders'`)
		s.same("late reminders", s.places(w.Words), `26 expired_unreminded`)
	})
}
