package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

func post(ctx context.Context, d *db.DB, entries ...ledger.Entry) error {
	return d.Write(ctx, func(tx *db.Tx) error { return ledger.Post(ctx, tx, entries) })
}

func mustPost(t testing.TB, d *db.DB, entries ...ledger.Entry) {
	t.Helper()
	if err := post(t.Context(), d, entries...); err != nil {
		t.Fatal(err)
	}
}

// dump writes every row of the ledger, so that two states can be compared to the byte.
func dump(t testing.TB, d *db.DB) string {
	t.Helper()
	var b strings.Builder
	err := d.Read(t.Context(), func(r *db.ReadTx) error {
		for _, text := range []string{
			`SELECT id || ' ' || rule || ' ' || scope || ' ' || coalesce(mirrors, '') FROM ledger_entry ORDER BY id`,
			`SELECT entry_id || ' ' || account || ' ' || party || ' ' || side || ' ' || CAST(amount AS text)
 FROM ledger_posting ORDER BY entry_id, line`,
			`SELECT account || ' ' || party || ' ' || CAST(balance AS text) FROM ledger_balance ORDER BY account, party`,
			`SELECT account || ' ' || rule || ' ' || CAST(debit AS text) || ' ' || CAST(credit AS text)
 FROM ledger_movement ORDER BY id`,
		} {
			rows, err := db.All(t.Context(), r, db.Scalar[string], text)
			if err != nil {
				return err
			}
			fmt.Fprintln(&b, strings.Join(rows, "\n"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func balance(t testing.TB, d *db.DB, a ledger.Account, party string) int64 {
	t.Helper()
	won, err := ledger.Balance(t.Context(), d, a, party)
	if err != nil {
		t.Fatal(err)
	}
	return won
}

func TestPostWritesEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		entries := []ledger.Entry{ledger.Paid(payment(19_900, true)), ledger.Redeemed(use(worked.Uses(1, 1, 3), 0))}
		mustPost(t, d, entries...)
		for _, e := range entries {
			if e.ID == "" || !e.At.Equal(w.Clock.Now()) || e.Day != "2026-03-04" {
				t.Errorf("%s: id %q at %s on %s", e.Scope, e.ID, e.At, e.Day)
			}
			got, err := ledger.Find(t.Context(), d, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got) != fmt.Sprint(e) {
				t.Errorf("got %v, want %v", got, e)
			}
		}
		for key, want := range map[string]int64{"2110 dea_1": 13_267, "2140 mer_1": 5_758, "2100 dea_1": 0} {
			account, party, _ := strings.Cut(key, " ")
			if got := balance(t, d, ledger.Account(account), party); got != want {
				t.Errorf("%s: got %d, want %d", key, got, want)
			}
		}
	})
}

func TestPostRefusals(t *testing.T) {
	other := payment(19_901, false)
	twoAtOnce := []ledger.Entry{ledger.Tipped(ledger.Tip{About: about, Price: 1}),
		ledger.Tipped(ledger.Tip{About: about, Price: 1})}
	differing := []ledger.Entry{twoAtOnce[0], ledger.Tipped(ledger.Tip{About: about, Price: 2})}
	rows := []struct {
		name    string
		entries []ledger.Entry
		want    *fail.Error
		args    string
	}{
		{"short", []ledger.Entry{ledger.Tipped(ledger.Tip{About: about, Price: 19_901})}, ledger.ErrShort,
			"map[Account:2100 Amount:19901 Party:dea_1]"},
		{"short of a row that never was", []ledger.Entry{ledger.Claimed(refund(1))}, ledger.ErrShort,
			"map[Account:2190 Amount:1 Party:vch_1]"},
		{"short after a good one", []ledger.Entry{ledger.Tipped(ledger.Tip{About: about, Price: 10}),
			ledger.Due(ledger.Statement{About: about, StatementID: "stm_1", Net: 1})}, ledger.ErrShort,
			"map[Account:2140 Amount:1 Party:mer_1]"},
		{"the same again", []ledger.Entry{ledger.Paid(payment(19_900, false))}, ledger.ErrPosted, ""},
		{"another body", []ledger.Entry{ledger.Paid(other)}, ledger.ErrScope, ""},
		{"another body of the same lines", []ledger.Entry{elsewhere(ledger.Paid(payment(19_900, false)))},
			ledger.ErrScope, ""},
		{"the same twice in a batch", twoAtOnce, ledger.ErrPosted, ""},
		{"two bodies in a batch", differing, ledger.ErrScope, ""},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		mustPost(t, d, ledger.Paid(payment(19_900, false)))
		before := dump(t, d)
		for _, row := range rows {
			err := post(t.Context(), d, slices.Clone(row.entries)...)
			if !errors.Is(err, row.want) {
				t.Errorf("%s: got %v, want %v", row.name, err, row.want)
				continue
			}
			if e, _ := fail.As(err); row.args != "" && fmt.Sprint(e.Args) != row.args {
				t.Errorf("%s: got %v, want %s", row.name, e.Args, row.args)
			}
			if after := dump(t, d); after != before {
				t.Errorf("%s: a refusal left\n%s\nwas\n%s", row.name, after, before)
			}
		}
	})
}

// elsewhere is an entry about another shop.
func elsewhere(e ledger.Entry) ledger.Entry {
	e.MerchantID = "mer_2"
	return e
}

func TestPostedNamesTheOldEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		first := []ledger.Entry{ledger.Paid(payment(19_900, false))}
		mustPost(t, d, first...)
		var old *ledger.Posted
		if err := post(t.Context(), d, ledger.Paid(payment(19_900, false))); !errors.As(err, &old) {
			t.Fatalf("got %v", err)
		}
		if old.Entry.ID != first[0].ID {
			t.Errorf("got %s, want %s", old.Entry.ID, first[0].ID)
		}
	})
}

func TestMirrorAtMostOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		redeemed := []ledger.Entry{ledger.Paid(payment(19_900, true)), ledger.Redeemed(use(worked, 0))}
		mustPost(t, d, redeemed...)
		undone := []ledger.Entry{ledger.Undone(redeemed[1], "red_1")}
		mustPost(t, d, undone...)
		if got := balance(t, d, ledger.Unredeemed, "dea_1"); got != 19_900 {
			t.Errorf("unredeemed %d", got)
		}
		again := ledger.Mirror(redeemed[1], ledger.RuleUndone, "R6/red_1/again")
		if err := post(t.Context(), d, again); !errors.Is(err, ledger.ErrMirrored) {
			t.Errorf("got %v, want ErrMirrored", err)
		}
		mirrors, err := ledger.FindMirrors(t.Context(), d, []market.EntryID{redeemed[0].ID, redeemed[1].ID})
		if err != nil {
			t.Fatal(err)
		}
		if len(mirrors) != 1 || mirrors[redeemed[1].ID].ID != undone[0].ID {
			t.Errorf("mirrors %v", mirrors)
		}
	})
}

func TestPostStopsWrongEntries(t *testing.T) {
	line := func(a ledger.Account, party string, side ledger.Side, amount int64) ledger.Line {
		return ledger.Line{Account: a, Party: party, Side: side, Amount: amount}
	}
	in, out := line(ledger.Pledge, "dea_1", ledger.Debit, 5), line(ledger.Unredeemed, "dea_1", ledger.Credit, 5)
	rows := []struct {
		want  string
		scope string
		lines []ledger.Line
	}{
		{"1 debits equal credits", "x", []ledger.Line{in, line(ledger.Unredeemed, "dea_1", ledger.Credit, 4)}},
		{"1 an entry has two sides", "x", nil},
		{"1 every account", "x", []ledger.Line{in, line("2111", "dea_1", ledger.Credit, 5)}},
		{"1 a line has a side", "x", []ledger.Line{in, line(ledger.Unredeemed, "dea_1", "X", 5)}},
		{"3 a line's party", "x", []ledger.Line{in, line(ledger.Unredeemed, "dea_2", ledger.Credit, 5)}},
		{"3 a line's party", "x", []ledger.Line{in, line(ledger.Commission, "dea_1", ledger.Credit, 5)}},
		{"3 a line's party", "x", []ledger.Line{in, line(ledger.GatewayReceivable, "", ledger.Credit, 5)}},
		{"3 a line's party", "x", []ledger.Line{in, line(ledger.GatewayReceivable, "김두레", ledger.Credit, 5)}},
		{"7 amounts", "x", []ledger.Line{line(ledger.Pledge, "dea_1", ledger.Debit, 0), out}},
		{"7 amounts", "x", []ledger.Line{line(ledger.Pledge, "dea_1", ledger.Debit, -5), out}},
		{"8 an entry has a scope", "", []ledger.Line{in, out}},
		{"8 an entry has a scope", "R3/name@example.com", []ledger.Line{in, out}},
	}
	d, _ := dbtest.SQLite(t)
	for _, row := range rows {
		e := ledger.Entry{Rule: "R3", Scope: row.scope, About: about, Lines: row.lines}
		if got := ledger.Fault(&e); !strings.HasPrefix(got, row.want) {
			t.Errorf("%v: got %q, want %q", row.lines, got, row.want)
		}
		if got := broken(func() { _ = post(t.Context(), d, e) }); got != "1 an entry is well formed" {
			t.Errorf("%v: Post stopped at %q", row.lines, got)
		}
	}
	if got := strings.TrimSpace(dump(t, d)); got != "" {
		t.Errorf("wrong entries left %s", got)
	}
}

// TestSinceMovesWithTheBalance: an item's age begins anew when its balance leaves zero, and only then.
func TestSinceMovesWithTheBalance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		owe := func(payment market.PaymentID) {
			t.Helper()
			p := ledger.Payment{About: about, PaymentID: payment, Gateway: "sandbox", Amount: 100}
			mustPost(t, d, ledger.PaidLate(p))
		}
		oldest := func() time.Time {
			t.Helper()
			items, err := ledger.OpenItems(t.Context(), d, ledger.RefundPayable, w.Clock.Now().Add(time.Hour), 10)
			if err != nil || len(items) > 1 {
				t.Fatalf("%v, %v", items, err)
			}
			if len(items) == 0 {
				return time.Time{}
			}
			return items[0].Since
		}
		first := w.Clock.Now()
		owe("pay_1")
		w.Clock.Advance(time.Hour)
		owe("pay_2")
		if got := oldest(); !got.Equal(first) {
			t.Errorf("since %s, want %s", got, first)
		}
		mustPost(t, d, ledger.RefundAccepted(refund(200)))
		if got := oldest(); !got.IsZero() {
			t.Errorf("open since %s", got)
		}
		third := w.Clock.Advance(time.Hour)
		owe("pay_3")
		if got := oldest(); !got.Equal(third) {
			t.Errorf("since %s, want %s", got, third)
		}
	})
}

// TestAppendOnly tries to change history by every way that SQL has.
func TestAppendOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		mustPost(t, d, ledger.Paid(payment(19_900, false)))
		before := dump(t, d)
		tries := []string{
			`UPDATE ledger_entry SET rule = 'R3'`,
			`UPDATE ledger_entry SET scope = scope WHERE rule = 'R2'`,
			`DELETE FROM ledger_entry`,
			`UPDATE ledger_posting SET amount = amount + 1`,
			`UPDATE ledger_posting SET account = '1110' WHERE account = '1100'`,
			`DELETE FROM ledger_posting WHERE line = 1`,
		}
		if d.Engine() == db.Postgres {
			tries = append(tries, `TRUNCATE ledger_posting, ledger_entry`)
		}
		for _, text := range tries {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, text)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: got %v", text, err)
			}
		}
		if after := dump(t, d); after != before {
			t.Errorf("history changed:\n%s\nwas\n%s", after, before)
		}
	})
}
