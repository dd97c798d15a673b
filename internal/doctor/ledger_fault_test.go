package doctor_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// plant changes history as somebody with the database's password might: past the triggers and constraints.
func plant(t testing.TB, d *db.DB, table string, texts ...string) {
	t.Helper()
	guards := []string{"DROP TRIGGER " + table + "_no_update", "DROP TRIGGER " + table + "_no_delete",
		"PRAGMA foreign_keys = OFF"}
	after := "PRAGMA foreign_keys = ON"
	if d.Engine() == db.Postgres {
		guards = []string{"DROP TRIGGER " + table + "_append_only ON " + table,
			"ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_entry_id_fkey"}
		after = ""
	}
	if table == "" {
		guards, after = nil, ""
	}
	err := d.Migrator(t.Context(), func(pool *sql.DB) error {
		for _, text := range slices.Concat(guards, texts, []string{after}) {
			if text == "" {
				continue
			}
			if _, err := pool.ExecContext(t.Context(), text); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

type fault struct {
	name  string
	table string // whose triggers are dropped, "" for a table without
	texts []string
	want  string // "number code row", all of which must be found
}

// ledgerFaults alter and delete a row of every kind. {scope} stands for the id of the entry with that scope.
func ledgerFaults() []fault { return slices.Concat(postingFaults(), entryFaults(), sumFaults()) }

func postingFaults() []fault {
	const p = "ledger_posting"
	return []fault{
		{"a posting deleted", p, []string{`DELETE FROM ledger_posting WHERE entry_id = '{R5/red_1}' AND line = 3`},
			"10 posting_missing {R5/red_1}/3, 1 entry_unbalanced {R5/red_1}, 3 total_differs 4100 R5"},
		{"a guarded posting deleted", p,
			[]string{`DELETE FROM ledger_posting WHERE entry_id = '{R5/red_1}' AND line = 2`},
			"10 posting_missing {R5/red_1}/2, 3 balance_differs 2140 mer_1, 3 total_differs 2140 R5"},
		{"an amount changed", p,
			[]string{`UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = '{R2/pay_1}' AND line = 1`},
			"10 posting_changed {R2/pay_1}/1, 1 entry_unbalanced {R2/pay_1}, 3 total_differs 1100 sandbox R2"},
		{"both amounts changed", p,
			[]string{`UPDATE ledger_posting SET amount = amount - 1 WHERE entry_id = '{R2/pay_1}'`},
			"10 posting_changed {R2/pay_1}/1, 10 posting_changed {R2/pay_1}/2, 3 balance_differs 2100 dea_1, " +
				"17 order_overdrawn ord_1"},
		{"money led to another shop", p, []string{
			`UPDATE ledger_posting SET party = 'mer_2' WHERE entry_id = '{R5/red_1}' AND line = 2`},
			"10 posting_changed {R5/red_1}/2, 1 entry_form {R5/red_1}, 3 balance_differs 2140 mer_1"},
		{"an account unknown", p,
			[]string{`UPDATE ledger_posting SET account = '4999' WHERE entry_id = '{R5/red_1}' AND line = 3`},
			"1 entry_form {R5/red_1}, 10 posting_changed {R5/red_1}/3"},
		{"a posting added", p, []string{`INSERT INTO ledger_posting (entry_id, line, account, party, side, amount)
 VALUES ('{R5/red_1}', 9, '1120', '', 'D', 7)`},
			"10 posting_added {R5/red_1}/9, 1 entry_unbalanced {R5/red_1}, 3 total_differs 1120 R5"},
		{"a posting of no entry", p, []string{`INSERT INTO ledger_posting (entry_id, line, account, party, side, amount)
 VALUES ('ent_zzz', 1, '1120', '', 'D', 7)`}, "10 posting_orphan ent_zzz/1"},
	}
}

func entryFaults() []fault {
	const e = "ledger_entry"
	return []fault{
		{"an entry deleted", e, []string{`DELETE FROM ledger_entry WHERE id = '{R3/vch_1}'`},
			"10 posting_orphan {R3/vch_1}/1, 10 posting_orphan {R3/vch_1}/2, 3 total_differs 2110 R3"},
		{"the entry that was corrected deleted", e, []string{
			`DELETE FROM ledger_entry WHERE id = '{R5/red_2}'`, `DROP TRIGGER {p}`,
			`DELETE FROM ledger_posting WHERE entry_id = '{R5/red_2}'`},
			"9 mirror_lost {R6/red_2}, 3 total_differs 4100 R5"},
		{"a correction of another entry", e,
			[]string{`UPDATE ledger_entry SET mirrors = '{R2/pay_1}' WHERE id = '{R6/red_2}'`},
			"9 mirror_differs {R6/red_2}, 10 entry_column {R6/red_2}"},
		{"corrected twice", e, []string{`DROP INDEX ledger_entry_mirrors`,
			`UPDATE ledger_entry SET mirrors = '{R5/red_2}' WHERE id = '{R2/pay_1}'`},
			"9 mirror_twice {R6/red_2}, 10 entry_column {R2/pay_1}, 9 mirror_differs {R2/pay_1}"},
		{"a scope twice", e, []string{`DROP INDEX ledger_entry_scope`,
			`UPDATE ledger_entry SET scope = 'R2/pay_1' WHERE id = '{R2/pay_2}'`},
			"8 scope_twice {R2/pay_2}, 10 entry_column {R2/pay_2}"},
		{"an instant changed", e, []string{`UPDATE ledger_entry SET at = at - 86400000000 WHERE id = '{R5/red_1}'`},
			"10 entry_column {R5/red_1}, 10 entry_day {R5/red_1}"},
		{"an order changed", e, []string{`UPDATE ledger_entry SET order_id = 'ord_9' WHERE id = '{R2/pay_1}'`},
			"10 entry_column {R2/pay_1}, 17 order_overdrawn ord_1"},
		{"a rule changed", e, []string{`UPDATE ledger_entry SET rule = 'R99' WHERE id = '{R2/pay_1}'`},
			"10 entry_rule {R2/pay_1}, 10 entry_column {R2/pay_1}, 3 total_differs 1100 sandbox R2"},
		{"a policy that never was", e, []string{`UPDATE ledger_entry SET policy_id = 'pol_1' WHERE id = '{R2/pay_1}'`},
			"11 entry_policy {R2/pay_1}"},
		{"bytes changed", e, []string{`UPDATE ledger_entry SET bytes = {00} WHERE id = '{R2/pay_1}'`},
			"10 entry_bytes {R2/pay_1}"},
	}
}

func sumFaults() []fault {
	const none = ""
	return []fault{
		{"a balance changed", none, []string{`UPDATE ledger_balance SET balance = balance + 1 WHERE account = '2150'`},
			"3 balance_differs 2150 mer_1"},
		{"a balance deleted", none, []string{`DELETE FROM ledger_balance WHERE account = '1150'`},
			"3 balance_missing 1150 ref_3"},
		{"a balance of a deal deleted", none,
			[]string{`DELETE FROM ledger_balance WHERE account = '2110'`}, "3 balance_missing 2110 dea_1"},
		{"a balance of nobody", none, []string{`INSERT INTO ledger_balance (account, party, balance, since)
 VALUES ('2140', 'mer_9', 5, 0)`}, "3 balance_differs 2140 mer_9"},
		{"a total changed", none, []string{`UPDATE ledger_fold SET debit = debit + 1 WHERE account = '1100'`},
			"3 total_differs 1100 sandbox R2"},
		{"a total deleted", none, []string{`DELETE FROM ledger_fold WHERE account = '1120' AND rule = 'R0'`},
			"3 total_differs 1120 R0"},
		{"a movement deleted", none, []string{`DELETE FROM ledger_movement WHERE rule = 'R19' AND account = '1110'`},
			"3 total_differs 1110 R19"},
		{"a total of no posting", none, []string{`INSERT INTO ledger_fold (account, party, rule, debit, credit)
 VALUES ('4110', '', 'R13b', 0, 5)`}, "3 total_differs 4110 R13b"},
		{"swept while uncovered", none, []string{`INSERT INTO ledger_segregation (day, at, liabilities, assets, detail,
 top_up, due_day) VALUES ('2026-03-03', 1, 0, 0, '{}', 9, '2026-03-31')`}, "34 sweep_uncovered {R19/btr_1}"},
		{"a top-up too late", none, []string{`INSERT INTO ledger_segregation (day, at, liabilities, assets, detail,
 top_up, due_day) VALUES ('2026-03-03', 1, 0, 0, '{}', 9, '2026-03-03')`},
			"34 top_up_late 2026-03-03, 34 sweep_uncovered {R19/btr_1}"},
	}
}

func TestLedgerFaultsAreNamed(t *testing.T) {
	for i, f := range ledgerFaults() {
		t.Run(f.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
				b := makeBooks(t, d, w)
				fill := func(text string) string { return b.fill(t, d, text) }
				texts := make([]string, len(f.texts))
				for i := range f.texts {
					texts[i] = fill(f.texts[i])
				}
				plant(t, d, f.table, texts...)
				if i%2 == 0 { // old entries are summed up in slices, young ones with the totals
					w.Clock.Advance(time.Hour)
				}
				report := check(t, readOnly(t, w), doctor.Options{Slice: 3})
				spoken(t, report)
				got := findings(report)
				for _, want := range strings.Split(fill(f.want), ", ") {
					if !slices.Contains(got, want) {
						t.Errorf("%q was not found, but\n%s", want, strings.Join(got, "\n"))
					}
				}
			})
		})
	}
}

// spoken fails when a finding cannot be said in both languages.
func spoken(t testing.TB, r doctor.Report) {
	t.Helper()
	for _, lang := range []string{"ko", "en"} {
		l := words(t, lang)
		for _, a := range r.Answers {
			for _, f := range a.Findings {
				if text := f.Sentence(l); strings.Contains(text, "doctor.") || strings.Contains(text, "<no value>") {
					t.Errorf("%s: %s %v is said as %q", lang, f.Code, f.Args, text)
				}
			}
		}
	}
}

// TestFaultsOfOurOwn: entries that the book takes, because each is sound by itself, and that still must not be there.
func TestFaultsOfOurOwn(t *testing.T) {
	rows := []struct {
		name string
		make func(b *books) []ledger.Entry
		want string
	}{
		{"an order refunded twice", func(b *books) []ledger.Entry {
			r := ledger.Return{About: b.entries["R3/vch_3"].About, RefundID: "ref_9", Amount: 5}
			return []ledger.Entry{ledger.RefundDecided(r, true)}
		}, "17 order_overdrawn ord_3, 18 order_refunds ord_3"},
		{"breakage at a use", func(b *books) []ledger.Entry {
			e := ledger.Entry{Rule: ledger.RuleRedeemed, Scope: "R5/red_9", About: b.entries["R3/vch_2"].About}
			e.Lines = []ledger.Line{{Account: ledger.Unredeemed, Party: "dea_1", Side: ledger.Debit, Amount: 5},
				{Account: ledger.Breakage, Side: ledger.Credit, Amount: 5}}
			return []ledger.Entry{e}
		}, "25 breakage_rule {R5/red_9}"},
		{"too little left after expiry", func(b *books) []ledger.Entry {
			x := ledger.Expiry{About: b.entries["R3/vch_2"].About, Price: 19_900, ClaimBP: 8_999}
			return []ledger.Entry{ledger.Expired(x)}
		}, "25 expiry_short {R13b/vch_2}"},
		{"too few points after expiry", func(b *books) []ledger.Entry {
			x := ledger.Expiry{About: b.entries["R3/vch_2"].About, Price: 19_900, ClaimBP: 9_999}
			return []ledger.Entry{ledger.ExpiredToPoints(x)}
		}, "25 expiry_short {R13/vch_2}"},
		{"swept out of the clients' money", func(*books) []ledger.Entry {
			return []ledger.Entry{ledger.Swept(ledger.Transfer{ID: "btr_9", Amount: 2_010_000})}
		}, "34 coverage_broken 1110"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
				b := makeBooks(t, d, w)
				promise(t, d)
				b.post(t, d, row.make(b)...)
				w.Clock.Advance(40 * time.Hour)
				report := check(t, readOnly(t, w), doctor.Options{})
				spoken(t, report)
				got := strings.Join(findings(report), ", ")
				if want := b.fill(t, d, row.want); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			})
		})
	}
}

// promise writes the vouchers whose expiry is judged: the standard profile gives back 90 % in money, all as points.
func promise(t testing.TB, d *db.DB) {
	t.Helper()
	var list []voucher.Voucher
	for i := 1; i <= 4; i++ {
		own := fmt.Sprint(i)
		list = append(list, voucher.Voucher{ID: market.VoucherID("vch_" + own), OrderID: market.OrderID("ord_" + own),
			DealID: "dea_1", MerchantID: "mer_1", AccountID: "acc_1", Position: 1, Price: 19_900, UnitsTotal: 1,
			State: voucher.Active, FaceHash: "face" + own, CodeHash: "code" + own, TermsVersion: 1,
			RefundProfile: string(policy.Std2025), ValidDays: 365, PaidAt: d.Clock().Now()})
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error { return voucher.Insert(t.Context(), tx, list) })
	if err != nil {
		t.Fatal(err)
	}
}

// fill writes ids for scopes, and each engine's own words.
func (b *books) fill(t testing.TB, d *db.DB, text string) string {
	own := map[string]string{"{00}": "X'00'", "{p}": "ledger_posting_no_delete", "{}": "{}"}
	if d.Engine() == db.Postgres {
		own = map[string]string{"{00}": `'\x00'`, "{p}": "ledger_posting_append_only ON ledger_posting", "{}": "{}"}
	}
	for from := 0; ; {
		start := strings.Index(text[from:], "{")
		if start < 0 {
			return text
		}
		start += from
		end := start + strings.Index(text[start:], "}") + 1
		word, ok := own[text[start:end]]
		if !ok {
			word = b.id(t, text[start+1:end-1])
		}
		text, from = text[:start]+word+text[end:], start+len(word)
	}
}

func TestOldItemsOnTheirWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		makeBooks(t, d, w)
		rows := []struct {
			hours int
			want  string
		}{
			{48, ""},
			{1, "35 clearing_old 1140 out_1"},
			{118, "35 clearing_old 1140 out_1"},
			{2, "35 clearing_old 1140 out_1, 35 clearing_old 1150 ref_3"},
		}
		for _, row := range rows {
			w.Clock.Advance(time.Duration(row.hours) * time.Hour)
			got := findings(check(t, d, doctor.Options{Only: []string{"ledger_clearing"}}))
			slices.Sort(got)
			if text := strings.Join(got, ", "); text != row.want {
				t.Errorf("%d hours on: got %q, want %q", row.hours, text, row.want)
			}
		}
	})
}
