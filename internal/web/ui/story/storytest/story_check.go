package storytest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

var (
	content = regexp.MustCompile(`(?s)<main.*</main>`)
	hashed  = regexp.MustCompile(`(/assets/[a-z_]+)\.[0-9a-f]{10}\.`)
	inline  = regexp.MustCompile(`(?i)<style|\sstyle=|<script(\s[^>]*)?>[^<]|\son[a-z]+="|javascript:`)
	hollow  = regexp.MustCompile(`<no value>|%!`)
	visible = regexp.MustCompile(`>[^<>]+<|(?:aria-label|placeholder|title|alt)="[^"]+"`)
	bareKey = regexp.MustCompile(`(?:^|[>" ])([a-z]+(?:_[a-z]+)*(?:\.[a-z_]+)+)(?:$|[<" ])`)
)

// Check holds the stories against the golden files of the package's testdata, or writes those anew, and against what
// every page keeps: no inline script or style, no bare key and no gap, in both languages.
func Check(t *testing.T, stories []ui.Story, update bool) {
	t.Helper()
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ui.Book{Stories: stories, Loc: func(lang string) ui.Loc { return bundle.For(lang) }}.Mount(mux)
	seen := map[string]bool{}
	for _, one := range stories {
		if seen[one.Address()] {
			t.Errorf("%s stands twice", one.Address())
		}
		seen[one.Address()] = true
		golden(t, one, page(t, mux, one.Address()), update)
		for _, lang := range []string{i18n.Korean, i18n.English} {
			keeps(t, one, lang, page(t, mux, one.Address()+"?lang="+lang))
		}
	}
}

func page(t *testing.T, mux http.Handler, address string) string {
	t.Helper()
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%s answered %d: %s", address, w.Code, w.Body)
	}
	return w.Body.String()
}

// golden compares what stands inside the frame: the frame has goldens of its own.
func golden(t *testing.T, one ui.Story, text string, update bool) {
	t.Helper()
	got := hashed.ReplaceAllString(content.FindString(text), "$1.HASH.")
	got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
	file := filepath.Join("testdata", one.Name+".html")
	if update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s changed (%v); look at it, then run go test with -update in its package", one.Address(), err)
	}
}

func keeps(t *testing.T, one ui.Story, lang, text string) {
	t.Helper()
	if found := inline.FindString(text); found != "" {
		t.Errorf("%s: the content policy refuses %q", one.Address(), found)
	}
	if found := hollow.FindString(text); found != "" {
		t.Errorf("%s in %s shows %q", one.Address(), lang, found)
	}
	for _, said := range visible.FindAllString(text, -1) {
		key := bareKey.FindStringSubmatch(strings.Trim(said, "<>"))
		if key != nil && areas()[strings.SplitN(key[1], ".", 2)[0]] {
			t.Errorf("%s in %s shows the bare key %q", one.Address(), lang, key[1])
		}
	}
}

// areas are the first words of keys whose catalogues the pages speak from.
func areas() map[string]bool {
	return map[string]bool{"signin": true, "enroll": true, "claim": true, "merchant": true, "admin": true,
		"console": true, "notice": true, "demo": true, "wallet": true, "account": true, "directory": true, "form": true,
		"ui": true, "doctor": true, "request": true, "deal": true, "settlement": true,
		"wanted": true, "wish": true, "bid": true}
}
