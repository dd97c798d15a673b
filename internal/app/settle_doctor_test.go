package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/settlement/export"
)

// meddle changes rows as somebody with the database's password might: past the triggers.
func (t *till) meddle(texts ...string) {
	t.T.Helper()
	guard := []string{"DROP TRIGGER statement_line_no_update", "DROP TRIGGER statement_line_no_delete",
		"PRAGMA foreign_keys = OFF"}
	if t.DB.Engine() == db.Postgres {
		guard = []string{"DROP TRIGGER statement_line_append_only ON statement_line"}
	}
	t.Must(t.DB.Migrator(t.Ctx, func(pool *sql.DB) error {
		for _, text := range append(guard, texts...) {
			if _, err := pool.ExecContext(t.Ctx, text); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	}))
}

// TestDoctorFindsMeddling alters a row of each kind in a sound world: doctor names it.
func TestDoctorFindsMeddling(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"a line is gone", `DELETE FROM statement_line WHERE seq = 1`,
			"28 use_without_line, 28 statement_sum, 37 statement_tax, 37 statement_commission"},
		{"a line is dearer", `UPDATE statement_line SET price = price + 5, net = net + 5 WHERE seq = 1`,
			"28 use_without_line, 28 line_without_use, 28 statement_sum"},
		{"a use was undone", `UPDATE redemption SET state = 'annulled' WHERE id IN
 (SELECT source_id FROM statement_line WHERE seq = 1)`, "28 line_without_use"},
		{"a use left its statement", `UPDATE redemption SET statement_id = NULL WHERE id IN
 (SELECT source_id FROM statement_line WHERE seq = 1)`, "28 line_without_use, 27 pending_differs"},
		{"a number is skipped", `UPDATE statement_seq SET last_number = last_number + 1`, "28 statement_gap"},
		{"a statement pays more", `UPDATE statement SET price = price + 5, net = net + 5 WHERE number = 2`,
			"28 statement_sum, 27 payable_differs"},
		{"a payout is larger", `UPDATE payout SET amount = amount + 5`,
			"30 paid_differs, 30 payout_parts"},
		{"a payout was never sent", `UPDATE payout SET state = 'due'`,
			"27 payable_differs, 30 paid_differs, 30 payout_booking"},
		{"a payout came back unseen", `UPDATE payout SET state = 'returned'`, "30 paid_differs, 30 payout_booking"},
		{"an unknown line of the bank", `UPDATE bank_entry SET matched_at = NULL, seen_at = 0 WHERE kind = 'deposit'`,
			"35 bank_unmatched"},
		{"a statement was forgotten", `UPDATE statement SET payable_day = '2026-01-01' WHERE number = 2`,
			"29 statement_unpaid"},
	} {
		t.Run(row.name, func(t *testing.T) {
			apptest.Each(t, func(w *apptest.World) {
				s := newTill(w)
				list := s.sell(1, 4)
				s.use(list[0])
				s.at("10 11:00")
				s.use(list[1])
				s.at("11 10:01") // the second is confirmed and not paid
				s.sound()
				s.meddle(row.text)
				var got []string
				for _, f := range s.ill() {
					if text := fmt.Sprintf("%d %s", f.Invariant, f.Code); !strings.Contains(strings.Join(got, ", "), text) {
						got = append(got, text)
					}
				}
				s.same("findings", strings.Join(got, ", "), row.want)
			})
		})
	}
}

// TestBankHasOtherMoney: the bank's own balance is compared with what is booked.
func TestBankHasOtherMoney(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		found, err := doctor.Outside(w.Ctx, w.DB, func(context.Context, string) (int64, error) { return 1_000_000, nil })
		w.Must(err)
		if len(found) != 1 || found[0].Row != "operating" {
			w.T.Fatalf("%+v", found)
		}
		s.sound()
	})
}

// TestStatementFile: a statement can be taken home, each use from its sale to its payout.
func TestStatementFile(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.use(list[0])
		s.use(list[1])
		s.at("10 11:00")
		stated, err := w.Settle.Statements(w.Ctx, apptest.Owner(shop), shop, 0, 1)
		w.Must(err)
		word := func(key string) string { return key[strings.LastIndex(key, ".")+1:] }
		file, err := w.Settle.File(w.Ctx, apptest.Owner(shop), stated[0].ID, word)
		w.Must(err)
		var text, book bytes.Buffer
		w.Must(export.CSV(&text, file))
		w.Must(export.XLSX(&book, file))
		lines := strings.Split(strings.TrimSpace(text.String()), "\r\n")
		if len(lines) != 3 || book.Len() == 0 {
			w.T.Fatalf("%d lines, %d bytes", len(lines), book.Len())
		}
		cells := strings.Split(lines[1], ",")
		want := []string{"1", "use", "손칼국수 두 그릇에 만두 한 접시", "", "2026-03-09 00:01:00", "", "2026-03-09 00:01:00", "1",
			"19900", "2388", "238", "17274", "confirmed", "2026-03-10", ""}
		for i, w := range want {
			if w != "" && cells[i] != w {
				t.Errorf("column %d is %q, want %q", i, cells[i], w)
			}
		}
		if _, err := w.Settle.File(w.Ctx, apptest.Staff(shop, "brn_1"), stated[0].ID, word); err == nil {
			w.T.Fatal("who only scans takes it home")
		}
	})
}
