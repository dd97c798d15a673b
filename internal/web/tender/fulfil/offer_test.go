package fulfil_test

import (
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// TestAStrangerBidsAfterThreeFacts: led to the shortest registration, wrong first, then at once to the offer.
func TestAStrangerBidsAfterThreeFacts(t *testing.T) {
	w := open(t)
	id := w.wish(bid.InTheOpen)
	at := "/office/wanted/" + string(id)
	if got := w.door.Get(at); got.Status != 303 || !strings.HasPrefix(got.Location, "/signin") {
		t.Errorf("a guest: %d %s", got.Status, got.Location)
	}
	b := w.as("acc_stranger")
	if got := b.Get(at); got.Location != at+"/enlist" {
		t.Errorf("led to %q", got.Location)
	}
	want(t, "a bid before", b.Post(at, w.offer("15000")...), 403)
	want(t, "wrong", b.Post(at+"/enlist", "name", "여름 공방", "number", "123-45-6789"), 422, "여름 공방", "123-45-6789",
		`id="f-number-error"`, `id="f-phone-error"`)
	got := b.Post(at+"/enlist", "name", "여름 공방", "number", "220-81-62517", "phone", "010-1234-5678")
	if got.Location != at {
		t.Fatalf("enlisted: %d %q %s", got.Status, got.Location, got.Body)
	}
	want(t, "the form", b.Get(at), 200, "아직 확인되지 않은 판매자", "20,000원", `name="unit_price"`)
	if got := b.Post(at, w.offer("15,000")...); got.Location != at {
		t.Fatalf("offered: %d %s", got.Status, got.Body)
	}
	want(t, "the offer", b.Get(at), 200, "15,000원", "지금 1위", "물레로")
	a, err := bid.Find(w.Ctx, w.DB, id)
	w.Must(err)
	if a.LowestPrice != 15_000 || a.Bids != 1 {
		t.Errorf("%+v", a)
	}
	list, err := merchant.OfAccount(w.Ctx, w.DB, "acc_stranger")
	w.Must(err)
	m, err := merchant.Find(w.Ctx, w.DB, list[0].MerchantID)
	w.Must(err)
	if m.CheckSell() == nil || m.Public() {
		t.Error("a stranger sells deals")
	}
}

// TestNothingTypedIsLost: what was wrong stands beside its field, and rows and prices stay as they were typed.
func TestNothingTypedIsLost(t *testing.T) {
	w := open(t)
	id := w.wish(bid.InTheOpen)
	at := "/office/wanted/" + string(id)
	b := w.owner(potter)
	got := b.Post(at, "act", "add_step", "unit_price", "싸게", "quantity", "5", "note", "설명", "step_from_0", "40",
		"step_price_0", "14,000")
	want(t, "a row more", got, 200, `value="싸게"`, `value="14,000"`, `name="step_from_1"`, "설명")
	got = b.Post(at, w.offer("30000", "quantity_max", "3")...)
	want(t, "too dear", got, 422, `value="30000"`, "20,000원", `id="f-unit_price-error"`, `id="f-quantity-error"`)
	got = b.Post(at, w.offer("싸게")...)
	want(t, "no number", got, 422, `value="싸게"`, `id="f-unit_price-error"`)
	for range 2 { // the second time is the first
		if got = b.Post(at, w.offer("15000", "step_from_0", "40", "step_price_0", "14000")...); got.Location != at {
			t.Fatalf("offered: %d %s", got.Status, got.Body)
		}
	}
	want(t, "not undercut", w.owner(other).Post(at, w.offer("14,950")...), 409, "14,850원")
	want(t, "tried", w.owner(other).Post(at+"/preview", w.offer("14,800")...), 200, "지금 1위가 돼요", "177,600원")
	want(t, "tried dearer", w.owner(other).Post(at+"/preview", w.offer("14,950")...), 200, "14,850원")
	if got := w.owner(other).Post(at, w.offer("14,800")...); got.Location != at {
		t.Fatalf("undercut: %s", got.Body)
	}
	want(t, "outbid", b.Get("/office/wanted?tab=mine"), 200, "더 낮은 제안이 있어요", "주말 도예 수업")
}

// TestAnOfferIsTakenBackAndQuestionsAreAnswered by its own seller alone.
func TestAnOfferIsTakenBackAndQuestionsAreAnswered(t *testing.T) {
	w := open(t)
	id := w.wish(bid.InTheOpen)
	at := "/office/wanted/" + string(id)
	b := w.owner(potter)
	b.Post(at, w.offer("15000")...)
	mine, err := bid.Standings(w.Ctx, w.DB, potter, []market.WishID{id})
	w.Must(err)
	asked, err := w.Auction.Ask(w.Ctx, apptest.Buyer(2), id, voice.Word{BidID: mine[id].ID, Words: "가마는 어떤 것인가요?"})
	w.Must(err)
	want(t, "asked", b.Get(at), 200, "가마는 어떤 것인가요?")
	want(t, "nothing said", b.Post(at+"/answer", "question", asked.ID, "words", ""), 422)
	w.owner(other).Post(at, w.offer("14000")...)
	want(t, "another's question", w.owner(other).Post(at+"/answer", "question", asked.ID, "words", "장작 가마예요."), 404)
	if got := b.Post(at+"/answer", "question", asked.ID, "words", "장작 가마예요."); got.Location != at {
		t.Errorf("answered: %d %s", got.Status, got.Body)
	}
	want(t, "answered", b.Get(at), 200, "장작 가마예요.")
	want(t, "another's bid", w.owner(other).Post(at+"/withdraw", "bid", string(mine[id].ID)), 404)
	staff := w.as(apptest.Staff(potter, "").AccountID)
	want(t, "scanning staff", staff.Post(at+"/withdraw", "bid", string(mine[id].ID)), 403)
	if got := b.Post(at+"/withdraw", "bid", string(mine[id].ID)); got.Location != at {
		t.Errorf("withdrawn: %d", got.Status)
	}
}

// TestASealedPriceIsNowhere: no page shows it to anybody but its own seller before the close, and every page after.
func TestASealedPriceIsNowhere(t *testing.T) {
	w := open(t)
	id := w.wish(bid.Sealed)
	at := "/office/wanted/" + string(id)
	b := w.owner(potter)
	if got := b.Post(at, w.offer("17,654", "step_from_0", "40", "step_price_0", "16,543")...); got.Location != at {
		t.Fatalf("offered: %d %s", got.Status, got.Body)
	}
	d, err := w.Auction.Desk(w.Ctx, apptest.Owner(potter), id, potter)
	w.Must(err)
	want(t, "one's own", b.Get(at), 200, "17,654원", d.Seal.Salt, d.Own.Commitment)
	w.owner(other).Post(at, w.offer("18000")...)
	admin := w.as(apptest.Operator().AccountID)
	pages := map[string]string{
		"a rival's page":     w.owner(other).Get(at).Body,
		"a rival's list":     w.owner(other).Get("/office/wanted?tab=all").Body,
		"a rival's offers":   w.owner(other).Get("/office/wanted?tab=mine").Body,
		"a rival's try":      w.owner(other).Post(at+"/preview", w.offer("17000")...).Body,
		"a rival's refusal":  w.owner(other).Post(at, w.offer("30000")...).Body,
		"the operator":       admin.Get("/admin/wishes/" + string(id)).Body,
		"the operator's all": admin.Get("/admin/wishes?state=bidding").Body,
	}
	for name, body := range pages {
		for _, secret := range []string{"17,654", "17654", "16,543", "16543", d.Seal.Salt, "물레로 하나씩 빚어요. 17"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", name, secret)
			}
		}
		if len(body) < 500 {
			t.Errorf("%s is empty: %q", name, body)
		}
	}
	a, err := bid.Find(w.Ctx, w.DB, id)
	w.Must(err)
	w.Clock.Set(a.DueAt())
	w.Must(w.Auction.Close(w.Ctx, id))
	want(t, "the operator afterwards", admin.Get("/admin/wishes/"+string(id)), 200, "17,654원")
}

// TestTheOperatorTakesAnOfferOut with a reason of readable length, and nobody else does.
func TestTheOperatorTakesAnOfferOut(t *testing.T) {
	w := open(t)
	id := w.wish(bid.InTheOpen)
	taken, err := w.Auction.Place(w.Ctx, auction.PlaceCmd{Actor: apptest.Owner(potter), WishID: id, MerchantID: potter,
		Offer: bid.Offer{Delivery: bid.Shipping, UnitPrice: 900, QuantityMin: 5,
			PromisedBy: w.Clock.Now().AddDate(0, 0, 30)}})
	w.Must(err)
	to := "/admin/wishes/" + string(id) + "/offers/" + string(taken.Bid.ID)
	admin := w.as(apptest.Operator().AccountID)
	want(t, "no reason", admin.Post(to, "reason", "가짜"), 422, "가짜", "500자")
	want(t, "finance", w.as("acc_finance").Post(to, "reason", "다른 가게의 사진이에요."), 403)
	want(t, "a shop", w.owner(other).Post(to, "reason", "다른 가게의 사진이에요."), 404)
	if got := admin.Post(to, "reason", "다른 가게의 사진이에요."); got.Status != 303 {
		t.Errorf("taken out: %d", got.Status)
	}
	want(t, "out", admin.Get("/admin/wishes/"+string(id)), 200, "다른 가게의 사진이에요.", "제외됨")
	want(t, "the seller", w.owner(potter).Post("/office/wanted/"+string(id), w.offer("8000")...), 403)
}

// TestAShopFollowsKindsOfWishes for itself alone, and stops.
func TestAShopFollowsKindsOfWishes(t *testing.T) {
	w := open(t)
	const at = "/office/wanted/kinds"
	b := w.owner(potter)
	want(t, "nothing", b.Get(at), 200, "아직 골라 둔 것이 없어요.", "서울특별시")
	want(t, "no such kind", b.Post(at, "category", "no.such"), 422, `id="f-category-error"`)
	for range 2 {
		if got := b.Post(at, "category", "eat.noodle", "region", "district_11040"); got.Location != at {
			t.Fatalf("followed: %d %s", got.Status, got.Body)
		}
	}
	list, err := w.Announce.Following(w.Ctx, apptest.Owner(potter), potter)
	w.Must(err)
	if len(list.Kinds) != 1 {
		t.Fatalf("%+v", list)
	}
	b.Post(at+"/letters", "letters", "on")
	if got := b.Get(at); !got.Has("서울특별시") || !got.Has(" checked") {
		t.Error("not kept")
	}
	want(t, "another's", w.owner(other).Post(at+"/drop", "kind", list.Kinds[0].ID), 404)
	want(t, "a stranger", w.as("acc_stranger").Post(at, "category", "eat.noodle"), 403)
	if got := b.Post(at+"/drop", "kind", list.Kinds[0].ID); got.Location != at {
		t.Errorf("dropped: %d", got.Status)
	}
	want(t, "none left", b.Get(at), 200, "아직 골라 둔 것이 없어요.")
}
