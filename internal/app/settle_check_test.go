package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
)

// findings writes what the operator's console says of the books.
func (t *till) findings() string {
	t.T.Helper()
	d, err := t.Custody.Desk(t.Ctx, apptest.Operator())
	t.Must(err)
	out := ""
	for _, f := range d.Check.Faults {
		out += f.Code + " " + f.Row + "\n"
	}
	if d.Check.Sound() != (out == "") || d.Check.Sound() != d.Check.Since.IsZero() {
		t.T.Fatalf("check %+v", d.Check)
	}
	return out
}

// TestDoctorHoldsPayouts: a fault anywhere in the books, here of another merchant, holds the run of payouts and names
// the row; once it is mended, the payouts go out by themselves.
func TestDoctorHoldsPayouts(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := paidOnce(w)
		s.at("10 10:00")
		s.same("before the run", s.findings(), ``)
		s.exec(`INSERT INTO ledger_balance (account, party, balance, since) VALUES ('2150', 'mer_other', 5, 0)`)
		s.at("10 10:06")
		s.same("held", s.payouts(), `2026-03-10 17274 held books replaces=false`)
		s.same("named", s.findings(), `
			balance_differs 2150 mer_other
			payable_differs mer_other`)
		s.at("10 15:00")
		s.same("still held", s.payouts(), `2026-03-10 17274 held books replaces=false`)
		s.exec(`DELETE FROM ledger_balance WHERE party = 'mer_other'`)
		s.Clock.Advance(11 * time.Minute)
		s.run()
		s.same("mended", s.findings(), ``)
		s.at("10 17:00")
		s.same("gone out", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
		if got := s.payee("12345678901"); got != 17_274 {
			w.T.Fatalf("the merchant got %d", got)
		}
		s.sound()
	})
}

// TestMendedPayoutMeetsItsOtherHolds: books that are sound again do not let out what the limit or a missing account
// holds.
func TestMendedPayoutMeetsItsOtherHolds(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := paidOnce(w)
		s.at("10 10:00")
		s.exec(`INSERT INTO ledger_balance (account, party, balance, since) VALUES ('2150', 'mer_other', 5, 0)`)
		s.at("10 10:06")
		s.same("held", s.payouts(), `2026-03-10 17274 held books replaces=false`)
		w.Must(w.Settle.SetPayoutLimit(w.Ctx, apptest.Operator(), 10_000))
		s.exec(`DELETE FROM ledger_balance WHERE party = 'mer_other'`)
		s.Clock.Advance(11 * time.Minute)
		s.run()
		s.same("above the limit", s.payouts(), `2026-03-10 17274 held limit replaces=false`)
	})
}

// TestNoLookNoPayout: while the look at the books cannot be finished, nothing goes out and nothing is lost.
func TestNoLookNoPayout(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := paidOnce(w)
		s.at("10 10:00")
		s.Clock.Advance(6 * time.Minute)
		broken := errors.New("disk")
		looks := w.Settle.Checks
		w.Settle.Checks = func(context.Context) ([]check.Fault, int64, error) { return nil, 0, broken }
		if _, err := w.Settle.PayoutsOnce(w.Ctx); !errors.Is(err, broken) {
			w.T.Fatalf("got %v", err)
		}
		s.same("nothing", s.payouts(), ``)
		w.Settle.Checks = looks
		s.at("10 12:00")
		s.same("gone out", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
		if got := balance(w, ledger.Payable, string(shop)); got != 0 {
			w.T.Fatalf("payable %d", got)
		}
	})
}

// exec changes rows that no trigger guards.
func (t *till) exec(text string) {
	t.T.Helper()
	t.Must(t.DB.Write(t.Ctx, func(tx *db.Tx) error {
		_, err := db.Exec(t.Ctx, tx, text)
		return err
	}))
}
