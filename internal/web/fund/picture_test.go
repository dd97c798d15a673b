package fund_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/fund"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// TestPagesOnPhonesAndScreens photographs every story on a small phone, and two also on a wide screen and in the dark,
// and holds each against the rules of access.
func TestPagesOnPhonesAndScreens(t *testing.T) {
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	ui.Book{Stories: fund.Stories(), Loc: func(lang string) ui.Loc { return bundle.For(lang) }}.Mount(mux)
	mux.Handle("GET "+asset.Prefix, asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	phone := e2e.Browser(t, e2e.Options{})
	windows := map[string]*e2e.Page{"360": phone}
	wide := map[string]*e2e.Page{"360": phone, "360-dark": phone.Another(e2e.Options{Dark: true}),
		"1440": phone.Another(e2e.Options{Width: 1440}), "1440-dark": phone.Another(e2e.Options{Width: 1440, Dark: true})}
	for _, one := range fund.Stories() {
		in := windows
		if one.Name == "fund-pay" || one.Name == "fund-pay-rose" {
			in = wide
		}
		for name, window := range in {
			window.Allow("/live") // stories have no stream behind them
			window.Goto(server.URL + one.Address())
			window.NoSideways()
			window.Accessible()
			window.Screenshot(one.Name + "-" + name)
		}
	}
}
