package counter_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/counter"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

func book(t *testing.T) *http.ServeMux {
	t.Helper()
	words, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ui.Book{Stories: counter.Stories(), Loc: func(lang string) ui.Loc { return words.For(lang) }}.Mount(mux)
	mux.Handle("GET "+asset.Prefix, asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	return mux
}

var (
	bareKey     = regexp.MustCompile(`[>" ](counter|redeem|ui)\.[a-z_.]+[<" ]`)
	inlineThing = regexp.MustCompile(`(?i)<style|\sstyle=|<script(\s[^>]*)?>[^<]|\son[a-z]+="|javascript:|about:invalid`)
)

// TestStoriesSpeakBothLanguagesAndKeepThePolicy draws the counter with every reason of a refusal.
func TestStoriesSpeakBothLanguagesAndKeepThePolicy(t *testing.T) {
	mux := book(t)
	for _, story := range counter.Stories() {
		for _, lang := range []string{"ko", "en"} {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, story.Address()+"?lang="+lang, http.NoBody))
			text := w.Body.String()
			if w.Code != http.StatusOK {
				t.Errorf("%s in %s: %d", story.Name, lang, w.Code)
			}
			if found := bareKey.FindString(text); found != "" {
				t.Errorf("%s in %s shows the bare key %q", story.Name, lang, found)
			}
			if found := inlineThing.FindString(text); found != "" {
				t.Errorf("%s: the content policy refuses %q", story.Name, found)
			}
		}
	}
}

// TestPagesOnPhonesAndScreens photographs every story on a small phone, the main ones also dark and wide.
func TestPagesOnPhonesAndScreens(t *testing.T) {
	server := httptest.NewServer(book(t))
	t.Cleanup(server.Close)
	phone := e2e.Browser(t, e2e.Options{})
	dark := phone.Another(e2e.Options{Dark: true})
	wide := phone.Another(e2e.Options{Width: 1440})
	wideDark := phone.Another(e2e.Options{Width: 1440, Dark: true})
	kinds := "choose idle usable-many done-owner refused-redeem.already_used"
	for _, story := range counter.Stories() {
		windows := map[string]*e2e.Page{"360": phone}
		if strings.Contains(kinds, story.Name) {
			windows["360-dark"], windows["1440"], windows["1440-dark"] = dark, wide, wideDark
		}
		for name, window := range windows {
			window.Goto(server.URL + story.Address())
			window.NoSideways()
			window.Accessible()
			window.Screenshot(story.Name + "-" + name)
		}
	}
}
