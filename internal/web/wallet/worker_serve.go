package wallet

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// The worker lives under the pages it keeps, so that it can never see another page's requests.
const (
	workerPath  = "/vouchers/worker.js"
	workerScope = "/vouchers/"
)

// serveWorker gives the service worker at its one address. Browsers ask for it anew and compare.
func serveWorker(w http.ResponseWriter, r *http.Request) {
	script, err := asset.Read("worker.js")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", asset.Policy{}.Header())
	_, _ = w.Write(script)
}
