package art_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// sound fails on a drawing that is not well-formed, names an unpainted colour, or could run or fetch anything.
func sound(t *testing.T, name, svg string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Errorf("%s is not well-formed: %v", name, err)
			return
		}
	}
	for _, bad := range []string{"@", "<script", "style=", "href", "url("} {
		if strings.Contains(svg, bad) {
			t.Errorf("%s holds %q", name, bad)
		}
	}
}

func TestEverySceneIsSoundInManyColours(t *testing.T) {
	if len(art.Kinds()) < 20 {
		t.Errorf("only %d kinds", len(art.Kinds()))
	}
	for _, kind := range art.Kinds() {
		looks := map[string]bool{}
		for seed := range uint64(24) {
			svg := art.Scene(kind, seed)
			sound(t, kind, svg)
			if svg != art.Scene(kind, seed) {
				t.Errorf("%s %d is drawn differently the second time", kind, seed)
			}
			looks[svg] = true
		}
		if len(looks) < 16 {
			t.Errorf("%s has only %d looks in 24 seeds", kind, len(looks))
		}
	}
}

func TestHandlerServesScenesAndNothingElse(t *testing.T) {
	for address, want := range map[string]int{
		art.URL("noodle", 7): 200, "/art/unknown/1.svg": 200, "/art/noodle/x.svg": 404, "/art/noodle/1": 404, "/art/": 404,
	} {
		w := httptest.NewRecorder()
		art.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, http.NoBody))
		if w.Code != want {
			t.Errorf("%s answered %d, want %d", address, w.Code, want)
		}
	}
}

func TestLogoIsSound(t *testing.T) { sound(t, "logo", art.Logo()) }
