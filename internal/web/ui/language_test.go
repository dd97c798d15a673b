package ui_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

func localizer(t *testing.T, lang string) *i18n.Localizer {
	t.Helper()
	own := fstest.MapFS{} // ui's own words alone: another area's slip must not redden this package
	for _, name := range []string{"ko/ui.json", "en/ui.json"} {
		text, err := locale.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		own[name] = &fstest.MapFile{Data: text}
	}
	bundle, err := i18n.New(own)
	if err != nil {
		t.Fatalf("read the catalogues: %v", err)
	}
	return bundle.For(lang)
}

func html(t *testing.T, lang string, content templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := ui.Fragment(localizer(t, lang), content).Render(t.Context(), &out); err != nil {
		t.Fatalf("render: %v", err)
	}
	return out.String()
}

func TestLayoutsSpeakThePagesLanguage(t *testing.T) {
	for _, lang := range []string{"ko", "en"} {
		loc := localizer(t, lang)
		page := ui.Page{Title: "x", Loc: loc, Path: "/deals/1?tab=2"}
		layouts := map[string]ui.Layout{"shell": ui.Shell(page), "office": ui.Office(page), "bare": ui.Bare(page)}
		for name, layout := range layouts {
			var out bytes.Buffer
			if err := layout.Render(t.Context(), &out); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !strings.Contains(out.String(), `lang="`+lang+`"`) || !strings.Contains(out.String(), loc.T("ui.skip")) {
				t.Errorf("%s in %s: wrong language:\n%s", name, lang, out.String())
			}
			if strings.Contains(out.String(), "ui.") && strings.Contains(out.String(), ">ui.") {
				t.Errorf("%s in %s shows a bare key", name, lang)
			}
		}
	}
}
