package desk_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// sheet is the editor filled in as a shop owner would, with changes.
func sheet(change map[string]string) []string {
	fields := map[string]string{
		"title": "손칼국수 두 그릇에 만두 한 접시", "summary": "점심 두 사람", "story": "새벽 네 시에\n반죽을 칩니다.",
		"category": "eat.noodle", "price_basis": "가게 차림표", "threshold_kind": "people", "threshold": "3", "capacity": "10",
		"per_person": "2", "starts_at": "2026-11-30", "ends_at": "2026-12-06", "valid_days": "365", "from": "11:00",
		"to": "21:00", "blackout": "2026-12-25, 2027-01-01", "refund_profile": "std2025", "merchant_share": "100",
		"stated_cost": "7,000원", "regions": "district_11040", "option_0_name": "두 그릇 세트", "option_0_list_price": "20,000",
		"option_0_price": "10000", "option_0_quantity": "10", "option_0_uses": "1", "act": "save",
	}
	maps.Copy(fields, change)
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		pairs = append(pairs, name, fields[name])
	}
	return append(pairs, "weekdays", "1", "weekdays", "2")
}

func monday(w *world) (start, end string) {
	first := deal.NextMonday(w.Clock.Now())
	return first.In(deal.Zone).Format("2006-01-02"), deal.LastDay(deal.WeekAfter(first))
}

func (w *world) sheet(change map[string]string) []string {
	start, end := monday(w)
	fields := map[string]string{"starts_at": start, "ends_at": end}
	maps.Copy(fields, change)
	return sheet(fields)
}

// draft saves the form and gives the draft's id.
func (w *world) draft(b *requesttest.Browser) market.DealID {
	w.T.Helper()
	a := b.Post("/office/deals", w.sheet(nil)...)
	if a.Status != 303 {
		w.T.Fatalf("%d %s", a.Status, a.Body)
	}
	return market.DealID(strings.TrimPrefix(a.Location, "/office/deals/"))
}

func TestADealIsWrittenPreviewedAndHandedIn(t *testing.T) {
	w := open(t)
	owner := w.as("acc_owner")
	start, end := monday(w)
	if a := owner.Get("/office/deals/new"); a.Status != 200 || !a.Has(start, end, `value="365"`, "시작하는 월요일") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := owner.Post("/office/deals", w.sheet(map[string]string{"act": "preview"})...); a.Status != 200 ||
		!a.Has("8,680원", "1,680원", "월·화요일", "손님에게는 이렇게 보여요") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if rows, err := deal.ListByMerchant(w.Ctx, w.DB, shop, 10); err != nil || len(rows) != 0 {
		t.Fatalf("a preview saved something: %d %v", len(rows), err)
	}
	id := w.draft(owner)
	a := owner.Get("/office/deals/" + string(id))
	if !a.Has("저장했어요", "새벽 네 시에\n반죽을 칩니다.", "2026-12-25, 2027-01-01", "10,000", "7,000", "월·화요일") {
		t.Fatalf("%s", a.Body)
	}
	part := owner.Send(http.MethodPost, "/office/deals/"+string(id)+"/preview", http.Header{"Hx-Request": {"true"},
		"Content-Type": {"application/x-www-form-urlencoded"}}, strings.NewReader("title=%EC%83%88+%EC%9D%B4%EB%A6%84"+
		"&option_0_name=x&option_0_price=9,900&option_0_list_price=20000&option_0_quantity=5&option_0_uses=1"))
	if part.Status != 200 || part.Has("<html") || !part.Has("새 이름", "9,900원", "방금 저장했어요") {
		t.Fatalf("%d %s", part.Status, part.Body)
	}
	if a := owner.Post("/office/deals/"+string(id), w.sheet(map[string]string{"act": "submit"})...); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a = owner.Get("/office/deals/" + string(id))
	if !a.Has("기다리는 줄 1번째예요", "할인은 점수에 없어요", "100 가운데 40", "가운데 점수를 드렸어요", "거둬들이기") {
		t.Fatalf("%s", a.Body)
	}
	if a := owner.Post("/office/deals/"+string(id)+"/withdraw", "x", "1"); a.Status != 303 {
		t.Fatalf("%d", a.Status)
	}
	if a := owner.Get("/office/deals"); !a.Has("거둬들임") {
		t.Errorf("%s", a.Body)
	}
}

func TestEveryFaultStandsBesideItsField(t *testing.T) {
	w := open(t)
	owner := w.as("acc_owner")
	huge := strings.Repeat("가", 61)
	for name, c := range map[string]struct {
		change map[string]string
		says   string
	}{
		"no title":           {map[string]string{"title": ""}, "f-title-error"},
		"long title":         {map[string]string{"title": huge}, "f-title-error"},
		"rtl":                {map[string]string{"title": "값 \u202e00091"}, "f-title-error"},
		"emoji is welcome":   {map[string]string{"title": "칼국수 🍜", "capacity": "0"}, "f-capacity-error"},
		"price in words":     {map[string]string{"option_0_price": "만원"}, "f-option_0_price-error"},
		"price below zero":   {map[string]string{"option_0_price": "-5000"}, "f-option_0_price-error"},
		"price too high":     {map[string]string{"option_0_price": "99999999999999999999"}, "f-option_0_price-error"},
		"above the list":     {map[string]string{"option_0_price": "25,000"}, "f-option_0_list_price-error"},
		"out of reach":       {map[string]string{"threshold": "11"}, "f-threshold-error"},
		"a Tuesday":          {map[string]string{"starts_at": "2026-12-01"}, "f-starts_at-error"},
		"no date":            {map[string]string{"starts_at": "다음 주 월요일"}, "f-starts_at-error"},
		"too short":          {map[string]string{"ends_at": "2026-12-01"}, "f-ends_at-error"},
		"too little time":    {map[string]string{"valid_days": "30"}, "f-valid_days-error"},
		"share":              {map[string]string{"merchant_share": "170"}, "f-merchant_share-error"},
		"no region":          {map[string]string{"regions": ""}, "f-regions-error"},
		"unknown region":     {map[string]string{"regions": "dong_0"}, "f-regions-error"},
		"unknown category":   {map[string]string{"category": "eat.stones"}, "f-category-error"},
		"a foreign branch":   {map[string]string{"branches": "brn_2"}, "f-branches-error"},
		"foreign profile":    {map[string]string{"refund_profile": "legacy70"}, "f-refund_profile-error"},
		"blackout":           {map[string]string{"blackout": "크리스마스"}, "f-blackout-error"},
		"per person":         {map[string]string{"per_person": "20"}, "f-per_person-error"},
		"script stays words": {map[string]string{"title": "<script>alert(1)</script>", "per_person": "0"}, "&lt;script&gt;"},
	} {
		t.Run(name, func(t *testing.T) {
			change := map[string]string{"act": "submit"}
			maps.Copy(change, c.change)
			a := owner.Post("/office/deals", w.sheet(change)...)
			if a.Status != 422 || !a.Has(c.says, "고쳐 주세요", "option_0_name") {
				t.Fatalf("%d: %s", a.Status, a.Body)
			}
		})
	}
}

func TestWhatIsNoTextIsRefusedWhole(t *testing.T) {
	w := open(t)
	owner := w.as("acc_owner")
	for _, title := range []string{"칼국수\x00만두", "\xff\xfe"} {
		if a := owner.Post("/office/deals", w.sheet(map[string]string{"title": title})...); a.Status != 422 {
			t.Errorf("%q: %d", title, a.Status)
		}
	}
	if rows, err := deal.ListByMerchant(w.Ctx, w.DB, shop, 10); err != nil || len(rows) != 0 {
		t.Errorf("something was kept: %d %v", len(rows), err)
	}
}

func TestAFaultyDraftIsKeptAsItWasTyped(t *testing.T) {
	w := open(t)
	owner := w.as("acc_owner")
	a := owner.Post("/office/deals", w.sheet(map[string]string{"title": "", "threshold": "500", "price_basis": ""})...)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := owner.Get(a.Location); !a.Has(`value="500"`, "내기 전에", "f-title") || a.Has("f-title-error") {
		t.Fatalf("%s", a.Body)
	}
}

func TestOptionsAreAddedAndDroppedWithoutScript(t *testing.T) {
	w := open(t)
	owner := w.as("acc_owner")
	a := owner.Post("/office/deals", w.sheet(map[string]string{"act": "add_option"})...)
	if a.Status != 200 || !a.Has("option_1_name", "두 그릇 세트") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	two := map[string]string{"option_1_name": "네 그릇 세트", "option_1_list_price": "40,000", "option_1_price": "19,000",
		"option_1_quantity": "5", "option_1_uses": "1", "act": "drop_option:0"}
	a = owner.Post("/office/deals", w.sheet(two)...)
	if a.Status != 200 || a.Has("option_1_name") || !a.Has(`value="네 그릇 세트"`, "19,000원") || a.Has(`value="두 그릇 세트"`) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, act := range []string{"drop_option:9", "drop_option:-1", "drop_picture:0", "drop_option:x", "add_option:"} {
		two["act"] = act
		if a := owner.Post("/office/deals", w.sheet(two)...); a.Status != 200 {
			t.Errorf("%s: %d", act, a.Status)
		}
	}
}

func TestPicturesAreMadeAnewAndBrokenOnesRefused(t *testing.T) {
	w := open(t)
	owner := w.as("acc_owner")
	img := image.NewRGBA(image.Rect(0, 0, 600, 400))
	img.Set(1, 1, color.White)
	var data bytes.Buffer
	if err := jpeg.Encode(&data, img, nil); err != nil {
		t.Fatal(err)
	}
	a := owner.Upload("/office/deals", "pictures", "국수.jpg", data.Bytes(), w.sheet(nil)...)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if page := owner.Get(a.Location); !page.Has("600x400/480-", "/photos/", "1번째 사진 빼기") {
		t.Fatalf("%s", page.Body)
	}
	bad := owner.Upload("/office/deals", "pictures", "국수.jpg", []byte("GIF89a nothing"), w.sheet(nil)...)
	if bad.Status != 422 || !bad.Has("f-pictures-error", "두 그릇 세트") {
		t.Fatalf("%d %s", bad.Status, bad.Body)
	}
	foreign := map[string]string{"picture": "https://evil.example/x.jpg", "act": "preview"}
	forged := owner.Post("/office/deals", w.sheet(foreign)...)
	if forged.Has("evil.example") {
		t.Error("a foreign picture is shown")
	}
}

func TestAShopThatIsNotApprovedWritesButDoesNotHandIn(t *testing.T) {
	w := open(t)
	w.exec(`UPDATE merchant SET state = 'submitted' WHERE id = $1`, string(shop))
	owner := w.as("acc_owner")
	if a := owner.Get("/office"); !a.Has("가게 등록을 살펴보고 있어요") {
		t.Errorf("%s", a.Body)
	}
	id := w.draft(owner)
	a := owner.Post("/office/deals/"+string(id), w.sheet(map[string]string{"act": "submit"})...)
	if a.Status != 409 || !a.Has("승인된 가게만", "두 그릇 세트") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
}

func TestALossIsSaidBeforeItIsMade(t *testing.T) {
	w := open(t)
	a := w.as("acc_owner").Post("/office/deals", w.sheet(map[string]string{"stated_cost": "9,000", "act": "preview"})...)
	if !a.Has("팔수록 손해예요", "320원", "1번 더 오시면") {
		t.Fatalf("%s", a.Body)
	}
}

func TestChangesArePromisedMoreOnly(t *testing.T) {
	w := open(t)
	d, _ := w.OnSale(shop, nil)
	owner, address := w.as("acc_owner"), "/office/deals/"+string(d.ID)
	if a := owner.Get(address + "/change"); a.Status != 200 || !a.Has("손칼국수 두 그릇에 만두 한 접시", `value="400"`) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	send := func(valid, why string) requesttest.Answer {
		return owner.Post(address+"/change", "title", "손칼국수 두 그릇", "summary", "", "story", "", "valid_days", valid,
			"why", why, "act", "send")
	}
	if a := send("30", "짧게"); a.Status != 422 || !a.Has("f-valid_days-error", "f-why-error") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := send("500", "더 오래 쓰시게 하려고요"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := owner.Get(address); !a.Has("바꾸기 요청을 운영자가 살펴보고 있어요", "더 오래 쓰시게") {
		t.Fatalf("%s", a.Body)
	}
	if _, err := w.Publish.Accept(w.Ctx, apptest.Operator(), d.ID); err != nil {
		t.Fatal(err)
	}
	if a := owner.Get(address); !a.Has("손칼국수 두 그릇", "500일", "바꾼 내용으로 팔고 있어요") {
		t.Fatalf("%s", a.Body)
	}
}

func TestWhatWasDrawnForADealStaysThroughAChange(t *testing.T) {
	w := open(t)
	d, _ := w.OnSale(shop, nil)
	drawn, foreign := art.URL("noodle", 11), art.URL("cafe", 12)
	w.exec(`UPDATE deal_terms SET pictures = $1 WHERE deal_id = $2`, `["`+drawn+`"]`, string(d.ID))
	a := w.as("acc_owner").Post("/office/deals/"+string(d.ID)+"/change", "title", "손칼국수 두 그릇", "summary", "", "story", "",
		"valid_days", "500", "why", "더 오래 쓰시게 하려고요", "picture", drawn, "picture", foreign, "act", "send")
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	next, err := deal.Proposal(w.Ctx, w.DB, d.ID)
	if err != nil || len(next.Pictures) != 1 || next.Pictures[0] != drawn {
		t.Errorf("%q %v", next.Pictures, err)
	}
}
