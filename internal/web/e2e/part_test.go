package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/qr"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
	"github.com/dure-commerce/dure/internal/web/ui/story"
)

// house serves the stories, the files they need and whatever a test adds.
func house(t *testing.T, more map[string]http.HandlerFunc) string {
	t.Helper()
	mux := http.NewServeMux()
	loc := words(t)
	ui.Book{
		Stories: story.All(), Loc: func(string) ui.Loc { return loc }, Now: story.Now(),
	}.Mount(mux)
	mux.Handle(asset.Prefix, asset.Handler())
	mux.Handle(art.Prefix, art.Handler())
	for pattern, handler := range more {
		mux.HandleFunc(pattern, handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// words are ui's own alone: another area's slip must not redden these tests.
func words(t *testing.T) ui.Loc {
	t.Helper()
	own := fstest.MapFS{}
	for _, name := range []string{"ko/ui.json", "en/ui.json"} {
		text, err := locale.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		own[name] = &fstest.MapFile{Data: text}
	}
	bundle, err := i18n.New(own)
	if err != nil {
		t.Fatal(err)
	}
	return bundle.For("ko")
}

func TestEveryStoryIsUsableByEverybodyOnAPhone(t *testing.T) {
	address := house(t, nil)
	for _, dark := range []bool{false, true} {
		page := e2e.Browser(t, e2e.Options{Dark: dark})
		for _, one := range story.All() {
			if dark && one.Group != "page" {
				continue // every colour pair is checked by ui's own contrast test
			}
			page.Goto(address + one.Address())
			page.NoSideways()
			page.Accessible()
		}
	}
}

func TestTheScanBundleReadsACodeUnderItsPolicy(t *testing.T) {
	const text = "https://dure.example/v/DURE-2345-6789"
	code, err := qr.Encode(text)
	if err != nil {
		t.Fatal(err)
	}
	policy := asset.Policy{Wasm: true}.Header()
	address := house(t, map[string]http.HandlerFunc{
		"/probe": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprint(w, `<!doctype html><html lang="ko"><title>x</title>`+
				`<img id="code" src="/code.svg" width="400" height="400" alt="x"><p id="read"></p>`+
				`<script type="module" src="/probe.js"></script></html>`)
		},
		"/probe.js": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprintf(w, `import { makeDecoder } from %q;
const code = document.getElementById("code"); await code.decode();
const decoder = await makeDecoder("wasm");
const found = await decoder.detect(code);
const read = document.getElementById("read");
read.textContent = decoder.kind + " " + found.map((one) => one.rawValue).join();`,
				asset.URL("scan.js"))
		},
		"/code.svg": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, strings.Replace(code.SVG("x"), "<svg ", `<svg width="400" height="400" `, 1))
		},
	})
	page := e2e.Browser(t, e2e.Options{})
	page.Goto(address + "/probe")
	page.See("wasm " + text)
}

func TestALiveRegionChangesBeforeOnesEyesAndKeepsFocus(t *testing.T) {
	loc := words(t)
	var paid atomic.Int64
	paid.Store(23)
	fragment := func() templ.Component {
		return ui.Fragment(loc, story.LiveCount(paid.Load()))
	}
	push := make(chan struct{}, 1)
	address := house(t, map[string]http.HandlerFunc{
		"/deal": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", asset.Policy{}.Header())
			page := ui.Page{Title: "x", Loc: loc, LiveTopics: []string{"deal:deal_1"}}
			_ = ui.Render(w, r, http.StatusOK, story.LivePage(page, paid.Load()))
		},
		"/deal/count": func(w http.ResponseWriter, r *http.Request) { _ = ui.Render(w, r, http.StatusOK, fragment()) },
		"/live": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			for {
				select {
				case <-r.Context().Done():
					return
				case <-push:
					fmt.Fprint(w, "id: 9\nevent: change\ndata: {\"topic\":\"deal:deal_1\",\"version\":2}\n\n")
					_ = http.NewResponseController(w).Flush()
				}
			}
		},
	})
	page := e2e.Browser(t, e2e.Options{})
	page.Goto(address + "/deal")
	page.See("23명")
	page.Evaluate(`document.getElementById("note").focus()`, nil)
	paid.Store(24)
	push <- struct{}{}
	page.See("24명")
	var focused, heard string
	page.Evaluate(`document.activeElement.id`, &focused)
	page.Evaluate(`document.querySelector("[data-say-here]").textContent`, &heard)
	if focused != "note" || heard != "24명이 함께해요" {
		t.Errorf("focus is on %q, listeners heard %q", focused, heard)
	}
}

func TestASecondTapSendsNothing(t *testing.T) {
	var sent atomic.Int64
	hold := make(chan struct{})
	address := house(t, map[string]http.HandlerFunc{
		"GET /form": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", asset.Policy{}.Header())
			_ = ui.Render(w, r, http.StatusOK, story.SendPage(ui.Page{Title: "x", Loc: words(t)}))
		},
		"POST /form": func(w http.ResponseWriter, r *http.Request) {
			sent.Add(1)
			<-hold
			fmt.Fprintf(w, "<!doctype html><title>x</title><p>%s %s</p>", r.FormValue("way"), r.FormValue("amount"))
		},
	})
	page := e2e.Browser(t, e2e.Options{})
	page.Goto(address + "/form")
	page.Fill("값", "19900")
	page.Evaluate(`(() => { const b = document.querySelector("button[name=way]");
		b.click(); b.click(); b.form.requestSubmit(); })()`, nil)
	close(hold)
	page.See("card 19,900")
	if got := sent.Load(); got != 1 {
		t.Errorf("the form was sent %d times", got)
	}
}
