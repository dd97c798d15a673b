package tidy

import (
	"testing"
)

// migration is a complete folder whose up.sql can be replaced.
func migration(up string, more map[string]string) map[string]string {
	tree := map[string]string{
		"internal/schema/0001_deal/up.sql":     up,
		"internal/schema/0001_deal/notes.md":   "owner: deal\n",
		"internal/schema/0001_deal/before.sql": "",
		"internal/schema/0001_deal/after.sql":  "",
	}
	for name, text := range more {
		tree[name] = text
	}
	return tree
}

func TestMigrationsBite(t *testing.T) {
	const table = "CREATE TABLE deal (\n  id text PRIMARY KEY\n);\n"
	bite(t, Migrations, []planted{
		{"fine", migration(table, nil), ""},
		{"types", migration("CREATE TABLE deal (\n  id text PRIMARY KEY,\n  at timestamptz NOT NULL\n);\n", nil),
			"internal/schema/0001_deal/up.sql:3: column at is timestamptz: columns are text, bigint, boolean or bytea"},
		{"default", migration("CREATE TABLE deal (\n  at bigint DEFAULT now()\n);\n", nil),
			"internal/schema/0001_deal/up.sql:2: now( is not in the shared subset: bind tx.Now() as microseconds"},
		{"folder name", migration(table, one("internal/schema/deal/up.sql", "")),
			"internal/schema/deal: a migration is a folder NNNN_name"},
		{"number twice", migration(table, map[string]string{
			"internal/schema/0001_again/up.sql": "", "internal/schema/0001_again/notes.md": "owner: deal\n",
			"internal/schema/0001_again/before.sql": "", "internal/schema/0001_again/after.sql": "",
		}), "internal/schema/0001_deal: has the number of internal/schema/0001_again"},
		{"incomplete", one("internal/schema/0001_deal/notes.md", "nothing\n"), `
internal/schema/0001_deal/notes.md:1: has no line "owner: <noun>"
internal/schema/0001_deal: has no after.sql
internal/schema/0001_deal: has no before.sql
internal/schema/0001_deal: has no up.sql`},
		{"foreign key to another noun", migration(table, map[string]string{
			"internal/schema/0002_order/up.sql":     "CREATE TABLE orders (\n  deal_id text REFERENCES deal (id)\n);\n",
			"internal/schema/0002_order/notes.md":   "owner: order\n",
			"internal/schema/0002_order/before.sql": "", "internal/schema/0002_order/after.sql": "",
		}), "internal/schema/0002_order/up.sql:2: orders refers to deal of another noun: " +
			"keep the id as text, without a foreign key"},
	})
}

func TestFrozenBites(t *testing.T) {
	const released = "# released\n7ffbb1d8d6a1cf1d2b4c0f3ad7f1f2f3 0002_deal\n"
	tree := map[string]string{
		FrozenFile:                            released,
		"internal/schema/0002_deal/up.sql":    "CREATE TABLE deal (id text);\n",
		"internal/schema/0001_early/up.sql":   "CREATE TABLE early (id text);\n",
		"internal/schema/0003_later/notes.md": "owner: later\n",
	}
	bite(t, Frozen, []planted{
		{"changed, and one slipped in before", tree, `
internal/schema/0001_early: comes before a released migration: give it the next number
internal/schema/0002_deal: was released and has changed: put it back and add a new migration`},
		{"gone", one(FrozenFile, released), "internal/tidy/migrations.sum:2: a released migration is gone: 0002_deal"},
	})
}

func TestFrozenAcceptsWhatItWrote(t *testing.T) {
	tree := map[string]string{"internal/schema/0002_deal/up.sql": "CREATE TABLE deal (id text);\n"}
	r := load(t, tree)
	tree[FrozenFile] = Sum(r, "0002_deal") + " 0002_deal\n"
	bite(t, Frozen, []planted{{"as released", tree, ""}})
	tree["internal/schema/0002_deal/up.sqlite.sql"] = "CREATE TRIGGER x;\n"
	bite(t, Frozen, []planted{{"more for one engine", tree,
		"internal/schema/0002_deal: was released and has changed: put it back and add a new migration"}})
}

func TestCataloguesBite(t *testing.T) {
	pair := func(ko, en string) map[string]string {
		return map[string]string{"internal/web/ui/locale/ko/deal.json": ko, "internal/web/ui/locale/en/deal.json": en}
	}
	code := func(line string) map[string]string {
		tree := pair(`{"deal.sold_out": "다 팔렸어요."}`, `{"deal.sold_out": "Sold out."}`)
		tree["internal/market/deal/a.go"] = "package deal\n\nvar a = " + line + "\n"
		return tree
	}
	bite(t, Catalogues, []planted{
		{"same keys", pair(`{"deal.a": "{{.Name}}님"}`, `{"deal.a": {"one": "{{.Name}}", "other": "{{.Name}}"}}`), ""},
		{"missing in English", pair(`{"deal.a": "가"}`, `{}`),
			`internal/web/ui/locale/en/deal.json: key "deal.a" of ko is missing`},
		{"missing in Korean", pair(`{}`, `{"deal.a": "a"}`),
			`internal/web/ui/locale/ko/deal.json: key "deal.a" of en is missing`},
		{"no twin", one("internal/web/ui/locale/ko/deal.json", `{}`),
			"internal/web/ui/locale/ko/deal.json: has no twin in en"},
		{"placeholders", pair(`{"deal.a": "{{count .Left}}개"}`, `{"deal.a": "{{count .Count}}"}`),
			`internal/web/ui/locale/ko/deal.json: key "deal.a": placeholders [Left] in ko, [Count] in en`},
		{"unreadable", pair(`{`, `{}`), "internal/web/ui/locale/ko/deal.json: not a catalogue: unexpected end of JSON input"},
		{"error code", code(`fail.New(fail.Conflict, "deal.sold_out")`), ""},
		{"unknown error code", code(`fail.New(fail.Conflict, "deal.gone")`),
			`internal/market/deal/a.go:3: key "deal.gone" is in no catalogue`},
		{"unknown text", code(`loc.T("deal.title")`), `internal/market/deal/a.go:3: key "deal.title" is in no catalogue`},
	})
}

func TestDocumentsBite(t *testing.T) {
	bite(t, Documents, []planted{
		{"links", map[string]string{
			"docs/a.md": "# One `two` 셋\n\n[here](b.md) [there](c.md) [x](https://example.org)\n" +
				"[up](#one-two-셋) [down](b.md#none)\n\n```\n[code](d.md)\n```\n",
			"docs/b.md": "# B\n",
		}, `
docs/a.md:3: link c.md leads nowhere
docs/a.md:4: link b.md#none names a heading that is not there`},
		{"map", map[string]string{
			"ARCHITECTURE.md":     "`internal/kit/db` and\n`internal/kit/gone`\n",
			"internal/kit/db/a.x": "",
		}, "ARCHITECTURE.md:2: names internal/kit/gone, which does not exist"},
	})
}

func TestMachinesBite(t *testing.T) {
	bite(t, Machines, []planted{
		{"home", one("docs/a.md", "see /home/mina/dure\n"), "docs/a.md:1: names a place of one machine: /home/mina/d"},
		{"registry", one("Makefile", "export GOPROXY=x\n"), "Makefile:1: names a place of one machine: GOPROXY="},
		{"web path", one("docs/a.md", "the page /orders/1 and /tmp\n"), ""},
	})
}

func TestInvariantsBite(t *testing.T) {
	tree := func(statement string) map[string]string {
		return map[string]string{
			invariantsFile:             "| 1 | Debits equal credits. | A |\n",
			"internal/market/a/doc.go": "package a\n\nfunc f() {\n\tassert.That(ok, \"" + statement + "\")\n}\n",
		}
	}
	const remedy = ": begin with the number of an invariant in docs/invariants.md"
	bite(t, Invariants, []planted{
		{"cited", tree("1 sums to zero"), ""},
		{"cited with its letter", tree("I-1 sums to zero"), ""},
		{"unknown", tree("2 sums to zero"), `internal/market/a/doc.go:4: assertion "2 sums to zero"` + remedy},
		{"without a number", tree("sums to zero"), `internal/market/a/doc.go:4: assertion "sums to zero"` + remedy},
	})
}
