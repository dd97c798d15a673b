package app_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// paidOnce uses one voucher on Monday, with a payout of 17,274 due on Tuesday.
func paidOnce(w *apptest.World) *till {
	s := newTill(w)
	list := s.sell(1, 4)
	s.use(list[0])
	return s
}

// payee is what the bank says that the merchant's account received, in won.
func (t *till) payee(number string) int64 {
	t.T.Helper()
	var books struct {
		Accounts []struct {
			ID      string `json:"id"`
			Balance int64  `json:"balance"`
		} `json:"accounts"`
	}
	t.sandbox("GET", "/sandbox/books", nil, &books)
	for _, a := range books.Accounts {
		if a.ID == "ext:004:"+number {
			return a.Balance
		}
	}
	return 0
}

// TestPayoutFaults plays every way in which asking the bank can go wrong, with the transfer made or not made: whatever
// happens, the merchant gets 17,274 once.
func TestPayoutFaults(t *testing.T) {
	for _, row := range []struct{ mode, happened string }{
		{"slow", "yes"}, {"error_before", "no"}, {"error_after", "yes"}, {"timeout_before", "no"},
		{"timeout_after", "yes"}, {"temporary", "no"},
	} {
		for times := 1; times <= 3; times += 2 {
			t.Run(fmt.Sprintf("%s, %d times", row.mode, times), func(t *testing.T) {
				d, world := dbtest.SQLite(t)
				s := paidOnce(apptest.New(t, d, world.Clock))
				s.fault(map[string]any{"target": "*", "steps": map[string]any{
					"transfer": map[string]any{"mode": row.mode, "times": times},
					"lookup":   map[string]any{"mode": row.mode, "times": times - 1}}})
				s.at("10 10:05")
				s.at("10 14:00")
				s.same("payout", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
				if got := s.payee("12345678901"); got != 17_274 {
					t.Fatalf("the merchant got %d", got)
				}
				s.sound()
			})
		}
	}
}

// TestReturnedPayout: the bank finds the account closed, or sends the money back a day later. What was paid is payable
// again, the merchant is told, and a new payout waits for a new account.
func TestReturnedPayout(t *testing.T) {
	for mode, want := range map[string]string{
		"reject": `
			2026-03-10 17274 returned - replaces=false
			2026-03-10 17274 held bank_account replaces=true`,
		"bounce": `
			2026-03-10 17274 returned - replaces=false
			2026-03-11 17274 held bank_account replaces=true`,
	} {
		t.Run(mode, func(t *testing.T) {
			apptest.Each(t, func(w *apptest.World) {
				s := paidOnce(w)
				s.fault(map[string]any{"target": "*", "steps": map[string]any{
					"execution": map[string]any{"mode": mode, "times": 1}}})
				s.at("11 12:00")
				s.same("payouts", s.payouts(), want)
				s.same("statement", firstLine(s.statements()), `1 2026-03-09 confirmed net 17274 apart 0 seq 1-1`)
				if got := balance(w, ledger.Payable, string(shop)); got != 17_274 || s.payee("12345678901") != 0 {
					w.T.Fatalf("payable %d, at the bank %d", got, s.payee("12345678901"))
				}
				letters, err := db.One(w.Ctx, w.DB, db.Scalar[int64],
					`SELECT COUNT(*) FROM kit_job WHERE kind = 'mail.send' AND key LIKE 'returned/%'`)
				w.Must(err)
				if letters != 1 {
					w.T.Fatalf("%d letters", letters)
				}
				s.sound()
				s.merchant(shop, settlement.Account{BankCode: "004", Number: "99900011122", Holder: "손칼국수"})
				s.at("12 10:30")
				s.same("after the new account", s.payouts(), strings.Replace(want, "held bank_account", "confirmed -", 1))
				if got := s.payee("99900011122"); got != 17_274 {
					w.T.Fatalf("the merchant got %d", got)
				}
				s.same("statement", firstLine(s.statements()), `1 2026-03-09 paid net 17274 apart 0 seq 1-1`)
				s.sound()
			})
		})
	}
}

// TestHolds: a payout waits above the limit, without a bank account, and when our books disagree.
func TestHolds(t *testing.T) {
	for _, row := range []struct {
		name    string
		before  func(s *till)
		want    string
		release bool
	}{
		{"limit", func(s *till) {
			s.Must(s.Settle.SetPayoutLimit(s.Ctx, apptest.Operator(), 17_273))
		}, "limit", true},
		{"no account", func(s *till) { s.merchant(shop, settlement.Account{BankCode: "004"}) }, "bank_account", false},
		{"books", func(s *till) {
			// Somebody moves payable money that no statement explains.
			s.Must(s.DB.Write(s.Ctx, func(tx *db.Tx) error {
				return ledger.Post(s.Ctx, tx, []ledger.Entry{ledger.Compensated(ledger.CompensationDue{
					About: ledger.About{MerchantID: shop}, ID: "x", Amount: 5}), ledger.Due(ledger.Statement{
					About: ledger.About{MerchantID: shop}, StatementID: "stm_x", Net: 5})})
			}))
		}, "books", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			apptest.Each(t, func(w *apptest.World) {
				s := paidOnce(w)
				s.at("10 09:00")
				row.before(s)
				s.at("10 11:00")
				s.same("held", s.payouts(), `2026-03-10 17274 held `+row.want+` replaces=false`)
				held, err := w.Settle.Payouts(w.Ctx, apptest.Owner(shop), shop, "", 1)
				w.Must(err)
				_, err = w.Settle.Release(w.Ctx, apptest.Operator(), held[0].ID)
				if !row.release {
					if !errors.Is(err, settlement.ErrBank) {
						w.T.Fatalf("released to nowhere: %v", err)
					}
					return
				}
				w.Must(err)
				s.run()
				s.same("released", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
			})
		})
	}
}

func TestOperatorHolds(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := paidOnce(w)
		w.Must(w.Settle.SetPayoutLimit(w.Ctx, apptest.Operator(), 0))
		s.at("10 11:00")
		held, err := w.Settle.Payouts(w.Ctx, apptest.Owner(shop), shop, "", 1)
		w.Must(err)
		id := held[0].ID
		if _, err := w.Settle.Release(w.Ctx, apptest.Owner(shop), id); !errors.Is(err, right.ErrHidden) {
			w.T.Fatalf("the merchant releases: %v", err)
		}
		if _, err := w.Settle.Hold(w.Ctx, apptest.Operator(), id, "확인이 필요합니다."); !errors.Is(err, settlement.ErrState) {
			w.T.Fatalf("held twice: %v", err)
		}
		p, err := w.Settle.Release(w.Ctx, apptest.Operator(), id)
		w.Must(err)
		if !p.Due() {
			w.T.Fatalf("%+v", p)
		}
		p, err = w.Settle.Hold(w.Ctx, apptest.Operator(), id, "확인이 필요합니다.")
		w.Must(err)
		s.run() // the job that the release made finds nothing due
		if got := balance(w, ledger.Payable, string(shop)); got != 17_274 || p.HoldCode != settlement.HoldOperator {
			w.T.Fatalf("payable %d, %+v", got, p)
		}
		_, err = w.Settle.Release(w.Ctx, apptest.Operator(), id)
		w.Must(err)
		s.run()
		if _, err := w.Settle.Hold(w.Ctx, apptest.Operator(), id, "늦은 보류"); !errors.Is(err, settlement.ErrState) {
			w.T.Fatalf("held after it was sent: %v", err)
		}
		s.same("paid", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
	})
}

// TestKilledBank kills the sandbox at each of its numbered points, restarts it from its file, and looks a minute later:
// both books are the same to the won, whichever point it was.
func TestKilledBank(t *testing.T) {
	met := 0
	for _, point := range sandbox.CrashPoints() {
		t.Run(string(point.Point), func(t *testing.T) {
			d, world := dbtest.SQLite(t)
			w, m := newMortal(t, d, world.Clock, "sqlite:"+filepath.Join(t.TempDir(), "sandbox.db"))
			s := &till{World: w, mortal: m}
			s.begin()
			list := s.sell(1, 4)
			s.use(list[0])
			m.die(string(point.Point))
			s.at("10 10:05")
			s.Clock.Advance(time.Minute)
			s.run()
			s.at("10 14:00")
			s.same("payout", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
			if got := s.payee("12345678901"); got != 17_274 {
				t.Fatalf("the merchant got %d", got)
			}
			s.sound()
			met += m.deaths
		})
	}
	if met < 6 {
		t.Fatalf("only %d of the points were met", met)
	}
}

// TestKilledOurselves lets our own side die around the call to the bank: the job comes again, with the same reference.
func TestKilledOurselves(t *testing.T) {
	for _, at := range []string{"before", "after"} {
		t.Run(at, func(t *testing.T) {
			d, world := dbtest.SQLite(t)
			w, m := newMortal(t, d, world.Clock, "sqlite:"+filepath.Join(t.TempDir(), "sandbox.db"))
			s := &till{World: w, mortal: m}
			s.begin()
			list := s.sell(1, 4)
			s.use(list[0])
			s.at("10 10:00")
			m.ours = at
			s.at("10 10:05")
			if at == "before" {
				s.same("on its way", s.payouts(), `2026-03-10 17274 sent - replaces=false`)
			}
			s.Clock.Advance(time.Minute)
			s.run()
			s.same("payout", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
			if got := s.payee("12345678901"); got != 17_274 || m.deaths != 1 {
				t.Fatalf("the merchant got %d, after %d deaths", got, m.deaths)
			}
			s.sound()
		})
	}
}
