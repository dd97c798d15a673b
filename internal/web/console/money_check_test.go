package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

// TestMoneyPageSaysWhyPayoutsWait: the operator reads which row holds the payouts, in words, and nothing once it is
// gone.
func TestMoneyPageSaysWhyPayoutsWait(t *testing.T) {
	d, tw := dbtest.SQLite(t)
	w := apptest.New(t, d, tw.Clock)
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	console.Routes(mux, console.Deps{Frame: f, DB: d, Publish: w.Publish, Tipping: w.Tipping, Settle: w.Settle,
		Custody: w.Custody, Refunds: w.Refunds, Queue: w.Queue})
	mux.Handle("/", f.Missing())
	b := requesttest.Open(t, f, mux)
	b.SignIn(d, w.Account(apptest.Operator(), "나누리").AccountID)
	put := func(c check.Result) {
		w.Must(d.Write(w.Ctx, func(tx *db.Tx) error { return check.Put(w.Ctx, tx, c) }))
	}
	ill := check.Result{}.Next(w.Clock.Now(), 1, []check.Fault{{Invariant: 3, Code: "balance_differs",
		Row: "2150 mer_other", Args: map[string]any{"Balance": int64(17_274), "Sum": int64(0)}}})
	put(ill)
	page := b.Get("/admin/money").Body
	for _, want := range []string{"지급이 멈춰 있어요", "2150 mer_other", "17,274"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "doctor.fault") || strings.Contains(page, "no value") {
		t.Error("the finding is not said in words")
	}
	put(ill.Next(w.Clock.Now(), 0, nil))
	if strings.Contains(b.Get("/admin/money").Body, "지급이 멈춰 있어요") {
		t.Error("mended, and still said")
	}
}
