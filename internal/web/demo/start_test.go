package demo_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/demo"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

func town(t *testing.T, open bool) *requesttest.Browser {
	t.Helper()
	d, _ := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	f.Demo = true
	s := signup.New(signup.Deps{DB: d, Demo: open})
	for _, name := range []string{"buyer1", "merchant1", "scan1", "operator"} {
		if _, err := s.Admit(context.Background(), market.System(), signup.AdmitCmd{Email: name + "@demo.dure",
			Name: "시험", Locale: "ko"}); err != nil {
			t.Fatal(err)
		}
	}
	mux := http.NewServeMux()
	demo.Routes(mux, demo.Deps{Frame: f, DB: d, Signup: s})
	return requesttest.Open(t, f, mux)
}

func TestOneClickMakesOneSomebody(t *testing.T) {
	b := town(t, true)
	page := b.Get("/demo")
	for _, text := range []string{"누구로 하루를", "buyer1@demo.dure", "demo-only", "역할 고르기"} {
		if !strings.Contains(page.Body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	for who, going := range map[string]string{"buyer1": "/", "merchant1@demo.dure": "/office", " SCAN1 ": "/counter",
		"operator": "/admin"} {
		if a := b.Post("/demo/enter", "who", who); a.Status != http.StatusSeeOther || a.Location != going {
			t.Errorf("%s: %d to %q", who, a.Status, a.Location)
		}
	}
	if a := b.Post("/demo/enter", "who", "buyer1", "next", "//elsewhere"); a.Location != "/" {
		t.Errorf("led away to %q", a.Location)
	}
	if a := b.Post("/demo/enter", "who", "mayor"); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "마을에 없어요") {
		t.Errorf("nobody: %d", a.Status)
	}
}

func TestOutsideADemonstrationNobodyStepsIn(t *testing.T) {
	if a := town(t, false).Post("/demo/enter", "who", "buyer1"); a.Status != http.StatusNotFound {
		t.Errorf("answered %d", a.Status)
	}
}
