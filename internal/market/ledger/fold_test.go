package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/ledger/sheet"
)

func sum(t testing.TB, d *db.DB) ledger.Totals {
	t.Helper()
	totals, err := ledger.Sum(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return totals
}

func fold(t testing.TB, d *db.DB, limit int) int {
	t.Helper()
	var n int
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		n, err = ledger.Fold(t.Context(), tx, limit)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// story posts a small history in several transactions: paid, used in part, taken back, refunded, paid out.
func story(t testing.TB, d *db.DB) {
	t.Helper()
	mustPost(t, d, ledger.Opening("capital", 5_000_000))
	mustPost(t, d, ledger.ToppedUp(ledger.Transfer{ID: "btr_0", Amount: 1_000_000}))
	mustPost(t, d, ledger.Paid(payment(39_800, false)))
	mustPost(t, d, ledger.Tipped(ledger.Tip{About: about, Price: 39_800}))
	mustPost(t, d, ledger.Redeemed(use(worked, 0)))
	mustPost(t, d, ledger.RefundDecided(refund(19_900), true))
	mustPost(t, d, ledger.RefundAccepted(refund(19_900)))
	mustPost(t, d, ledger.Due(ledger.Statement{About: about, StatementID: "stm_1", Net: 17_274}))
	mustPost(t, d, settled(39_800, 1_194, 119))
	mustPost(t, d, ledger.PayoutSent(payout))
}

const storyTrial = `
1100     39800    39800          0
1110   1038487        0    1038487
1120   5000000  1000000    4000000
1140         0    17274      17274
1150         0    19900      19900
1170       119        0        119
2100     39800    39800          0
2110     39800    39800          0
2140     17274    17274          0
2150     17274    17274          0
2170     19900    19900          0
2200         0      238        238
3100         0  5000000    5000000
4100         0     2388       2388
5100      1194        0       1194
`

func trial(totals ledger.Totals) string {
	var b strings.Builder
	for _, l := range totals.Trial() {
		fmt.Fprintf(&b, "%s %d %d %d\n", l.Account, l.Debit, l.Credit, l.Balance)
	}
	return b.String()
}

func squeeze(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, "\n")
}

func TestFoldKeepsTheTotals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		story(t, d)
		before := sum(t, d)
		if got, want := squeeze(trial(before)), squeeze(storyTrial); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
		folded := 0
		for n := fold(t, d, 3); n > 0; n = fold(t, d, 3) {
			folded += n
			if got := sum(t, d); fmt.Sprint(got) != fmt.Sprint(before) {
				t.Fatalf("after %d movements: got %v, want %v", folded, got, before)
			}
		}
		if folded == 0 {
			t.Error("nothing was folded")
		}
		left, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT count(*) FROM ledger_movement`)
		if err != nil || left != 0 {
			t.Errorf("%d movements left, %v", left, err)
		}
		mustPost(t, d, ledger.PayoutConfirmed(payout))
		if got := sum(t, d).Balance(ledger.PayoutTransit); got != 0 {
			t.Errorf("transit %d", got)
		}
		debit, credit := sum(t, d).By(ledger.Unredeemed, ledger.RuleRedeemed)
		if debit != 19_900 || credit != 0 {
			t.Errorf("by R5: %d and %d", debit, credit)
		}
	})
}

func prunable(t *testing.T, d *db.DB, want bool) {
	t.Helper()
	got, err := ledger.Prunable(t.Context(), d)
	if err != nil || got != want {
		t.Errorf("prunable: %v, %v", got, err)
	}
}

func TestPruneRemovesOnlyEmptyItems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		story(t, d)
		other := refund(19_900)
		other.OrderID, other.RefundID = "ord_2", "ref_2"
		mustPost(t, d, ledger.PaidLate(ledger.Payment{About: other.About, PaymentID: "pay_2", Gateway: "sandbox",
			Amount: 19_900}))
		mustPost(t, d, ledger.RefundSettled(refund(19_900), "sandbox"), ledger.PayoutConfirmed(payout))
		removed := 0
		prune := func() (n int) {
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				n, err = ledger.Prune(t.Context(), tx, 2)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		prunable(t, d, true)
		for n := prune(); n > 0; n = prune() {
			removed += n
		}
		prunable(t, d, false)
		// The empty 1140 out_1, 1150 ref_1 and 2170 ord_1; those of the deal and the merchant stay for the next sale.
		if removed != 3 {
			t.Errorf("removed %d", removed)
		}
		rows, err := db.All(t.Context(), d, db.Scalar[string],
			`SELECT account || ' ' || party FROM ledger_balance ORDER BY account, party`)
		if err != nil {
			t.Fatal(err)
		}
		want := "2100 dea_1, 2110 dea_1, 2140 mer_1, 2150 mer_1, 2170 ord_2"
		if got := strings.Join(rows, ", "); got != want {
			t.Errorf("left %s, want %s", got, want)
		}
	})
}

func TestSheets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		story(t, d)
		rows := []struct {
			account ledger.Account
			party   string
			want    string
		}{
			{ledger.Unredeemed, "dea_1", "R3 C 39800, R5 D 19900, R8 D 19900"},
			{ledger.Pending, "mer_1", "R5 C 17274, R7 D 17274"},
			{ledger.RefundPayable, "ord_1", "R8 C 19900, R8 D 19900"},
			{ledger.RefundTransit, "ref_1", "R8 C 19900"},
			{ledger.PayoutTransit, "out_1", "R17 C 17274"},
			{ledger.BankCustody, "", "R25 D 1000000, R18 D 38487"},
			{ledger.GatewayReceivable, "sandbox", "R2 D 39800, R18 C 39800"},
			{ledger.Commission, "", "R5 C 2388"},
			{ledger.Unclaimed, "vch_1", ""},
		}
		for _, row := range rows {
			var got []string
			s := sheet.Sheet{Account: row.account, Party: row.party, Limit: 1}
			for {
				lines, err := sheet.Read(t.Context(), d, s)
				if err != nil {
					t.Fatal(err)
				}
				if len(lines) == 0 {
					break
				}
				l := lines[0]
				got = append(got, fmt.Sprintf("%s %s %d", l.Rule, l.Side, l.Amount))
				s.After = l
			}
			if text := strings.Join(got, ", "); text != row.want {
				t.Errorf("%s %s: got %s, want %s", row.account, row.party, text, row.want)
			}
		}
		now := w.Clock.Now()
		s := sheet.Sheet{Account: ledger.Commission, From: now, To: now.AddDate(0, 0, 1), Limit: 10}
		if lines, err := sheet.Read(t.Context(), d, s); err != nil || len(lines) != 1 {
			t.Errorf("of the day: %v, %v", lines, err)
		}
		s.From, s.To = now.AddDate(0, 0, -1), now
		if lines, err := sheet.Read(t.Context(), d, s); err != nil || len(lines) != 0 {
			t.Errorf("of the day before: %v, %v", lines, err)
		}
	})
}

func TestEntries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		story(t, d)
		far := payment(100, false)
		far.About = ledger.About{DealID: "dea_2", OrderID: "ord_2", MerchantID: "mer_2"}
		far.PaymentID = "pay_2"
		mustPost(t, d, ledger.Paid(far))
		rows := []struct {
			of   ledger.Of
			want string
		}{
			{ledger.Of{OrderID: "ord_1"}, "R2 R3 R5 R8 R8 R7 R17"},
			{ledger.Of{OrderID: "ord_1", VoucherID: "vch_1"}, "R2 R3 R5 R8 R8 R7 R17"},
			{ledger.Of{OrderID: "ord_1", VoucherID: "vch_2"}, ""},
			{ledger.Of{OrderID: "ord_2"}, "R2"},
			{ledger.Of{DealID: "dea_2"}, "R2"},
			{ledger.Of{MerchantID: "mer_2"}, "R2"},
			{ledger.Of{DealID: "dea_3"}, ""},
		}
		for _, row := range rows {
			var rules []string
			row.of.Limit = 2
			for {
				entries, err := ledger.Entries(t.Context(), d, row.of)
				if err != nil {
					t.Fatal(err)
				}
				if len(entries) == 0 {
					break
				}
				for _, e := range entries {
					rules = append(rules, string(e.Rule))
				}
				row.of.After = entries[len(entries)-1].ID
			}
			if got := strings.Join(rules, " "); got != row.want {
				t.Errorf("%+v: got %s, want %s", row.of, got, row.want)
			}
		}
		won, err := ledger.Balances(t.Context(), d, ledger.Pledge, []market.DealID{"dea_1", "dea_2", "dea_3"})
		if err != nil || fmt.Sprint(won) != "map[dea_1:0 dea_2:100]" {
			t.Errorf("balances %v, %v", won, err)
		}
	})
}
