package i18n_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/dure-commerce/dure/internal/kit/i18n"
)

func TestAMessageWithOneFormServesEveryCount(t *testing.T) {
	bundle, err := i18n.New(fstest.MapFS{
		"ko/x.json": {Data: []byte(`{"x.left": "{{.Count}}장"}`)},
		"en/x.json": {Data: []byte(`{"x.left": "{{.Count}} left"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{0, 1, 2} {
		for lang, want := range map[string]string{"ko": "장", "en": " left"} {
			if got := bundle.For(lang).T("x.left", "Count", n); got != string(rune('0'+n))+want {
				t.Errorf("%s of %d: %q", lang, n, got)
			}
		}
	}
	now := time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC)
	if got := bundle.For("en").Ago(now.Add(-time.Minute), now); got != "1 min ago" {
		t.Errorf("a minute ago: %q", got)
	}
}
