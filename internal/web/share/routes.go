package share

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Deps are what the pages work with.
type Deps struct {
	Frame   *request.Frame
	Deliver *deliver.Deliver
}

// Routes mounts every address of shares.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /shares", f.Signed(d.list))
	mux.Handle("GET /shares/{order}", f.Signed(d.show))
	mux.Handle("GET /shares/{order}/part", f.Signed(d.part))
	mux.Handle("POST /shares/{order}/confirm", f.Signed(d.confirm))
	mux.Handle("POST /shares/{order}/wait", f.Signed(d.wait))
	mux.Handle("POST /shares/{order}/withdraw", f.Signed(d.withdraw))
	mux.Handle("GET /shares/{order}/address", f.Signed(d.addressShow))
	mux.Handle("POST /shares/{order}/address", f.Signed(d.addressKeep))
	mux.Handle("GET /shares/{order}/dispute", f.Signed(d.disputeAsk))
	mux.Handle("POST /shares/{order}/dispute", f.Signed(d.disputeOpen))
	mux.Handle("POST /shares/{order}/say", f.Signed(d.say))
}
