package tidy

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// planted is a repository with one mistake, and the message the check must give.
type planted struct {
	name  string
	files map[string]string
	want  string // lines; "" when nothing is wrong
}

// bite runs a check on planted mistakes and compares its messages word by word.
func bite(t *testing.T, check func(*Repository) []Finding, cases []planted) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(report(check(load(t, c.files))), "\n")
			if diff := cmp.Diff(strings.TrimSpace(c.want), got); diff != "" {
				t.Errorf("messages (- want, + got):\n%s", diff)
			}
		})
	}
}

func load(t *testing.T, files map[string]string) *Repository {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, err := Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func one(name, text string) map[string]string { return map[string]string{name: text} }

// importing is a file whose only content is an import from this module.
func importing(target string) string {
	return "package x\n\nimport _ \"" + modulePath + "/" + target + "\"\n"
}

func TestImportsBite(t *testing.T) {
	const sink = ": imports point down: cmd → app → web → flow → market → kit"
	bite(t, Imports, []planted{
		{"down", one("internal/web/counter/a.go", importing("internal/flow/redeem")), ""},
		{"far down", one("internal/app/a.go", importing("internal/kit/db")), ""},
		{"up", one("internal/market/deal/a.go", importing("internal/flow/checkout")),
			"internal/market/deal/a.go:3: imports internal/flow/checkout" + sink},
		{"kit up", one("internal/kit/form/a.go", importing("internal/market")),
			"internal/kit/form/a.go:3: imports internal/market" + sink},
		{"sideways in market", one("internal/market/deal/a.go", importing("internal/market/order")),
			"internal/market/deal/a.go:3: imports internal/market/order: " +
				"never sideways inside market: an event or a flow is missing"},
		{"a noun's own parts", one("internal/market/payment/toss/a.go", importing("internal/market/payment/gateway")), ""},
		{"vocabulary", one("internal/market/deal/a.go", importing("internal/market")), ""},
		{"events", one("internal/market/deal/a.go", importing("internal/market/event")), ""},
		{"catalog joins", one("internal/market/catalog/a.go", importing("internal/market/deal")), ""},
		{"sideways in flow", one("internal/flow/redeem/a.go", importing("internal/flow/refund")),
			"internal/flow/redeem/a.go:3: imports internal/flow/refund: " +
				"never sideways inside flow: an event or a flow is missing"},
		{"what flows post alike", one("internal/flow/redeem/a.go", importing("internal/flow/outcome")), ""},
		{"flow tests make worlds", one("internal/flow/redeem/a_test.go", importing("internal/flow/refund")), ""},
		{"sideways in web", one("internal/web/office/a.go", importing("internal/web/admin")),
			"internal/web/office/a.go:3: imports internal/web/admin: " +
				"never sideways inside web: an event or a flow is missing"},
		{"pages share ui", one("internal/web/office/a.go", importing("internal/web/ui")), ""},
		{"sandbox", one("internal/sandbox/a.go", importing("internal/market/payment")),
			"internal/sandbox/a.go:3: imports internal/market/payment" + sink},
		{"product and sandbox", one("internal/flow/checkout/a.go", importing("internal/sandbox")),
			"internal/flow/checkout/a.go:3: imports internal/sandbox: only app, what stands beside it and tests know " +
				"the sandbox; the product speaks to it over HTTP"},
		{"product and schema", one("internal/market/deal/a.go", importing("internal/schema")),
			"internal/market/deal/a.go:3: imports internal/schema: only app and what stands beside it know the migrations"},
		{"app imports a command", one("internal/sim/a.go", importing("cmd/dure")),
			"internal/sim/a.go:3: imports cmd/dure: imports point down: nothing imports a command"},
		{"test package in a binary", one("internal/app/a.go", importing("internal/kit/db/dbtest")),
			"internal/app/a.go:3: imports internal/kit/db/dbtest: only tests may import what is made for tests"},
		{"test package in a test", one("internal/market/deal/a_test.go", importing("internal/kit/db/dbtest")), ""},
	})
}

func TestTestLibrariesBite(t *testing.T) {
	const text = "package x\n\nimport _ \"pgregory.net/rapid\"\n"
	bite(t, TestLibraries, []planted{
		{"in the product", one("internal/market/deal/a.go", text), "internal/market/deal/a.go:3: imports " +
			"pgregory.net/rapid: libraries for tests belong into _test.go files and …test packages"},
		{"in a test", one("internal/market/deal/a_test.go", text), ""},
		{"in a test package", one("internal/web/ui/uitest/a.go", text), ""},
	})
}

func TestWriteTransactionsBite(t *testing.T) {
	const text = "package x\n\nfunc f() {\n\td.Write(c, func(tx *db.Tx) error { return nil })\n}\n"
	const named = "package x\n\nfunc f() {\n\td.Write(ctx, step)\n}\n"
	bite(t, WriteTransactions, []planted{
		{"noun", one("internal/market/deal/a.go", text),
			"internal/market/deal/a.go:4: opens a write transaction: only a flow does; take a *db.Tx instead"},
		{"page", one("internal/web/office/a.go", named),
			"internal/web/office/a.go:4: opens a write transaction: only a flow does; take a *db.Tx instead"},
		{"flow", one("internal/flow/redeem/a.go", text), ""},
		{"another Write", one("internal/web/office/a.go", "package x\n\nfunc f() {\n\tw.Write(b)\n}\n"), ""},
	})
}

func TestTablesBite(t *testing.T) {
	tree := func(name, body string) map[string]string {
		return map[string]string{
			"internal/schema/0001_deal/up.sql":    "CREATE TABLE deal (\n  id text PRIMARY KEY\n);\n",
			"internal/schema/0001_deal/notes.md":  "owner: deal\n",
			"internal/schema/0002_order/up.sql":   "CREATE TABLE orders (\n  id text PRIMARY KEY\n);\n",
			"internal/schema/0002_order/notes.md": "owner: order\n",
			name:                                  "package x\n\n" + body + "\n",
		}
	}
	bite(t, Tables, []planted{
		{"owner", tree("internal/market/deal/store.go", "const a = `UPDATE deal SET id = $1`"), ""},
		{"stranger updates", tree("internal/market/order/store.go", "const a = `UPDATE deal SET id = $1`"),
			"internal/market/order/store.go:3: writes deal, which belongs to deal: ask its owner for a verb"},
		{"stranger inserts many", tree("internal/market/deal/store.go", `var a = db.Insert{Table: "orders"}`),
			"internal/market/deal/store.go:3: writes orders, which belongs to order: ask its owner for a verb"},
		{"stranger deletes", tree("internal/market/deal/store.go", "const a = `DELETE FROM orders WHERE id = $1`"),
			"internal/market/deal/store.go:3: writes orders, which belongs to order: ask its owner for a verb"},
		{"join", tree("internal/market/deal/store.go",
			"const a = `SELECT d.id FROM deal d JOIN orders o ON o.id = d.id`"),
			"internal/market/deal/store.go:3: joins tables of deal and order: " +
				"joined reads live in market/catalog and market/report"},
		{"catalog joins", tree("internal/market/catalog/store.go",
			"const a = `SELECT d.id FROM deal d JOIN orders o ON o.id = d.id`"), ""},
		{"SQL in a flow", tree("internal/flow/redeem/store.go", "const a = `SELECT id FROM deal`"),
			"internal/flow/redeem/store.go:3: SQL stands in market and kit: give the noun a verb for it"},
		{"SQL in a page", tree("internal/web/office/a.go", "const a = `SELECT id FROM deal`"),
			"internal/web/office/a.go:3: SQL stands in market and kit: give the noun a verb for it"},
		{"prose", tree("internal/web/office/a.go", `const a = "Select a deal from the list"`), ""},
	})
}

func TestFlowsBite(t *testing.T) {
	const text = "package x\n\nfunc f() {\n\tif d.State == deal.Open {\n\t}\n\tswitch d.State {\n\t}\n" +
		"\ta.AddDate(0, 0, 7)\n}\n"
	bite(t, Flows, []planted{
		{"flow", one("internal/flow/redeem/a.go", text), `
internal/flow/redeem/a.go:4: a flow compares a noun's state: let the noun's rule decide
internal/flow/redeem/a.go:6: a flow switches on a noun's state: let the noun's rule decide
internal/flow/redeem/a.go:8: a flow reckons with dates: let the noun's rule do it`},
		{"noun", one("internal/market/deal/a.go", text), ""},
	})
}
