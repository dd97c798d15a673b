package ledger_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

func custody(buffer int64) ledger.Custody {
	return ledger.Custody{ExternalGateways: []string{"sandbox"}, CoverageBP: 10_000, BufferMin: buffer}
}

func total(a ledger.Account, party string, rule ledger.Rule, debit, credit int64) ledger.Total {
	return ledger.Total{Account: a, Party: party, Rule: rule, Debit: debit, Credit: credit}
}

func TestSegregationEquation(t *testing.T) {
	pledged := total(ledger.Pledge, "", "R2", 0, 10_000)
	rows := []struct {
		name                      string
		totals                    ledger.Totals
		custody                   ledger.Custody
		liabilities, assets, need int64
	}{
		{"nothing yet", nil, custody(0), 0, 0, 0},
		{"nothing yet, a least buffer", nil, custody(500), 0, 0, 500},
		{"outside gateway", ledger.Totals{pledged, total(ledger.GatewayReceivable, "sandbox", "R2", 10_000, 0)},
			custody(0), 10_000, 10_000, 0},
		{"gateway not outside", ledger.Totals{pledged, total(ledger.GatewayReceivable, "toss", "R2", 10_000, 0)},
			custody(0), 10_000, 0, 10_000},
		{"fee makes the hole", ledger.Totals{pledged, total(ledger.BankCustody, "", "R18", 9_670, 0)}, custody(0),
			10_000, 9_670, 330},
		{"the operator's bank counts for nothing", ledger.Totals{pledged,
			total(ledger.BankOperating, "", "R0", 99_999, 0)}, custody(0), 10_000, 0, 10_000},
		{"a claim on a merchant counts for nothing", ledger.Totals{pledged,
			total(ledger.MerchantReceivable, "", "R9", 99_999, 0)}, custody(0), 10_000, 0, 10_000},
		{"suspense owed by us", ledger.Totals{total(ledger.Suspense, "", "R18", 0, 40)}, custody(0), 40, 0, 40},
		{"suspense owed to us", ledger.Totals{pledged, total(ledger.Suspense, "", "R18", 40, 0)}, custody(0), 10_000, 0,
			10_000},
		{"sixty in a hundred", ledger.Totals{pledged, total(ledger.BankCustody, "", "R18", 6_001, 0)},
			ledger.Custody{CoverageBP: 6_000}, 10_000, 6_001, 0},
		{"rounded up", ledger.Totals{total(ledger.Pledge, "", "R2", 0, 10_001)}, ledger.Custody{CoverageBP: 6_000},
			10_001, 0, 6_001},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := row.totals.Segregate(row.custody)
			if s.Liabilities != row.liabilities || s.Assets != row.assets || s.TopUp != row.need {
				t.Errorf("L %d, A %d, missing %d", s.Liabilities, s.Assets, s.TopUp)
			}
			if s.Broken() != (row.need > row.custody.BufferMin) {
				t.Errorf("broken: %v", s.Broken())
			}
		})
	}
	s := ledger.Totals{pledged, total(ledger.BankCustody, "", "R18", 9_670, 0)}.Segregate(custody(0))
	if bp, ok := s.CoverageBP(); bp != 9_670 || !ok || s.Buffer() != -330 {
		t.Errorf("coverage %d, %v, buffer %d", bp, ok, s.Buffer())
	}
	if _, ok := (ledger.Segregation{}).CoverageBP(); ok {
		t.Error("nothing is owed and yet covered in part")
	}
}

func TestSweepLimit(t *testing.T) {
	base := ledger.Totals{
		total(ledger.Pledge, "", "R2", 0, 100_000),
		total(ledger.BankCustody, "", "R18", 110_000, 0),
		total(ledger.BankOperating, "", "R0", 7_777, 0),
	}
	swept := append(ledger.Totals{total(ledger.BankOperating, "", "R19", 3_000, 0)}, base...)
	rows := []struct {
		name             string
		totals           ledger.Totals
		buffer           int64
		stated, inFlight int64
		want             int64
	}{
		{"all commission is stated", base, 0, 20_000, 0, 10_000},
		{"the least buffer stays", base, 4_000, 20_000, 0, 6_000},
		{"stated commission only", base, 0, 2_626, 0, 2_626},
		{"what was swept is gone", swept, 0, 5_626, 0, 2_626},
		{"what is on its way is gone", base, 0, 2_626, 626, 2_000},
		{"corrections exceed it", base, 0, -100, 0, 0},
		{"nothing while the buffer is short", base, 10_001, 20_000, 0, 0},
	}
	for _, row := range rows {
		w := ledger.Sweep{Custody: custody(row.buffer), Stated: row.stated, InFlight: row.inFlight}
		if got := row.totals.SweepLimit(w); got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
}

func TestSegregationDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		checkpoint := func(day, due string) ledger.SegregationDay {
			t.Helper()
			var out ledger.SegregationDay
			err := d.Write(ctx, func(tx *db.Tx) (err error) {
				out, err = ledger.Segregate(ctx, tx, ledger.Checkpoint{Day: day, DueDay: due, Custody: custody(0)})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		topUp := func(id string, amount int64) {
			t.Helper()
			err := d.Write(ctx, func(tx *db.Tx) error {
				e := []ledger.Entry{ledger.ToppedUp(ledger.Transfer{ID: id, Amount: amount})}
				if err := ledger.Post(ctx, tx, e); err != nil {
					return err
				}
				return ledger.CloseTopUps(ctx, tx, custody(0))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		mustPost(t, d, ledger.Opening("capital", 100_000), ledger.Paid(payment(10_000, false)))
		if got := checkpoint("2026-03-04", "2026-03-05"); got.TopUp != 0 || got.DueDay != "" || got.Liabilities != 10_000 {
			t.Errorf("covered: %+v", got)
		}
		mustPost(t, d, settled(10_000, 300, 30))
		got := checkpoint("2026-03-04", "2026-03-05")
		if got.TopUp != 330 || got.DueDay != "2026-03-05" || !got.Open() || fmt.Sprint(got.Lines) !=
			"[{1110 A 9670} {2100 L 10000}]" || got.Required != 10_000 {
			t.Errorf("the fee's hole: %+v", got)
		}
		w.Clock.Advance(24 * time.Hour)
		if got := checkpoint("2026-03-05", "2026-03-06"); got.TopUp != 330 || got.DueDay != "2026-03-06" {
			t.Errorf("the day after: %+v", got)
		}
		topUp("btr_1", 329)
		if open, err := ledger.OpenTopUps(ctx, d); err != nil || len(open) != 2 {
			t.Errorf("open %v, %v", open, err)
		}
		topUp("btr_2", 1)
		if open, err := ledger.OpenTopUps(ctx, d); err != nil || len(open) != 0 {
			t.Errorf("open %v, %v", open, err)
		}
		// The task stays in the day's row, done; a new hole on the same day opens it again with its own date.
		if got := checkpoint("2026-03-05", "2026-03-09"); got.TopUp != 330 || got.Open() || got.Assets != 10_000 {
			t.Errorf("topped up: %+v", got)
		}
		mustPost(t, d, ledger.Swept(ledger.Transfer{ID: "btr_3", Amount: 5}))
		if got := checkpoint("2026-03-05", "2026-03-09"); got.TopUp != 5 || !got.Open() || got.DueDay != "2026-03-09" {
			t.Errorf("a second hole: %+v", got)
		}
		days, err := ledger.SegregationDays(ctx, d, "", 10)
		if err != nil || len(days) != 2 || days[0].Day != "2026-03-05" {
			t.Errorf("days %v, %v", days, err)
		}
		if _, err := ledger.SegregationOf(ctx, d, "2026-03-06"); !errors.Is(err, ledger.ErrDay) {
			t.Errorf("got %v, want ErrDay", err)
		}
	})
}
