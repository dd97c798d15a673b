package fulfil_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/web/desk"
)

// both makes an account that leads both shops.
func (w *world) both() market.AccountID {
	w.T.Helper()
	actor := market.Actor{AccountID: "acc_both", Memberships: append(apptest.Owner(potter).Memberships,
		apptest.Owner(other).Memberships...)}
	return w.Account(actor, "한두집").AccountID
}

// TestWhoLeadsSeveralShopsIsAskedForWhich: on the way to an offer, and led back to it; a form stays with the shop for
// which it was drawn, whatever desk was opened since.
func TestWhoLeadsSeveralShopsIsAskedForWhich(t *testing.T) {
	w := open(t)
	desk.Routes(w.mux, desk.Deps{Frame: w.f, DB: w.DB})
	id := w.wish(bid.InTheOpen)
	at, b := "/office/wanted/"+string(id), w.as(w.both())
	asked := "/office/choose?" + url.Values{"next": {at}}.Encode()
	if got := b.Get(at); got.Location != asked {
		t.Fatalf("led to %q", got.Location)
	}
	want(t, "the question", b.Get(asked), 200, "어느 가게로 제안할까요?", "연남 공방", "느린 그릇", `value="`+at+`"`)
	if got := b.Post("/office/choose", "shop", string(other), "next", at); got.Location != at {
		t.Fatalf("chosen: %d to %q", got.Status, got.Location)
	}
	page := b.Get(at)
	want(t, "the form", page, 200, `name="shop" value="`+string(other)+`"`, "느린 그릇 이름으로 제안해요",
		strings.ReplaceAll(asked, "&", "&amp;"))
	// Another tab opens the desk of the other shop; the form goes where it says.
	b.Post("/office/choose", "shop", string(potter))
	if got := b.Post(at, w.offer("15000", "shop", string(other))...); got.Location != at {
		t.Fatalf("offered: %d %s", got.Status, got.Body)
	}
	mine, err := bid.Standings(w.Ctx, w.DB, other, []market.WishID{id})
	w.Must(err)
	if mine[id].Offer.UnitPrice != 15_000 {
		t.Errorf("%+v", mine)
	}
	want(t, "somebody else's shop", w.owner(potter).Post(at, w.offer("14000", "shop", string(other))...), 404)
	for next, to := range map[string]string{"": "/office", "https://evil.example/": "/office", "//evil.example": "/office",
		"/me": "/office", "/office/wanted?tab=all": "/office/wanted?tab=all"} {
		if got := b.Post("/office/choose", "shop", string(potter), "next", next); got.Location != to {
			t.Errorf("next %q leads to %q", next, got.Location)
		}
	}
	if got := w.owner(potter).Get(at); got.Has("/office/choose") {
		t.Error("who leads one shop is offered another")
	}
}

// TestTheMenuCountsWhatWaits: on every page of the desk, and the board says what it is.
func TestTheMenuCountsWhatWaits(t *testing.T) {
	w := open(t)
	desk.Routes(w.mux, desk.Deps{Frame: w.f, DB: w.DB, PayoutDay: w.PayoutDay})
	b, quiet := w.owner(potter), w.owner(other)
	if got := b.Get("/office/wanted"); got.Has(`class="count"`) {
		t.Error("nothing waits, and is counted")
	}
	w.Must(w.Announce.Follow(w.Ctx, apptest.Owner(potter), potter, announce.FollowCmd{CategoryID: "learn"}))
	id := w.wish(bid.InTheOpen)
	want(t, "the menu", b.Get("/office/wanted"), 200, `<span class="count">1</span>`, "주말 도예 수업")
	want(t, "the board", b.Get("/office"), 200, "새 모임이 1건", `href="/office/wanted"`, `<span class="count">1</span>`)
	if got := quiet.Get("/office"); got.Has("함께 구해요에서 기다리는 일") || got.Has(`class="count"`) {
		t.Errorf("another shop: %s", got.Body)
	}
	b.Post("/office/wanted/"+string(id), w.offer("15000")...)
	mine, err := bid.Standings(w.Ctx, w.DB, potter, []market.WishID{id})
	w.Must(err)
	for _, words := range []string{"유약은 무엇인가요?", "며칠 걸리나요?"} {
		_, err = w.Auction.Ask(w.Ctx, apptest.Buyer(2), id, voice.Word{BidID: mine[id].ID, Words: words})
		w.Must(err)
	}
	want(t, "questions", b.Get("/office"), 200, "질문이 2건", `<span class="count">2</span>`)
	want(t, "their row", b.Get("/office/wanted?tab=mine"), 200, "답을 기다리는 질문 2건")
}
