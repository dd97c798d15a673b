package windowtest

import (
	"bytes"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui/poster"
)

var ogImage = regexp.MustCompile(`property="og:image" content="http://dure\.test(/[^"]*)"`)

func TestSharedPagesHaveAPictureThatMessengersShow(t *testing.T) {
	w := open(t)
	d, _ := w.OnSale(shop, nil)
	for _, path := range []string{"/", "/d/" + string(d.ID)} {
		page := w.b.Get(path)
		found := ogImage.FindStringSubmatch(page.Body)
		if found == nil || !page.Has(`property="og:image:width" content="1200"`) {
			t.Fatalf("%s has no picture", path)
		}
		a := w.b.Get(strings.ReplaceAll(found[1], "&amp;", "&"))
		size, err := png.DecodeConfig(bytes.NewReader([]byte(a.Body)))
		if err != nil || a.Status != 200 || size.Width != poster.Width || size.Height != poster.Height {
			t.Errorf("%s: %d %+v %v", found[1], a.Status, size, err)
		}
	}
	for _, path := range []string{"/d/dea_none/card.png", "/r/none/card.png"} {
		if a := w.b.Get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}
