package story_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// ownWords holds ui's own catalogue alone: another area's slip must not redden this package.
func ownWords(t *testing.T) fs.FS {
	t.Helper()
	own := fstest.MapFS{}
	for _, name := range []string{"ko/ui.json", "en/ui.json"} {
		text, err := locale.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		own[name] = &fstest.MapFile{Data: text}
	}
	return own
}

func speaker(t *testing.T, lang string) *i18n.Localizer {
	t.Helper()
	bundle, err := i18n.New(ownWords(t))
	if err != nil {
		t.Fatal(err)
	}
	return bundle.For(lang)
}
