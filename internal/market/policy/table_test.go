package policy_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/policy"
)

func TestAtAndByID(t *testing.T) {
	if err := policy.Check(); err != nil {
		t.Fatal(err)
	}
	before := policy.At(kst(t, "2025-09-16 23:59:59.999999"))
	after := policy.At(kst(t, "2025-09-17"))
	if before.ID == after.ID {
		t.Fatalf("both %s", before.ID)
	}
	if before.ID != "pol_20200101" || after.ID != "pol_20250917" {
		t.Errorf("ids %s and %s", before.ID, after.ID)
	}
	if got := policy.At(kst(t, "2010-01-01")); got.ID != before.ID {
		t.Errorf("before the first row: %s", got.ID)
	}
	for _, want := range []policy.Set{before, after} {
		if got, ok := policy.ByID(want.ID); !ok || got.ID != want.ID || !got.From.Equal(want.From) {
			t.Errorf("%s: got %s, %v", want.ID, got.ID, ok)
		}
	}
	if _, ok := policy.ByID("pol_20250918"); ok {
		t.Error("a snapshot that never was")
	}
}

// TestFiguresStand holds the figures that orders were made under: they change by a new row, never within an old one. A
// new policy, with figures for the past, changes the digests and nothing else.
func TestFiguresStand(t *testing.T) {
	want := map[string]string{
		"2020-01-01": "524b2de7e61ce210",
		"2025-09-17": "fc2b66c92f696db2",
	}
	for day, digest := range want {
		got, err := policy.At(kst(t, day)).Digest()
		if err != nil {
			t.Fatal(err)
		}
		if got != digest {
			t.Errorf("figures of %s: got %s, want %s", day, got, digest)
		}
	}
}

// change edits the table's JSON as a person might, and gives it back.
func change(t *testing.T, edit func(table map[string]any)) []byte {
	t.Helper()
	raw, err := os.ReadFile("table.json")
	if err != nil {
		t.Fatal(err)
	}
	var table map[string]any
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	edit(table)
	raw, err = json.Marshal(table)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func row(table map[string]any, name string, i int) map[string]any {
	return table[name].([]any)[i].(map[string]any)
}

func value(table map[string]any, name string, i int) map[string]any {
	return row(table, name, i)["value"].(map[string]any)
}

func TestReadRefuses(t *testing.T) {
	rows := []struct {
		name string
		edit func(table map[string]any)
		want string
	}{
		{"unknown policy", func(m map[string]any) { m["sharing"] = []any{} }, "unknown field"},
		{"unknown key", func(m map[string]any) { value(m, "hold", 0)["hours"] = 1 }, "unknown field"},
		{"unknown key of a row", func(m map[string]any) { row(m, "hold", 0)["until"] = "2030-01-01" }, "unknown field"},
		{"missing policy", func(m map[string]any) { delete(m, "undo") }, "undo: no row"},
		{"no source", func(m map[string]any) { row(m, "undo", 0)["source"] = "" }, "no source"},
		{"wrong order", func(m map[string]any) { row(m, "refund", 1)["from"] = "2026-01-01" }, "youngest stands first"},
		{"twice a day", func(m map[string]any) { row(m, "refund", 1)["from"] = "2025-09-17" }, "youngest stands first"},
		{"no date", func(m map[string]any) { row(m, "undo", 0)["from"] = "2025-02-29" }, "day \"2025-02-29\""},
		{"no time", func(m map[string]any) { value(m, "settlement", 0)["issue_at"] = "24:10" }, "time of day"},
		{"rate above the whole", func(m map[string]any) { value(m, "interest", 0)["rate_bp"] = 10_001 }, "rate_bp"},
		{"commission that leaves nothing", func(m map[string]any) { value(m, "commission", 0)["bp_max"] = 9_500 }, "bp_max"},
		{"discount weighs", func(m map[string]any) {
			value(m, "queue", 0)["discount"], value(m, "queue", 0)["region"] = 5, 10
		}, "queue.discount"},
		{"weights", func(m map[string]any) { value(m, "queue", 0)["region"] = 10 }, "queue is out"},
		{"missing figure", func(m map[string]any) { delete(value(m, "hold", 0), "minutes") }, "hold.minutes"},
		{"profile missing", func(m map[string]any) {
			p := value(m, "refund", 0)
			p["profiles"] = p["profiles"].([]any)[:2]
		}, "legacy70 is missing"},
		{"reminders rise", func(m map[string]any) { value(m, "reminder", 0)["days"] = []any{7, 14} }, "reminder.days"},
		{"gateway never pays", func(m map[string]any) { value(m, "gateway", 0)["business_days"] = 0 },
			"gateway.business_days"},
		{"zone", func(m map[string]any) { value(m, "tipping", 0)["zone"] = "Asia/Busan" }, "Busan"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, err := policy.Read(change(t, row.edit))
			if !errors.Is(err, policy.ErrTable) {
				t.Fatalf("got %v, want ErrTable", err)
			}
			if !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
	if _, err := policy.Read(append(change(t, func(map[string]any) {}), " {}"...)); !errors.Is(err, policy.ErrTable) {
		t.Errorf("a second table: got %v", err)
	}
}

// TestCategoriesHaveTheirOwnNumbers: a wish needs as many people as its category says, or the nearest one above it.
func TestCategoriesHaveTheirOwnNumbers(t *testing.T) {
	g := policy.At(kst(t, "2026-11-22")).Wanted.Gather
	for id, want := range map[market.CategoryID]int64{"": 30, "eat": 30, "play": 20, "play.camp": 20, "playful": 30,
		"learn.class": 12} {
		if got := g.ThresholdOf(id); got != want {
			t.Errorf("%q needs %d, want %d", id, got, want)
		}
	}
	raw := change(t, func(table map[string]any) {
		row := table["wanted"].([]any)[0].(map[string]any)["value"].(map[string]any)
		row["gather"].(map[string]any)["threshold"] = 0
	})
	if _, err := policy.Read(raw); !errors.Is(err, policy.ErrTable) {
		t.Errorf("a wish of nobody: %v", err)
	}
}
