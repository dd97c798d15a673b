package tidy

import (
	"strings"
	"testing"
)

func sqlIn(text string) map[string]string {
	return one("internal/market/deal/store.go", "package x\n\nconst a = `"+text+"`\n")
}

func TestSubsetBites(t *testing.T) {
	const at = "internal/market/deal/store.go:3: SQL "
	const outside = " is not in the shared subset: "
	bite(t, Subset, []planted{
		{"fine", sqlIn("SELECT id, max(n), count(*) FROM deal WHERE a = $1 AND b = 'now() ?' GROUP BY id"), ""},
		{"now", sqlIn("SELECT now() FROM deal"), at + `"now("` + outside + "bind tx.Now() as microseconds"},
		{"cast", sqlIn("SELECT a::text FROM deal"), at + `"::"` + outside + "write CAST(… AS …)"},
		{"ilike", sqlIn("SELECT a FROM deal WHERE a ILIKE $1"), at + `"ILIKE"` + outside +
			"the engines match differently: compare folded keys with LIKE, or use the search seam"},
		{"distinct on", sqlIn("SELECT DISTINCT ON (a) a FROM deal"),
			at + `"DISTINCT ON"` + outside + "use a window function"},
		{"greatest", sqlIn("SELECT greatest(a, b) FROM deal"), at + `"greatest("` + outside + "write CASE WHEN"},
		{"scalar max", sqlIn("SELECT max(a, f(b, c)) FROM deal"), at + `"max(…, …)"` + outside + "write CASE WHEN"},
		{"json", sqlIn("SELECT a->>'b' FROM deal"), at + `"->"` + outside + "json is text that SQL never looks into"},
		{"for update", sqlIn("SELECT a FROM deal FOR UPDATE"), at + `"FOR UPDATE"` + outside +
			"use a guarded UPDATE, or tx.Claim() for work to pick up"},
		{"star", sqlIn("SELECT d.* FROM deal d"), at + `"SELECT d.*"` + outside +
			"list the columns, in a constant beside the scan"},
		{"cte with a write", sqlIn("WITH a AS (DELETE FROM deal RETURNING id) SELECT id FROM a"),
			at + `"AS (DELETE"` + outside + "a CTE holds no INSERT, UPDATE or DELETE; use db.UpdateMany\n" +
				at + `"WITH a … (DELETE FROM"` + outside + "a write has no CTE; use db.InsertMany or db.UpdateMany"},
		{"mark of the search seam", sqlIn("/* sqlite only */ SELECT a FROM deal"),
			at + `"/*"` + outside + "a statement needs no comment; only the search seam marks its own words"},
		{"question mark", sqlIn("SELECT a FROM deal WHERE b = ?"), at + `"?"` + outside + "placeholders are $1, $2, …"},
		{"lower case", sqlIn("select a from deal"),
			"internal/market/deal/store.go:3: SQL keywords are written in capitals: SELECT"},
		{"joined text", one("internal/market/deal/store.go",
			"package x\n\nconst a = `SELECT a ` + columns + ` FROM deal FOR ` + `SHARE`\n"),
			at + `"FOR SHARE"` + outside + "use a guarded UPDATE, or tx.Claim() for work to pick up"},
		{"fragment", one("internal/market/deal/store.go",
			"package x\n\nvar a = db.Update{Table: \"deal\", Where: \"deal.a = v.a::bigint\"}\n"),
			at + `"::"` + outside + "write CAST(… AS …)"},
	})
}

func TestBansBite(t *testing.T) {
	in := func(imports, body string) map[string]string {
		return one("internal/market/deal/a.go", "package x\n\nimport \""+imports+"\"\n\nfunc f() {\n\t"+body+"\n}\n")
	}
	const at = "internal/market/deal/a.go:6: "
	bite(t, Bans, []planted{
		{"clock", in("time", "time.Now()"), at + "time.Now: only kit/clock reads the clock; take now time.Time, or tx.Now()"},
		{"clock as a value", in("time", "g(time.Now)"),
			at + "time.Now: only kit/clock reads the clock; take now time.Time, or tx.Now()"},
		{"sleep", in("time", "time.Sleep(1)"), at + "time.Sleep: never sleep: wait for a signal, or use testing/synctest"},
		{"sleep in a bubble", one("internal/kit/live/a_test.go",
			"package x\n\nimport \"time\"\nimport \"testing/synctest\"\n\nfunc f() { time.Sleep(1) }\n"), ""},
		{"print", in("fmt", "fmt.Println(1)"),
			at + "fmt.Println: libraries do not print; write to an io.Writer or log with slog"},
		{"exit", in("os", "os.Exit(1)"), at + "os.Exit: only a command ends the program; return an error"},
		{"panic", in("os", "panic(1)"), at + "panic: return an error, or use assert.That for our own mistakes"},
		{"panic let through", in("os", "p := recover(); panic(p)"), ""},
		{"skip", in("testing", "t.Skip()"), at + "no skipping: a test that cannot run fails and says what to install"},
		{"random", in("math/rand", "rand.Int()"),
			"internal/market/deal/a.go:3: imports math/rand: randomness comes from kit/id"},
		{"secure random", in("crypto/rand", "rand.Int()"),
			"internal/market/deal/a.go:3: imports crypto/rand: randomness comes from kit/id"},
		{"init", one("internal/market/deal/a.go", "package x\n\nfunc init() {}\n"),
			"internal/market/deal/a.go:3: no init(): construct it where it is used"},
		{"at home", one("internal/kit/clock/a.go", "package x\n\nimport \"time\"\n\nvar a = time.Now\n"), ""},
		{"another now", one("internal/market/deal/a.go", "package x\n\nvar a = tx.Now()\n"), ""},
	})
}

func TestFloatsBite(t *testing.T) {
	bite(t, Floats, []planted{
		{"type", one("internal/market/ledger/a.go", "package x\n\nvar a float64\n"),
			"internal/market/ledger/a.go:3: float64: money is int64 won"},
		{"number", one("internal/market/ledger/a.go", "package x\n\nvar a = 0.1\n"),
			"internal/market/ledger/a.go:3: 0.1: no fractions near money; rates are basis points"},
		{"far from money", one("internal/kit/shape/a.go", "package x\n\nvar a float64\n"), ""},
	})
}

func TestLeftoversBite(t *testing.T) {
	word := "TO" + "DO"
	bite(t, Leftovers, []planted{
		{"note to self", one("internal/market/deal/a.go", "package x\n\n// "+word+": later\n"),
			"internal/market/deal/a.go:3: " + word + ": do it now, or write it into docs/known-limits.md"},
		{"part of a word", one("docs/a.md", "a "+strings.ToLower(word)+"\n"), ""},
	})
}

func TestSizesBite(t *testing.T) {
	body := strings.Repeat("\tf()\n", 70)
	full := "package a\n" + strings.Repeat("\n", 499)
	long := "// " + strings.Repeat("가", 118)
	bite(t, Sizes, []planted{
		{"function", one("internal/a/a.go", "package a\n\nfunc f() {\n"+body+"}\n"),
			"internal/a/a.go:3: function f has 72 lines, at most 70: pull a step out of it"},
		{"parameters", one("internal/a/a.go", "package a\n\nfunc f(a, b, c int, d, e, g string) {}\n"),
			"internal/a/a.go:3: function f takes 6 parameters, at most 5: take a struct"},
		{"line", one("internal/a/a.go", "package a\n\n"+long+"\n"),
			"internal/a/a.go:3: line has 121 characters, at most 120"},
		{"file", one("internal/a/a.go", "package a\n"+strings.Repeat("\n", 500)),
			"internal/a/a.go: file has 501 lines, at most 500: split it by verb"},
		{"test file", one("internal/a/a_test.go", "package a\n"+strings.Repeat("\n", 600)), ""},
		{"package", map[string]string{
			"internal/a/a.go": full, "internal/a/b.go": full, "internal/a/c.go": full, "internal/a/d.go": full,
			"internal/a/e.go": "package a\n", "internal/a/f_test.go": full,
		}, "internal/a: package has 2001 lines, at most 2000: split it by noun or journey"},
		{"root package", map[string]string{
			"internal/market/a.go": "package market\n" + strings.Repeat("\n", 400),
			"internal/market/b.go": "package market\n" + strings.Repeat("\n", 400),
		}, "internal/market: package has 802 lines, at most 700: it holds vocabulary only: ids, Actor, events"},
		{"generated", one("internal/a/a_templ.go",
			"// Code generated by x DO NOT EDIT.\npackage a\n\nfunc f() {\n"+body+"}\n"), ""},
	})
}

func TestRatchetsOnlyMoveDown(t *testing.T) {
	tree := func(ratchet string) map[string]string {
		return map[string]string{
			"internal/a/a.go": "package a\n\nfunc f() {\n" + strings.Repeat("\tf()\n", 80) + "}\n",
			ratchetFile:       "# sizes\n" + ratchet + "\n",
		}
	}
	bite(t, Sizes, []planted{
		{"held", tree("function internal/a/a.go:f 82"), ""},
		{"grown", tree("function internal/a/a.go:f 81"),
			"internal/a/a.go:3: function f has 82 lines, at most 70: pull a step out of it"},
		{"slack", tree("function internal/a/a.go:f 90"),
			"internal/tidy/ratchets.txt: function internal/a/a.go:f is down to 82: lower its ratchet"},
		{"no longer needed", tree("function internal/a/a.go:f 82\nfunction internal/a/a.go:g 90"),
			"internal/tidy/ratchets.txt: function internal/a/a.go:g is within its cap: remove its ratchet"},
		{"unreadable", tree("function internal/a/a.go:f 82\nmany"),
			"internal/tidy/ratchets.txt:3: a ratchet is a name and a size: many"},
	})
}

func TestNamesBite(t *testing.T) {
	bite(t, Names, []planted{
		{"empty name", one("internal/util/doc.go", "// Package util is.\npackage util\n"),
			"internal/util: package util: the name says nothing; name the noun or the verb"},
		{"no comment", one("internal/deal/deal.go", "package deal\n"),
			"internal/deal: no package comment: doc.go says what it is, what it owns, what it will not do"},
		{"comment elsewhere", one("internal/deal/deal.go", "// Package deal is.\npackage deal\n"),
			"internal/deal/deal.go: the package comment stands in doc.go"},
		{"command", one("cmd/dure/main.go", "// Command dure is.\npackage main\n"), ""},
		{"file name", map[string]string{
			"internal/deal/doc.go": "// Package deal is.\npackage deal\n", "internal/deal/dealStore.go": "package deal\n",
		}, "internal/deal/dealStore.go: files are named noun_verb.go, in lower case"},
	})
}
