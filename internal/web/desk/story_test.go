package desk_test

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/desk/editor"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

var update = flag.Bool("update", false, "write the golden files anew")

func stories() []ui.Story { return append(desk.Stories(), editor.Stories()...) }

func book(t *testing.T) *http.ServeMux {
	t.Helper()
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ui.Book{Stories: stories(), Loc: func(lang string) ui.Loc { return bundle.For(lang) }, Now: desk.StoryNow()}.Mount(mux)
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
	bareKey = regexp.MustCompile(`[>" ](desk|editor|deal|policy|settlement|moment|picture|feedback)\.[a-z_]+[a-z_.]*[<" ]`)
)

// The goldens hold what stands inside the frame: the frame has goldens of its own.
func TestStoriesLookAsBefore(t *testing.T) {
	mux := book(t)
	for _, one := range stories() {
		got := hashed.ReplaceAllString(content.FindString(story(t, mux, one.Address())), "$1.HASH.")
		got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
		file := filepath.Join("testdata", one.Name+".html")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil || got != string(want) {
			t.Errorf("%s changed (%v); look at it, then run go test ./internal/web/desk -update", one.Address(), err)
		}
	}
}

func TestStoriesKeepThePolicyInBothLanguages(t *testing.T) {
	mux := book(t)
	for _, one := range stories() {
		for _, lang := range []string{"ko", "en"} {
			text := story(t, mux, one.Address()+"?lang="+lang)
			if found := inline.FindString(text); found != "" {
				t.Errorf("%s: the content policy refuses %q", one.Address(), found)
			}
			if found := bareKey.FindString(text); found != "" {
				t.Errorf("%s in %s shows the bare key %q", one.Address(), lang, found)
			}
			if found := regexp.MustCompile(`<no value>|%!`).FindString(text); found != "" {
				t.Errorf("%s in %s shows %q", one.Address(), lang, found)
			}
		}
	}
}

// The desk's own sentences, alone: another area's slip must not redden this package.
func TestCataloguesHoldTheSameSentences(t *testing.T) {
	own := fstest.MapFS{}
	for _, lang := range []string{"ko", "en"} {
		for _, area := range []string{"desk", "desk_deal", "desk_money", "desk_editor"} {
			name := lang + "/" + area + ".json"
			text, err := locale.Files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			own[name] = &fstest.MapFile{Data: text}
		}
	}
	if err := i18n.CheckCatalogues(own); err != nil {
		t.Error(err)
	}
}

// TestPagesOnPhonesAndScreens photographs every story on a small phone, one of each kind of page also on a wide screen
// and in the dark, and holds each against the rules of access.
func TestPagesOnPhonesAndScreens(t *testing.T) {
	mux := book(t)
	mux.Handle("GET "+asset.Prefix, asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	phone := e2e.Browser(t, e2e.Options{})
	wide := phone.Another(e2e.Options{Width: 1440})
	dark := phone.Another(e2e.Options{Dark: true})
	wideDark := phone.Another(e2e.Options{Width: 1440, Dark: true})
	kinds := " board deals deal-gathering money statement editor "
	for _, one := range stories() {
		windows := map[string]*e2e.Page{"360": phone}
		if strings.Contains(kinds, " "+one.Name+" ") {
			windows["360-dark"], windows["1440"], windows["1440-dark"] = dark, wide, wideDark
		}
		for name, window := range windows {
			window.Allow("/live") // stories have no stream behind them
			window.Goto(server.URL + one.Address())
			window.NoSideways()
			window.Accessible()
			window.Screenshot(one.Name + "-" + name)
		}
	}
}
