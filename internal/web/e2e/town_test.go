package e2e_test

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/town"
	"github.com/dure-commerce/dure/internal/web/demo"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// townPassword is what the town's start page tells everybody.
const townPassword = demo.Password

// visit opens the demonstration town of a fixed day, in which nobody moves.
func visit(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), line: listen(t)}
	built, err := town.Build(w.ctx, town.Options{Seed: 1, At: seoul(10, 14, 20), Folder: t.TempDir(), Still: true,
		Listener: w.line})
	w.must(err)
	w.Server = built.Server
	ctx, stop := context.WithCancel(context.WithoutCancel(w.ctx))
	var all sync.WaitGroup
	all.Go(func() {
		if err := built.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		all.Wait()
		if err := built.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// TestTheTownInTwoLanguagesAndTwoColours visits what a first visitor sees, and reads one shop's won three times.
func TestTheTownInTwoLanguagesAndTwoColours(t *testing.T) {
	w := visit(t)
	guest := w.visitor(e2e.Options{})
	guest.to("/demo")
	guest.See("누구로 하루를 보내 볼까요?")
	guest.look("town-start")
	guest.to("/")
	guest.stand("town-country")
	guest.to("/r/" + region)
	guest.look("town-home")
	guest.shade("town-home")
	d := nearest(w)
	guest.to("/d/" + d.ID)
	guest.look("town-deal")
	guest.shade("town-deal")
	guest.to("/trust")
	guest.look("town-trust")
	switchLanguage(guest, d.ID)

	buyer := guest.beside(e2e.Options{}).comeIn("buyer1@demo.dure", townPassword)
	buyer.to("/vouchers/" + opened(w))
	buyer.See("직원에게 보여 주세요")
	buyer.stand("town-ticket")
	buyer.shade("town-ticket")
	owner := guest.beside(e2e.Options{Width: 1440}).comeIn("merchant1@demo.dure", townPassword)
	owner.to("/office")
	owner.look("town-board")
	owner.shade("town-board")
	owner.to("/office/deals")
	owner.stand("town-deals")
	newest := "/office/money/" + statement(w)
	owner.to(newest)
	owner.stand("town-statement")
	owner.to("/office/words")
	owner.stand("town-words")
	operator := guest.beside(e2e.Options{Width: 1440}).comeIn("operator@demo.dure", townPassword)
	for _, page := range []struct{ name, path string }{{"console", "/admin"}, {"console-deals", "/admin/deals"},
		{"console-money", "/admin/money"}, {"console-audit", "/admin/audit"}} {
		operator.to(page.path)
		operator.stand("town-" + page.name)
	}
	operator.to("/admin")
	operator.shade("town-console")
}

// shade holds the page as it stands to the same in the dark.
func (p *person) shade(name string) {
	p.w.t.Helper()
	p.Dark(true)
	p.stand(name + "-dark")
	p.Dark(false)
}

// switchLanguage uses the foot's own links: the address stays, the words change, the language is told to readers.
func switchLanguage(guest *person, deal string) {
	guest.w.t.Helper()
	guest.to("/d/" + deal)
	var korean, english string
	guest.Click("English")
	guest.See("Join for", "If not enough join, you get everything back")
	guest.Evaluate("document.documentElement.lang", &english)
	here, _ := url.Parse(guest.URL())
	guest.Click("한국어")
	guest.See("함께하기", "안 모이면 전액 돌려드려요")
	guest.Evaluate("document.documentElement.lang", &korean)
	if english != "en" || korean != "ko" || here.Path != "/d/"+deal {
		guest.w.t.Errorf("languages %q and %q at %s", english, korean, here)
	}
}

// nearby is a deal as the interface tells it.
type nearby struct {
	ID        string
	Tipped    bool
	Threshold struct {
		Kind           string
		Value, Missing int64
	}
}

// nearest is the deal on sale that misses fewest people.
func nearest(w *world) nearby {
	w.t.Helper()
	var all struct{ Deals []nearby }
	w.api("").get("/deals?limit=100", &all)
	var best nearby
	for _, d := range all.Deals {
		few := d.Threshold.Kind == "people" && d.Threshold.Value >= 20 && d.Threshold.Missing > 0
		if few && (best.ID == "" || d.Threshold.Missing < best.Threshold.Missing) {
			best = d
		}
	}
	if best.ID == "" {
		w.t.Fatalf("nothing gathers in %d deals", len(all.Deals))
	}
	return best
}

// opened is a voucher that the first guest can use.
func opened(w *world) string {
	w.t.Helper()
	var all struct {
		Vouchers []struct{ ID, State string }
	}
	w.apiFor("buyer1@demo.dure", townPassword).get("/vouchers?limit=100", &all)
	for _, v := range all.Vouchers {
		if v.State == "active" {
			return v.ID
		}
	}
	w.t.Fatalf("none of %d vouchers can be used", len(all.Vouchers))
	return ""
}

// statement is the newest statement of the first shop.
func statement(w *world) string {
	w.t.Helper()
	var all struct {
		Statements []struct{ ID string }
	}
	w.apiFor("merchant1@demo.dure", townPassword).get("/statements?limit=1", &all)
	if len(all.Statements) == 0 {
		w.t.Fatal("the first shop has no statement")
	}
	return all.Statements[0].ID
}
