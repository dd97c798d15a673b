package photo_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
)

func drawing(t *testing.T, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestKeepAndServe(t *testing.T) {
	store := &blob.Memory{}
	ref, err := photo.Keep(t.Context(), picture.NewMaker(picture.Limits{}), store, drawing(t, 1200, 800))
	if err != nil {
		t.Fatal(err)
	}
	if err := ref.Check(); err != nil {
		t.Errorf("%s: %v", ref, err)
	}
	if w, h := ref.Size(); w != 1200 || h != 800 {
		t.Errorf("size %d×%d", w, h)
	}
	if ref.Src() == ref.Thumb() || strings.Count(ref.Srcset(), "/photos/") != 3 ||
		!strings.Contains(ref.Srcset(), "960w") {
		t.Errorf("%s\n%s\n%s", ref.Src(), ref.Thumb(), ref.Srcset())
	}
	handler := photo.Handler(store)
	for _, address := range []string{ref.Src(), ref.Thumb()} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/jpeg" ||
			!strings.Contains(w.Header().Get("Cache-Control"), "immutable") ||
			!bytes.HasPrefix(w.Body.Bytes(), []byte("\xff\xd8\xff")) {
			t.Errorf("%s: %d %v", address, w.Code, w.Header())
		}
	}
}

func TestOnlyPhotosAreServed(t *testing.T) {
	store := &blob.Memory{}
	secret, err := store.Put(t.Context(), []byte("name,won\nkim,1000\n"))
	if err != nil {
		t.Fatal(err)
	}
	handler := photo.Handler(store)
	for _, name := range []string{
		string(secret) + ".jpg", string(secret), strings.Repeat("0", 64) + ".jpg", "..%2f..%2fetc%2fpasswd.jpg", ".jpg", "",
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, photo.Prefix+name, nil))
		if w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "kim") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestRefsFromOutside(t *testing.T) {
	key := strings.Repeat("a", 64)
	for _, ref := range []photo.Ref{
		"", "/art/noodle/1.svg", "x", "100x100", "100x100/", "0x1/1-" + photo.Ref(key), "1x1/1-../../x",
		"1x1/x-" + photo.Ref(key), "-1x1/1-" + photo.Ref(key), photo.Ref(strings.Repeat("1x1/1-"+key, 100)),
	} {
		if err := ref.Check(); !errors.Is(err, photo.ErrMalformed) {
			t.Errorf("%.40q: %v", ref, err)
		}
	}
	if got := photo.Ref("/art/noodle/1.svg").Src(); got != "/art/noodle/1.svg" {
		t.Errorf("drawing: %s", got)
	}
	if ref := photo.Ref("javascript:alert(1)"); ref.Src() != "" || ref.Srcset() != "" {
		t.Errorf("%s", ref.Src())
	}
	_, err := photo.Keep(t.Context(), picture.NewMaker(picture.Limits{}), &blob.Memory{}, []byte("<svg/>"))
	if !errors.Is(err, picture.ErrUnknown) {
		t.Errorf("svg: %v", err)
	}
}
