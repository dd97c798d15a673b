package counter

import (
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Deps are what the pages work with.
type Deps struct {
	Frame  *request.Frame
	Redeem *redeem.Redeem
	// Tries bounds typed numbers for each person; nil makes the usual bound.
	Tries *limit.Local
}

// Typed numbers: a busy counter scans; whoever types ten numbers a minute is guessing.
const (
	triesPerMinute = 10
	triersMax      = 10_000
)

// Routes mounts every address of the counter.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	if d.Tries == nil {
		d.Tries = limit.NewLocal(f.DB.Clock(), limit.Rate{Events: triesPerMinute, Per: time.Minute, Burst: triesPerMinute},
			triersMax)
	}
	mux.Handle("GET /counter", f.Signed(d.placeChoose))
	mux.Handle("POST /counter/place", f.Signed(d.placeKeep))
	mux.Handle("GET /counter/scan", f.Signed(d.scanShow))
	mux.Handle("POST /counter/look", f.Signed(d.voucherLook))
	mux.Handle("POST /counter/use", f.Signed(d.voucherUse))
	mux.Handle("POST /counter/undo", f.Signed(d.useUndo))
	mux.Handle("GET /counter/today", f.Signed(d.todayShow))
}
