package counter

import (
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Deps are what the pages work with.
type Deps struct {
	Frame  *request.Frame
	Redeem *redeem.Redeem
	Limits *limit.Counter
	// Deliver hands over at the branch what was bought together; nil takes vouchers alone.
	Deliver *deliver.Deliver
}

// Typed numbers: a busy counter scans; whoever types ten numbers a minute is guessing. A use is asked for again on a
// bad line, so its bound is wider.
const (
	triesPerMinute = 10
	usesPerMinute  = 60
)

// Routes mounts every address of the counter.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /counter", f.Signed(d.placeChoose))
	mux.Handle("POST /counter/place", f.Signed(d.placeKeep))
	mux.Handle("GET /counter/scan", f.Signed(d.scanShow))
	mux.Handle("POST /counter/look", f.Signed(d.voucherLook))
	mux.Handle("POST /counter/use", f.Signed(d.voucherUse))
	mux.Handle("POST /counter/undo", f.Signed(d.useUndo))
	mux.Handle("GET /counter/today", f.Signed(d.todayShow))
}

// The bounds hold over all nodes, so they count in the database.
func tries() limit.Rule {
	return limit.Rule{Name: "counter.try", Max: triesPerMinute, Per: time.Minute}
}
func uses() limit.Rule { return limit.Rule{Name: "counter.use", Max: usesPerMinute, Per: time.Minute} }
