package story_test

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
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/story"
)

var update = flag.Bool("update", false, "write the golden files anew")

func book(t *testing.T) http.Handler {
	t.Helper()
	words := map[string]ui.Loc{"ko": speaker(t, "ko"), "en": speaker(t, "en")}
	mux := http.NewServeMux()
	ui.Book{
		Stories: story.All(), Loc: func(lang string) ui.Loc { return words[lang] }, Now: story.Now(),
	}.Mount(mux)
	return mux
}

func page(t *testing.T, mux http.Handler, address string) string {
	t.Helper()
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%s answered %d: %s", address, w.Code, w.Body)
	}
	return w.Body.String()
}

// hashed addresses change with every rebuild of the files, which is no change of a part.
var hashed = regexp.MustCompile(`(/assets/[a-z_]+)\.[0-9a-f]{10}\.`)

func TestStoriesLookAsBefore(t *testing.T) {
	mux := book(t)
	for _, one := range story.All() {
		got := hashed.ReplaceAllString(page(t, mux, one.Address()), "$1.HASH.")
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
			t.Errorf("%s: %v; run go test ./internal/web/ui/story -update and look at the result", one.Address(), err)
			continue
		}
		if got != string(want) {
			t.Errorf("%s changed; look at it, then run go test ./internal/web/ui/story -update\n%s", one.Address(),
				firstDifference(string(want), got))
		}
	}
}

func firstDifference(want, got string) string {
	before, after := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(before), len(after)) {
		if before[i] != after[i] {
			return "was: " + before[i] + "\nnow: " + after[i]
		}
	}
	return "one is longer than the other"
}

var (
	inlineThing = regexp.MustCompile(`(?i)<style|\sstyle=|<script(\s[^>]*)?>[^<]|\son[a-z]+="|javascript:|hx-on`)
	bareKey     = regexp.MustCompile(`[>" ]ui\.[a-z_]+`)
	identity    = regexp.MustCompile(`\sid="([^"]*)"`)
	described   = regexp.MustCompile(`aria-(?:describedby|labelledby)="([^"]*)"`)
	iconUse     = regexp.MustCompile(`<use href="[^"#]*#([a-z0-9-]+)"`)
	labelFor    = regexp.MustCompile(`\sfor="([^"]*)"`)
)

func TestStoriesKeepThePolicyAndTheirPromises(t *testing.T) {
	mux := book(t)
	sprite, err := asset.Read("icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range story.All() {
		for _, lang := range []string{"ko", "en"} {
			text := page(t, mux, one.Address()+"?lang="+lang)
			if found := inlineThing.FindString(text); found != "" {
				t.Errorf("%s: the content policy refuses %q", one.Address(), found)
			}
			if found := bareKey.FindString(text); found != "" {
				t.Errorf("%s in %s shows the bare key %q", one.Address(), lang, found)
			}
			ids := map[string]bool{}
			for _, match := range identity.FindAllStringSubmatch(text, -1) {
				if ids[match[1]] {
					t.Errorf("%s: id %q stands twice", one.Address(), match[1])
				}
				ids[match[1]] = true
			}
			pointers := described.FindAllStringSubmatch(text, -1)
			for _, match := range append(pointers, labelFor.FindAllStringSubmatch(text, -1)...) {
				for id := range strings.FieldsSeq(match[1]) {
					if !ids[id] {
						t.Errorf("%s: nothing has the id %q", one.Address(), id)
					}
				}
			}
			for _, match := range iconUse.FindAllStringSubmatch(text, -1) {
				if !bytes.Contains(sprite, []byte(`id="`+match[1]+`"`)) {
					t.Errorf("%s: no icon %q in the sprite; copy it from lucide-static and generate", one.Address(), match[1])
				}
			}
		}
	}
}

// The files of a first load may weigh 72 KB (asset's test); the page itself has the rest of the 100 KB.
func TestPagesStaySmall(t *testing.T) {
	mux := book(t)
	for _, one := range story.All() {
		if one.Group != "page" {
			continue
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write([]byte(page(t, mux, one.Address()))); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if packed.Len() > 20<<10 {
			t.Errorf("%s weighs %d bytes, more than 20 KB", one.Address(), packed.Len())
		}
	}
}

func TestCataloguesHoldTheSameSentences(t *testing.T) {
	if err := i18n.CheckCatalogues(ownWords(t)); err != nil {
		t.Error(err)
	}
}

func TestTheBookListsEveryStoryAndRefusesUnknownOnes(t *testing.T) {
	mux := book(t)
	list := page(t, mux, "/stories/")
	for _, one := range story.All() {
		if !strings.Contains(list, one.Address()) {
			t.Errorf("the list lacks %s", one.Address())
		}
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/stories/none/none", http.NoBody))
	if w.Code != http.StatusNotFound {
		t.Errorf("an unknown story answered %d", w.Code)
	}
}
