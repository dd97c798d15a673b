package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// bookOf serves every story of every audience.
func bookOf(t *testing.T) string {
	t.Helper()
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ui.Book{Stories: app.Stories(), Loc: func(lang string) ui.Loc { return bundle.For(lang) }}.Mount(mux)
	mux.Handle("GET "+asset.Prefix, asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// sight is how somebody looks at a page.
type sight struct {
	lang string
	dark bool
	wide bool
}

func sights() []sight {
	var all []sight
	for _, lang := range []string{i18n.Korean, i18n.English} {
		for _, dark := range []bool{false, true} {
			all = append(all, sight{lang, dark, false}, sight{lang, dark, true})
		}
	}
	return all
}

func (s sight) String() string {
	name := s.lang
	if s.dark {
		name += "-dark"
	}
	if s.wide {
		name += "-wide"
	}
	return name
}

// TestEveryPageIsUsableByEverybody holds the stories of every audience against the rules of access: in each language,
// in both kinds of light, on a small phone and on a wide screen. The pages of audiences without such a test of their
// own take turns, as they are and with long words, one sight each. With DURE_STORIES=all every page is looked at in
// every way and photographed, with an address such as /stories/console only those under it.
func TestEveryPageIsUsableByEverybody(t *testing.T) {
	address, only := bookOf(t), os.Getenv("DURE_STORIES")
	phone := e2e.Browser(t, e2e.Options{})
	windows := map[sight]*e2e.Page{}
	for _, s := range sights() {
		options := e2e.Options{Dark: s.dark, Lang: s.lang}
		if s.wide {
			options.Width = 1440
		}
		windows[s] = phone.Another(options)
		windows[s].Allow("/live") // stories have no stream behind them
	}
	for i, one := range app.Stories() {
		turn := sights()[i%len(sights())]
		switch {
		case only == "" && (elsewhere(one.Group) || !foremost(one.Name)):
			continue
		case only != "" && only != "all" && !strings.HasPrefix(one.Address(), only):
			continue
		}
		for _, s := range sights() {
			if only == "" && s != turn {
				continue
			}
			windows[s].Goto(address + one.Address() + "?lang=" + s.lang)
			windows[s].NoSideways()
			windows[s].Accessible()
			if only != "" {
				windows[s].Screenshot(one.Group + "-" + one.Name + "-" + s.String())
			}
		}
	}
}

// elsewhere tells that a group's own package looks at its pages in a browser.
func elsewhere(group string) bool {
	switch group {
	case "signin", "office", "admin", "console", "notice", "demo":
		return false
	}
	return true
}

// foremost tells the normal state of a page and the one that most easily breaks it.
func foremost(name string) bool {
	return !strings.Contains(name, "-") || strings.HasSuffix(name, "-long")
}
