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
	tries  *limit.Local // typed numbers looked up, for each person
	uses   *limit.Local // typed numbers used
}

// Typed numbers: a busy counter scans; whoever types ten numbers a minute is guessing. A use is asked for again on a
// bad line, so its bound is wider.
const (
	triesPerMinute = 10
	usesPerMinute  = 60
	triersMax      = 10_000
)

// Routes mounts every address of the counter.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	d.tries, d.uses = perMinute(f, triesPerMinute), perMinute(f, usesPerMinute)
	mux.Handle("GET /counter", f.Signed(d.placeChoose))
	mux.Handle("POST /counter/place", f.Signed(d.placeKeep))
	mux.Handle("GET /counter/scan", f.Signed(d.scanShow))
	mux.Handle("POST /counter/look", f.Signed(d.voucherLook))
	mux.Handle("POST /counter/use", f.Signed(d.voucherUse))
	mux.Handle("POST /counter/undo", f.Signed(d.useUndo))
	mux.Handle("GET /counter/today", f.Signed(d.todayShow))
}

func perMinute(f *request.Frame, n int) *limit.Local {
	return limit.NewLocal(f.DB.Clock(), limit.Rate{Events: n, Per: time.Minute, Burst: n}, triersMax)
}
