package settlement_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

var update = flag.Bool("update", false, "write docs/states/settlement.md anew")

func at(t *testing.T, text string) time.Time {
	t.Helper()
	got, err := time.ParseInLocation("2006-01-02 15:04", text, bizday.Seoul())
	if err != nil {
		t.Fatal(err)
	}
	return got.UTC()
}

func times(t *testing.T) settlement.Times {
	t.Helper()
	calendar, err := bizday.Korea()
	if err != nil {
		t.Fatal(err)
	}
	return settlement.Times{Calendar: calendar, IssueAt: 10 * time.Minute, ObjectUntil: 10 * time.Hour, ObjectDays: 1,
		PayoutDays: 1}
}

const deadlineTable = `
day         issued            objections until  payable     known
2026-03-09  2026-03-10 00:10  2026-03-10 10:00  2026-03-10  true
2026-03-13  2026-03-14 00:10  2026-03-16 10:00  2026-03-16  true
2026-03-09  2026-03-10 06:00  2026-03-10 10:00  2026-03-10  true
2026-03-09  2026-03-10 06:01  2026-03-11 10:00  2026-03-11  true
2026-03-09  2026-03-13 18:00  2026-03-16 10:00  2026-03-16  true
2026-09-23  2026-09-24 00:10  2026-09-28 10:00  2026-09-28  true
2027-12-31  2028-01-01 00:10  2028-01-03 10:00  2028-01-03  false
`

func TestDeadlines(t *testing.T) {
	rules := times(t)
	for _, row := range strings.Split(strings.TrimSpace(deadlineTable), "\n")[1:] {
		f := strings.Fields(row)
		got := rules.Deadlines(f[0], at(t, f[1]+" "+f[2]))
		text := fmt.Sprintf("%s  %s  %t", got.ObjectUntil.In(bizday.Seoul()).Format("2006-01-02 15:04"), got.PayableDay,
			got.Known)
		if want := strings.Join([]string{f[3] + " " + f[4], f[5], f[6]}, "  "); text != want {
			t.Errorf("%s\n got %s\nwant %s", row, text, want)
		}
	}
}

func TestDaysOfRuns(t *testing.T) {
	rules := times(t)
	for text, want := range map[string]string{
		"2026-03-10 00:09": "2026-03-08", "2026-03-10 00:10": "2026-03-09", "2026-03-01 00:00": "2026-02-27",
	} {
		if got := rules.LastDay(at(t, text)); got != want {
			t.Errorf("statements at %s are for %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		"2026-03-10 10:04": false, "2026-03-10 10:05": true, "2026-03-14 12:00": false, "2026-03-02 12:00": false,
	} {
		if _, _, open := rules.PayoutDay(at(t, text)); open != want {
			t.Errorf("payouts at %s: %t", text, open)
		}
	}
	for day, want := range map[string]string{
		"2026-03-10": "2026-03-09..2026-03-10", "2026-03-16": "2026-03-13..2026-03-16", "2026-03-14": "none",
	} {
		got := "none"
		if from, to, ok := rules.SoldIn(day, 1); ok {
			got = bizday.Day(from) + ".." + bizday.Day(to)
		}
		if got != want {
			t.Errorf("paid on %s was sold in %s, want %s", day, got, want)
		}
	}
	if got := settlement.EndOn("2026-03-10", 1); !got.Equal(at(t, "2026-03-12 00:00")) {
		t.Errorf("a voucher that ends tomorrow ends at %s", got)
	}
}

const compareTable = `
subject  ours    theirs  fee    class
pay_1    19900   19900   true   matched
pay_1    19900   19900   false  fee_differs
pay_1    19900   19200   true   amount_differs
pay_1    19900   19200   false  amount_differs
-        0       5000    true   missing_here
ref_1    -19900  -19900  true   matched
`

func TestCompare(t *testing.T) {
	for _, row := range strings.Split(strings.TrimSpace(compareTable), "\n")[1:] {
		var p settlement.Pair
		var class string
		if _, err := fmt.Sscan(row, &p.Subject, &p.Ours, &p.Theirs, &p.FeeFits, &class); err != nil {
			t.Fatal(err)
		}
		p.Subject = strings.TrimPrefix(p.Subject, "-")
		if got := settlement.Compare(p); string(got.Class) != class || got.Found() != (class != "matched") {
			t.Errorf("%s gave %s", row, got.Class)
		}
	}
}

func TestFeeFits(t *testing.T) {
	contract := settlement.Contract{FeeBP: 220, BusinessDays: 1}
	for _, row := range []struct {
		amount, supply, vat int64
		want                bool
	}{
		{19_900, 438, 44, true}, {19_900, 439, 44, true}, {19_900, 437, 43, true}, {19_900, 440, 44, false},
		{19_900, 438, 46, false}, {-6_633, -146, -15, true}, {-6_633, 146, 15, false}, {100, 2, 0, true},
	} {
		if got := contract.FeeFits(row.amount, row.supply, row.vat); got != row.want {
			t.Errorf("%+v: %t", row, got)
		}
	}
}

func TestClosing(t *testing.T) {
	payDay := settlement.Closing{Day: "a", Today: "a", PayDay: true}
	with := func(rows int, net, paid int64, today string) settlement.Closing {
		c := payDay
		c.Rows, c.Net, c.Paid, c.Today = rows, net, paid, today
		return c
	}
	for name, row := range map[string]struct {
		closing settlement.Closing
		paid    bool
		over    bool
		class   settlement.Class
	}{
		"paid as said":          {with(1, 5, 5, "a"), true, true, ""},
		"paid otherwise":        {with(1, 5, 6, "a"), true, true, "amount_differs"},
		"not paid yet":          {with(1, 5, 0, "a"), false, false, "missing_there"},
		"never paid":            {with(1, 5, 0, "b"), false, true, "missing_there"},
		"paid without a file":   {with(0, 0, 6, "a"), true, true, "missing_here"},
		"nothing on a weekend":  {settlement.Closing{Day: "a", Today: "a"}, false, true, ""},
		"nothing yet":           {payDay, false, false, ""},
		"rows that cancel out":  {with(2, 0, 0, "a"), false, true, ""},
		"nothing on a past day": {with(0, 0, 0, "b"), false, true, ""},
	} {
		class := settlement.Class("")
		for _, d := range row.closing.Differences() {
			class = d.Class
		}
		if over := row.closing.Over(row.paid); over != row.over || class != row.class {
			t.Errorf("%s: over %t, class %q", name, over, class)
		}
	}
}

func TestBankLinesOfAPayout(t *testing.T) {
	p := settlement.Payout{ID: "out_1", Amount: 500, Attempt: 1}
	if id, ok := settlement.PayoutOf(p.Reference()); !ok || id != p.ID {
		t.Errorf("%s names %s", p.Reference(), id)
	}
	for _, row := range []struct {
		reference          string
		amount             int64
		explains, restores bool
	}{
		{"out_1-1", -500, true, false}, {"out_1-1", 500, false, true}, {"out_1-1", -501, false, false},
		{"out_1-2", -500, false, false}, {"out_2-1", 500, false, false},
	} {
		e := settlement.Entry{Reference: row.reference, Amount: row.amount}
		if p.Explains(e) != row.explains || p.Restores(e) != row.restores {
			t.Errorf("%+v: %t %t", row, p.Explains(e), p.Restores(e))
		}
	}
	sweep := settlement.Transfer{Purpose: settlement.Sweep, Amount: 7}
	fill := settlement.Transfer{Purpose: settlement.TopUp, Amount: 7}
	out, in := settlement.Entry{Amount: -7}, settlement.Entry{Amount: 7}
	if !sweep.Explains(out, true) || !sweep.Explains(in, false) || sweep.Explains(in, true) ||
		!fill.Explains(in, true) || !fill.Explains(out, false) || fill.Explains(out, true) {
		t.Error("a transfer leaves one account and comes to the other")
	}
}

func TestPlan(t *testing.T) {
	whole := settlement.Account{BankCode: "004", Number: "1", Holder: "가"}
	for name, row := range map[string]struct {
		plan settlement.Plan
		code settlement.HoldCode
	}{
		"goes out":        {settlement.Plan{Amount: 10, Limit: 10, Bank: whole}, ""},
		"above the limit": {settlement.Plan{Amount: 11, Limit: 10, Bank: whole}, settlement.HoldLimit},
		"no account":      {settlement.Plan{Amount: 11, Limit: 10}, settlement.HoldBank},
		"books first":     {settlement.Plan{Amount: 11, Limit: 10, Books: errors.New("x")}, settlement.HoldBooks},
		"half of an account": {settlement.Plan{Amount: 1, Limit: 10,
			Bank: settlement.Account{BankCode: "004", Number: "1"}}, settlement.HoldBank},
	} {
		if p := row.plan.Payout("out_1"); p.HoldCode != row.code || p.Due() != (row.code == "") {
			t.Errorf("%s: %s", name, p.HoldCode)
		}
	}
}

func TestTakeBackLines(t *testing.T) {
	use := settlement.Line{Kind: settlement.Use, SourceID: "red_1", RedemptionID: "red_1", Units: 1}
	back := settlement.TakeBack{RefundID: "ref_1", Use: use, Price: 19_900, Commission: 2_388, CommissionVAT: 238,
		Early: 7_000, Owed: 10_274}
	lines := back.Lines()
	sum := int64(0)
	for _, l := range lines {
		sum += l.Net
	}
	if len(lines) != 2 || lines[0].Net != -17_274 || lines[1].Kind != settlement.Carried || sum != -back.Early {
		t.Errorf("%+v", lines)
	}
}

// TestStatesAreDrawn keeps docs/states/settlement.md equal to the table that the guards follow.
func TestStatesAreDrawn(t *testing.T) {
	var b strings.Builder
	b.WriteString("# States of settlement\n\nDrawn from `internal/market/settlement` by its test " +
		"(`go test ./internal/market/settlement -update`).\n")
	steps := settlement.Steps()
	for _, life := range slices.Sorted(maps.Keys(steps)) {
		fmt.Fprintf(&b, "\n## A %s\n\n```mermaid\nstateDiagram-v2\n", life)
		fmt.Fprintf(&b, "  [*] --> %s\n", steps[life][0].From)
		for _, s := range steps[life] {
			fmt.Fprintf(&b, "  %s --> %s: %s (%s)\n", s.From, s.To, s.Action, s.By)
		}
		b.WriteString("```\n")
	}
	const path = "../../../docs/states/settlement.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil || string(kept) != b.String() {
		t.Errorf("%s is old (%v): run the test with -update", path, err)
	}
}
