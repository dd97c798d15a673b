package wallet_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/wallet"
)

// TestPagesOnPhonesAndScreens photographs every story on a small phone, one of each kind of page also in the dark and
// on a wide screen, and holds each against the rules of access.
func TestPagesOnPhonesAndScreens(t *testing.T) {
	mux := book(t)
	mux.Handle("GET "+asset.Prefix, asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	phone := e2e.Browser(t, e2e.Options{})
	dark := phone.Another(e2e.Options{Dark: true})
	wide := phone.Another(e2e.Options{Width: 1440})
	wideDark := phone.Another(e2e.Options{Width: 1440, Dark: true})
	kinds := "voucher-active voucher-used voucher-list orders order-part-refunded refund feedback feedback-done"
	for _, story := range wallet.Stories() {
		windows := map[string]*e2e.Page{"360": phone}
		if strings.Contains(kinds, story.Name) {
			windows["360-dark"], windows["1440"], windows["1440-dark"] = dark, wide, wideDark
		}
		for name, window := range windows {
			window.Allow("/vouchers/worker.js") // stories have no worker and no stream behind them
			window.Allow("/live")
			window.Goto(server.URL + story.Address())
			window.NoSideways()
			window.Accessible()
			window.Screenshot(story.Name + "-" + name)
		}
	}
}
