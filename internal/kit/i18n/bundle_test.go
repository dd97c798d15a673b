package i18n

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func files(pairs ...string) fstest.MapFS {
	system := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		system[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return system
}

func sample() fstest.MapFS {
	return files(
		"ko/shop.json", `{"shop.title":"이웃 가게","shop.hello":"{{.Name}}{{josa .Name \"은/는\"}} 이웃이에요",
			"shop.joined":"{{count .Count}}명이 함께해요","shop.only":"한국어만","shop.sum":"{{won .Amount}} 가운데 {{percent .Rate}}"}`,
		"en/shop.json", `{"shop.title":"Neighbour shop","shop.hello":"{{.Name}} is a neighbour",
			"shop.joined":{"one":"{{count .Count}} person joined","other":"{{count .Count}} people joined"},
			"shop.sum":"{{percent .Rate}} of {{won .Amount}}"}`,
	)
}

func mustNew(t testing.TB, systems ...fs.FS) *Bundle {
	t.Helper()
	bundle, err := New(systems...)
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

func TestSentencesInBothLanguages(t *testing.T) {
	bundle := mustNew(t, sample())
	ko, en := bundle.For("ko"), bundle.For("en")
	for _, row := range []struct{ got, want string }{
		{ko.T("shop.title"), "이웃 가게"},
		{en.T("shop.title"), "Neighbour shop"},
		{ko.T("shop.hello", "Name", "두레"), "두레는 이웃이에요"},
		{ko.T("shop.hello", "Name", "이웃"), "이웃은 이웃이에요"},
		{en.T("shop.hello", "Name", "Dure"), "Dure is a neighbour"},
		{ko.T("shop.joined", "Count", 1200), "1,200명이 함께해요"},
		{en.T("shop.joined", "Count", 1), "1 person joined"},
		{en.T("shop.joined", "Count", int64(2)), "2 people joined"},
		{en.T("shop.joined", "Count", 0), "0 people joined"},
		{ko.T("shop.sum", "Amount", int64(12900), "Rate", 1250), "12,900원 가운데 12.5%"},
		{en.Render("shop.sum", map[string]any{"Amount": int64(12900), "Rate": 1250}), "12.5% of ₩12,900"},
		{en.T("shop.only"), "한국어만"},
		{en.Render("shop.only", nil), "한국어만"},
		{ko.T("shop.nobody_wrote_this"), "shop.nobody_wrote_this"},
		{ko.Render("shop.nobody_wrote_this", nil), "shop.nobody_wrote_this"},
		{ko.T("shop.hello"), "shop.hello"},
		{ko.T("shop.sum", "Amount", "많이", "Rate", 1), "shop.sum"},
		{bundle.For("fr").Lang(), "ko"},
		{en.Lang(), "en"},
	} {
		if row.got != row.want {
			t.Errorf("got %q, want %q", row.got, row.want)
		}
	}
	if !ko.Has("shop.only") || en.Has("shop.only") || !en.Has("shop.joined") {
		t.Error("Has does not tell the languages apart")
	}
	keys := strings.Join(bundle.Keys("en"), " ")
	if !strings.Contains(keys, "shop.hello shop.joined shop.sum shop.title") {
		t.Errorf("keys are %v", keys)
	}
}

func TestNewRefusesBrokenCatalogues(t *testing.T) {
	for name, system := range map[string]fstest.MapFS{
		"not json":            files("ko/a.json", `{`),
		"a list":              files("ko/a.json", `["a"]`),
		"nested":              files("ko/a.json", `{"a":{"b":{"c":"d"}}}`),
		"a number":            files("ko/a.json", `{"a.b":3}`),
		"empty text":          files("ko/a.json", `{"a.b":" "}`),
		"broken template":     files("ko/a.json", `{"a.b":"{{.Name"}`),
		"unknown function":    files("ko/a.json", `{"a.b":"{{shout .Name}}"}`),
		"unknown particle":    files("ko/a.json", `{"a.b":"{{josa .Name \"의\"}}"}`),
		"no other form":       files("en/a.json", `{"a.b":{"one":"x"}}`),
		"unknown plural form": files("en/a.json", `{"a.b":{"several":"x","other":"y"}}`),
		"key twice":           files("ko/a.json", `{"a.b":"x","a.b":"y"}`),
		"key in two files":    files("ko/a.json", `{"a.b":"x"}`, "ko/b.json", `{"a.b":"y"}`),
	} {
		if _, err := New(system); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestCheckCatalogues(t *testing.T) {
	if err := CheckCatalogues(ownLocaleRoot(t)); err != nil {
		t.Errorf("our own: %v", err)
	}
	err := CheckCatalogues(files(
		"ko/a.json", `{"a.ok":"{{.Name}}","a.ko":"x","a.names":"{{.Name}}","a.one":{"one":"x","other":"y"},
			"a.lonely":"{{.Count}}"}`,
		"en/a.json", `{"a.ok":"{{.Name}}!","a.en":"x","a.names":"{{.Shop}}","a.one":"y",
			"a.lonely":{"one":"{{.Count}} {{.Extra}}","other":"{{.Count}}"}}`,
	))
	if err == nil {
		t.Fatal("faults were not seen")
	}
	for _, want := range []string{
		`"a.ko" has no English`, `"a.en" has no Korean`, `"a.names": Korean asks for [Name], English for [Shop]`,
		`"a.one": Korean has no singular`, `"a.lonely": the English singular asks for Extra`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "a.ok") {
		t.Errorf("a good key was blamed:\n%v", err)
	}
}

func ownLocaleRoot(t *testing.T) fs.FS {
	t.Helper()
	root, err := fs.Sub(ownLocale, "locale")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestNegotiate(t *testing.T) {
	for _, row := range []struct{ header, cookie, want string }{
		{"", "", "ko"},
		{"ko-KR,ko;q=0.9,en-US;q=0.8", "", "ko"},
		{"en-GB,en;q=0.9", "", "en"},
		{"en-GB,en;q=0.9", "ko", "ko"},
		{"ko", "en", "en"},
		{"ko", "xx", "ko"},
		{"ja,ko;q=0.5", "", "ko"},
		{"ja", "", "en"},
		{"*", "", "ko"},
		{"en;q=0.1,ko;q=0.9", "", "ko"},
		{"\x00;;;,,q=", "", "ko"},
		{strings.Repeat("en-", 100_000), "", "ko"},
	} {
		if got := Negotiate(row.header, row.cookie); got != row.want {
			t.Errorf("%.40q with cookie %q = %s, want %s", row.header, row.cookie, got, row.want)
		}
	}
}

func BenchmarkPlain(b *testing.B) {
	ko := mustNew(b, sample()).For("ko")
	for b.Loop() {
		_ = ko.T("shop.title")
	}
}

func BenchmarkTemplated(b *testing.B) {
	ko := mustNew(b, sample()).For("ko")
	for b.Loop() {
		_ = ko.T("shop.hello", "Name", "두레")
	}
}

// TestPlainTextIsAllocationFree holds the page path: a key without values costs one look-up and nothing else.
func TestPlainTextIsAllocationFree(t *testing.T) {
	ko := mustNew(t, sample()).For("ko")
	if n := testing.AllocsPerRun(100, func() { _ = ko.T("shop.title") }); n != 0 {
		t.Errorf("a plain text costs %v allocations", n)
	}
}
