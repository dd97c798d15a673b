package app_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

var purse = merchant.Bank{Code: "004", Account: "11122233344", Holder: "김손님"}

// lateRefund gives a voucher of a buyer back on the 9th and lets the gateway take it only on the 24th: the legal time
// ended on the 12th, so that it is twelve days late.
func (t *till) lateRefund(buyer int, v voucher.Voucher, until string) market.RefundID {
	t.T.Helper()
	t.fault(map[string]any{"target": "*", "steps": map[string]any{
		"cancel": map[string]any{"mode": "temporary", "times": 1_000}}})
	f, err := t.Refunds.CancelVoucher(t.Ctx, apptest.Buyer(buyer), v.ID)
	t.Must(err)
	t.at(until)
	t.clear("*")
	t.Must(t.Refunds.Retry(t.Ctx, apptest.Operator(), f.ID))
	t.run()
	return f.ID
}

// owed writes a buyer's interest, the oldest first.
func (t *till) owed(buyer int) string {
	t.T.Helper()
	list, err := t.Custody.Interest.Mine(t.Ctx, apptest.Buyer(buyer))
	t.Must(err)
	out := ""
	for _, i := range list {
		out += fmt.Sprintf("%d %s attempt %d\n", i.Amount, i.State, i.Attempt)
	}
	return out
}

func (t *till) interestLeft(order market.OrderID) int64 {
	t.T.Helper()
	return balance(t.World, ledger.RefundPayable, string(order))
}

// TestInterestIsPaid: a refund twelve days late brings 99 won (19,900 × 15 % × 12 / 365, up), which go by bank to the
// account that the buyer names. The next time the account is known, and interest goes with its refund.
func TestInterestIsPaid(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		w.Account(apptest.Buyer(1), "김손님")
		list := s.sell(1, 4)
		second := s.sell(1, 1)
		s.lateRefund(1, list[0], "24 12:00")
		s.same("owed", s.owed(1), `99 asked attempt 1`)
		if got := s.interestLeft(list[0].OrderID); got != 99 {
			w.T.Fatalf("owed by the books: %d", got)
		}
		if s.letters("interest/") != 1 {
			w.T.Fatalf("%d letters", s.letters("interest/"))
		}
		s.sound()
		if err := w.Custody.Interest.Name(w.Ctx, apptest.Buyer(2), purse); !errors.Is(err, payment.ErrNoInterest) {
			w.T.Fatalf("somebody else: %v", err)
		}
		if err := w.Custody.Interest.Name(w.Ctx, apptest.Buyer(1), merchant.Bank{}); err == nil {
			w.T.Fatal("paid to nowhere")
		}
		w.Must(w.Custody.Interest.Name(w.Ctx, apptest.Buyer(1), purse))
		s.at("25 12:00")
		s.same("paid", s.owed(1), `99 paid attempt 1`)
		if s.payee(purse.Account) != 99 || s.interestLeft(list[0].OrderID) != 0 {
			w.T.Fatalf("the buyer got %d", s.payee(purse.Account))
		}
		s.sound()
		s.lateRefund(1, second[0], "31 12:00")
		s.at("31 13:00")
		if got := s.owed(1); !hasSuffix(got, " paid attempt 1\n") || s.interestLeft(second[0].OrderID) != 0 {
			w.T.Fatalf("the second time: %s", got)
		}
		s.sound()
	})
}

func hasSuffix(text, end string) bool {
	return len(text) >= len(end) && text[len(text)-len(end):] == end
}

// TestInterestOnce: whatever happens to the call, the buyer is paid once.
func TestInterestOnce(t *testing.T) {
	for _, mode := range []string{"slow", "error_before", "error_after", "timeout_before", "timeout_after", "temporary"} {
		t.Run(mode, func(t *testing.T) {
			d, world := dbtest.SQLite(t)
			s := newTill(apptest.New(t, d, world.Clock))
			list := s.sell(1, 4)
			s.lateRefund(1, list[0], "24 12:00")
			s.fault(map[string]any{"target": "*", "steps": map[string]any{
				"transfer": map[string]any{"mode": mode, "times": 3}, "lookup": map[string]any{"mode": mode, "times": 2}}})
			s.Must(s.Custody.Interest.Name(s.Ctx, apptest.Buyer(1), purse))
			s.at("25 12:00")
			s.same("paid", s.owed(1), `99 paid attempt 1`)
			if s.payee(purse.Account) != 99 {
				t.Fatalf("the buyer got %d", s.payee(purse.Account))
			}
			s.sound()
		})
	}
}

// TestInterestComesBack: an account that does not take the money is asked for again, and the other one gets it once.
func TestInterestComesBack(t *testing.T) {
	for _, mode := range []string{"reject", "bounce"} {
		t.Run(mode, func(t *testing.T) {
			apptest.Each(t, func(w *apptest.World) {
				s := newTill(w)
				w.Account(apptest.Buyer(1), "김손님")
				list := s.sell(1, 4)
				s.lateRefund(1, list[0], "24 12:00")
				s.fault(map[string]any{"target": "*", "steps": map[string]any{
					"execution": map[string]any{"mode": mode, "times": 1}}})
				w.Must(w.Custody.Interest.Name(w.Ctx, apptest.Buyer(1), purse))
				s.at("26 12:00")
				s.same("asked again", s.owed(1), `99 asked attempt 2`)
				if s.interestLeft(list[0].OrderID) != 99 || s.letters("interest/") != 2 {
					w.T.Fatalf("owed %d, %d letters", s.interestLeft(list[0].OrderID), s.letters("interest/"))
				}
				s.sound()
				other := purse
				other.Account = "55566677788"
				w.Must(w.Custody.Interest.Name(w.Ctx, apptest.Buyer(1), other))
				s.at("27 12:00")
				s.same("paid", s.owed(1), `99 paid attempt 2`)
				if s.payee(purse.Account) != 0 || s.payee(other.Account) != 99 {
					w.T.Fatalf("got %d and %d", s.payee(purse.Account), s.payee(other.Account))
				}
				s.sound()
			})
		})
	}
}
