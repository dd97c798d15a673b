package desk_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market/feedback"
)

func TestBothSidesSpeakAndNeitherIsHidden(t *testing.T) {
	w := open(t)
	w.buyers("김서연", "이하준", "박준")
	owner := w.as("acc_owner")
	if a := owner.Get("/office/words"); a.Status != 200 || !a.Has("아직 남긴 말이 없어요") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	d, o := w.OnSale(shop, nil)
	first := w.Buy(apptest.Buyer(1), d, o, 1)
	w.Buy(apptest.Buyer(2), d, o, 1)
	w.Buy(apptest.Buyer(3), d, o, 1)
	w.use(first)
	w.Work()
	mine, err := w.Feedback.Mine(w.Ctx, apptest.Buyer(1))
	if err != nil || len(mine) != 1 {
		t.Fatalf("%+v %v", mine, err)
	}
	_, err = w.Feedback.Give(w.Ctx, apptest.Buyer(1), mine[0].ID, feedback.Answer{Satisfaction: 2,
		WouldReturn: feedback.Yes, SameTreatment: feedback.No, Comment: "국물이 <b>식어</b> 있었어요"})
	w.Must(err)
	w.Work()
	a := owner.Get("/office/words")
	if !a.Has("국물이 &lt;b&gt;식어", "김○연", "또 오고 싶어요", "다르게 대했다고", "1명 가운데 1명이 또 오고 싶대요", "2.0") ||
		a.Has("김서연") {
		t.Fatalf("%s", a.Body)
	}
	w.Clock.Set(d.EndsAt)
	w.Pass(0)
	w.Pass(0)
	asks, err := w.Feedback.Shops(w.Ctx, apptest.Owner(shop))
	if err != nil || len(asks) == 0 {
		t.Fatalf("%+v %v", asks, err)
	}
	address := "/office/words/" + asks[0].ID
	if a := owner.Get("/office/words"); !a.Has(address, "가게는 어땠나요?") {
		t.Fatalf("%s", a.Body)
	}
	if a := owner.Post(address, "satisfaction", "9"); a.Status != 422 || !a.Has("고쳐 주세요") {
		t.Errorf("%d", a.Status)
	}
	if a := w.as("acc_other").Post(address, "satisfaction", "1"); a.Status != 404 {
		t.Errorf("a foreign answer: %d", a.Status)
	}
	if a := owner.Post(address, "satisfaction", "5", "would_repeat", "yes", "comment", "또 하고 싶어요"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := owner.Get("/office/words"); a.Has(address) {
		t.Error("asked again")
	}
}
