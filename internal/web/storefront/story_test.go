package storefront_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/storefront"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

var update = flag.Bool("update", false, "write the golden files anew")

func book(t *testing.T) http.Handler {
	t.Helper()
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ui.Book{Stories: storefront.Stories(), Loc: func(lang string) ui.Loc { return bundle.For(lang) },
		Now: storefront.StoryNow()}.Mount(mux)
	return mux
}

func story(t *testing.T, mux http.Handler, address string) string {
	t.Helper()
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%s answered %d: %s", address, w.Code, w.Body)
	}
	return w.Body.String()
}

var (
	content = regexp.MustCompile(`(?s)<main.*</main>`)
	hashed  = regexp.MustCompile(`(/assets/[a-z_]+)\.[0-9a-f]{10}\.`)
	inline  = regexp.MustCompile(`(?i)<style|\sstyle=|<script(\s[^>]*)?>[^<]|\son[a-z]+="|javascript:`)
	bareKey = regexp.MustCompile(`[>" ](deal|order|payment|storefront|policy|form|listing|directory)\.[a-z_]+[a-z_.]*`)
)

// The goldens hold what stands inside the frame: the frame has goldens of its own.
func TestStoriesLookAsBefore(t *testing.T) {
	mux := book(t)
	for _, one := range storefront.Stories() {
		got := hashed.ReplaceAllString(content.FindString(story(t, mux, one.Address())), "$1.HASH.")
		got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
		file := filepath.Join("testdata", one.Group+"-"+one.Name+".html")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s: %v; run go test ./internal/web/storefront -update and look at the result", one.Address(), err)
			continue
		}
		if got != string(want) {
			t.Errorf("%s changed; look at it, then run go test ./internal/web/storefront -update", one.Address())
		}
	}
}

func TestStoriesKeepThePolicyInBothLanguages(t *testing.T) {
	mux := book(t)
	for _, one := range storefront.Stories() {
		for _, lang := range []string{"ko", "en"} {
			text := story(t, mux, one.Address()+"?lang="+lang)
			if found := inline.FindString(text); found != "" {
				t.Errorf("%s: the content policy refuses %q", one.Address(), found)
			}
			if found := bareKey.FindString(text); found != "" {
				t.Errorf("%s in %s shows the bare key %q", one.Address(), lang, found)
			}
		}
	}
}

// The files of a first load weigh up to 72 KB (asset's own test); a page has the rest of the 100 KB.
func TestPagesStaySmall(t *testing.T) {
	mux, largest := book(t), 0
	for _, one := range storefront.Stories() {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write([]byte(story(t, mux, one.Address()))); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		largest = max(largest, packed.Len())
		if packed.Len() > 20<<10 {
			t.Errorf("%s weighs %d bytes, more than 20 KB", one.Address(), packed.Len())
		}
	}
	t.Logf("the largest page weighs %d bytes", largest)
}

// Every refusal of the sale is written in both languages.
func TestEveryRefusalOfTheSaleIsWritten(t *testing.T) {
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`fail\.New\(fail\.\w+, "([a-z_.]+)"\)`)
	for _, folder := range []string{"market/deal", "market/order", "market/payment", "flow/publish", "flow/checkout",
		"flow/tipping"} {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(folder), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllSubmatch(text, -1) {
				for _, lang := range []string{i18n.Korean, i18n.English} {
					if !bundle.For(lang).Has(string(m[1])) {
						t.Errorf("%s: %s has no sentence in %s", filepath.Base(file), m[1], lang)
					}
				}
			}
		}
	}
}
