package wallet_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
	"github.com/dure-commerce/dure/internal/web/wallet"
)

func book(t *testing.T) *http.ServeMux {
	t.Helper()
	words, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ui.Book{Stories: wallet.Stories(), Loc: func(lang string) ui.Loc { return words.For(lang) }}.Mount(mux)
	return mux
}

var (
	bareKey     = regexp.MustCompile(`[>" ](wallet|voucher|feedback|ui|redeem)\.[a-z_.]+[<" ]`)
	inlineThing = regexp.MustCompile(`(?i)<style|\sstyle=|<script(\s[^>]*)?>[^<]|\son[a-z]+="|javascript:|about:invalid`)
	iconUse     = regexp.MustCompile(`<use href="[^"#]*#([a-z0-9-]+)"`)
	identity    = regexp.MustCompile(`\sid="([^"]*)"`)
)

// TestStoriesSpeakBothLanguagesAndKeepThePolicy draws every state of every page.
func TestStoriesSpeakBothLanguagesAndKeepThePolicy(t *testing.T) {
	mux := book(t)
	sprite, err := asset.Read("icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, story := range wallet.Stories() {
		for _, lang := range []string{"ko", "en"} {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, story.Address()+"?lang="+lang, http.NoBody))
			if w.Code != http.StatusOK {
				t.Errorf("%s in %s: %d %s", story.Name, lang, w.Code, w.Body)
				continue
			}
			text := w.Body.String()
			if found := bareKey.FindString(text); found != "" {
				t.Errorf("%s in %s shows the bare key %q", story.Name, lang, found)
			}
			if found := inlineThing.FindString(text); found != "" {
				t.Errorf("%s: the content policy refuses %q", story.Name, found)
			}
			for _, match := range iconUse.FindAllStringSubmatch(text, -1) {
				if !bytes.Contains(sprite, []byte(`id="`+match[1]+`"`)) {
					t.Errorf("%s: no icon %q", story.Name, match[1])
				}
			}
			seen := map[string]bool{}
			for _, match := range identity.FindAllStringSubmatch(text, -1) {
				if seen[match[1]] {
					t.Errorf("%s: id %q stands twice", story.Name, match[1])
				}
				seen[match[1]] = true
			}
		}
	}
}
