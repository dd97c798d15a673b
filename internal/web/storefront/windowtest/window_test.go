package windowtest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

const noodle = "손칼국수 두 그릇에 만두 한 접시"

func TestTheFrontPageShowsTheNeighbourhoodsOwn(t *testing.T) {
	w := open(t)
	if a := w.b.Get("/"); a.Status != 200 || !a.Has("전국에는 아직 딜이 없어요", "동네 고르기") {
		t.Fatalf("empty: %d %s", a.Status, a.Body)
	}
	member(t, w.World, "mer_far", "바다횟집")
	near, option := w.sale(nil)
	far := w.Scheduled("mer_far", func(o *deal.Offer) {
		o.Title, o.Regions, o.CategoryID = "모둠회 한 접시", []market.RegionID{"province_21"}, "eat.seafood"
	})
	w.Buy(apptest.Buyer(1), near, option, 1)
	w.Work()
	all := w.b.Get("/")
	if !all.Has(noodle, "모둠회 한 접시", "곧 시작해요", "에 한 분이 함께했어요", "1/3", "함께하는 가게") || all.Has("손님 1") {
		t.Errorf("country: %s", all.Body)
	}
	if a := w.b.Post("/regions", "region", string(seongsu)); a.Status != 303 || a.Location != "/" {
		t.Fatalf("choose: %d %s", a.Status, a.Location)
	}
	own := w.b.Get("/")
	if !own.Has("성수동", noodle) || own.Has("모둠회") {
		t.Errorf("neighbourhood: %s", own.Body)
	}
	busan := w.b.Get("/r/province_21")
	if !busan.Has("모둠회", "내 동네로 정하기") || busan.Has(noodle) {
		t.Errorf("province: %s", busan.Body)
	}
	for _, address := range []string{"/r/none", "/d/dea_none", "/d/" + string(far.ID) + "/part/none",
		"/d/" + strings.Repeat("x", 900)} {
		if a := w.b.Get(address); a.Status != 404 {
			t.Errorf("%s: %d", address[:min(40, len(address))], a.Status)
		}
	}
	if a := w.b.Post("/regions", "region", "neighbourhood_999"); a.Status != 404 {
		t.Errorf("a place that is not there: %d", a.Status)
	}
	if a := w.b.Post("/regions", "region", string(seongsu), "next", "//evil.example"); a.Location != "/" {
		t.Errorf("led away to %s", a.Location)
	}
}

func TestRegionsAreFoundByNameAndByMap(t *testing.T) {
	w := open(t)
	for query, want := range map[string]string{"성수": "서울특별시 성동구 성수동", "ㅅㅅㄷ": "성수동", "성동구": "성동구"} {
		if a := w.b.Get("/regions?q=" + url.QueryEscape(query)); a.Status != 200 || !a.Has(want) {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
	if a := w.b.Get("/regions?q=" + url.QueryEscape("없는동네🍜")); !a.Has("찾지 못했어요", "지도에서 고르기") {
		t.Errorf("nothing: %s", a.Body)
	}
	if a := w.b.Get("/regions"); !a.Has("/regions?in=province_11", `class="map"`) {
		t.Errorf("country: %s", a.Body)
	}
	if a := w.b.Get("/regions?in=district_11040"); !a.Has("/r/"+string(seongsu), "성동구 전체 보기", "/regions?in=province_11") {
		t.Errorf("district: %s", a.Body)
	}
	if a := w.b.Get("/regions?q=" + strings.Repeat("가", 200)); a.Status != 422 && a.Status != 400 {
		t.Errorf("an endless name: %d", a.Status)
	}
}

func TestSearchFindsWhatPeopleType(t *testing.T) {
	w := open(t)
	d, _ := w.sale(func(o *deal.Offer) { o.Title, o.Rules = "생삼겹살 2인분", lunch() })
	for query, found := range map[string]bool{"삼겹살": true, "ㅅㄱㅅ": true, "삼겹쌀": true, "할매손칼국수": true, "성수동 삼겹살": true,
		"자전거": false, "'; DROP TABLE deal; --": false, "\u202e삼": false, "🍖": false} {
		a := w.b.Get("/search?q=" + url.QueryEscape(query))
		if got := a.Has("/d/" + string(d.ID)); got != found {
			t.Errorf("%q: %d found %v", query, a.Status, got)
		}
	}
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, deal.Zone)
	now := w.Clock.Now().In(deal.Zone)
	noon = time.Date(now.Year(), now.Month(), now.Day(), noon.Hour(), 0, 0, 0, deal.Zone)
	for noon.Weekday() != time.Tuesday {
		noon = noon.AddDate(0, 0, 1)
	}
	for _, c := range []struct {
		at     time.Time
		usable bool
	}{
		{noon, true}, {noon.Add(4 * time.Hour), false}, // the rules' hours
		{noon.AddDate(0, 0, 4), false}, // Saturday
	} {
		w.Clock.Set(c.at.UTC())
		if got := w.b.Get("/search?now=on").Has("/d/" + string(d.ID)); got != c.usable {
			t.Errorf("usable on %s: %v", c.at.Format("Mon 15:04"), got)
		}
	}
	w.Clock.Set(noon.UTC())
	if a := w.b.Get("/search?lat=37.5445&lng=127.0550"); !a.Has("90m") {
		t.Errorf("near: %s", a.Body)
	}
	for _, c := range []struct {
		query string
		found bool
	}{
		{"max=10,000", false}, {"max=20,000", true}, {"category=eat", true}, {"category=eat.noodle", true},
		{"category=play", false},
		{"region=province_21", false}, {"region=province_11", true}, {"lat=999&lng=x", true},
	} {
		if a := w.b.Get("/search?" + c.query); a.Has("/d/"+string(d.ID)) != c.found {
			t.Errorf("%s: %d found %v", c.query, a.Status, !c.found)
		}
	}
	elsewhere := "/search?q=" + url.QueryEscape("삼겹살") + "&region=province_21"
	if a := w.b.Get(elsewhere); !a.Has("전국에서 찾았어요", "/d/"+string(d.ID)) {
		t.Errorf("wider: %s", a.Body)
	}
	if a := w.b.Get("/search?max=-1"); a.Status != 422 || !a.Has(`role="alert"`) {
		t.Errorf("a price below zero: %d", a.Status)
	}
}

func TestTheDealPageTellsEverythingAboveTheButton(t *testing.T) {
	w := open(t)
	d, o := w.sale(func(o *deal.Offer) { o.Rules = lunch() })
	w.Buy(apptest.Buyer(1), d, o, 2)
	held, err := w.Place(apptest.Buyer(2), d, o, 1)
	w.Must(err)
	a := w.b.Get("/d/" + string(d.ID))
	if a.Status != 200 || !a.Has("1명", "이미 값을 냈어요", "2명", "더 모이면 열려요", "19,900원", "32,000원", "37%", "가게 차림표 기준",
		"가게가 70%, 두레가 30%", "안 모이면 전액 돌려드려요.", "김순자", "123-45-67891", "02-466-1234", "통신판매중개자", "성수이로 18길 7",
		"월·화·수·목·금요일", "11:00부터 14:00", "19,900원에 함께하기", "schema.org/InStock", `property="og:image"`, `rel="canonical"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if above, below := strings.Index(a.Body, "안 모이면 전액"), strings.Index(a.Body, "19,900원에 함께하기"); above > below {
		t.Error("the button stands above the conditions")
	}
	part := w.b.Send(http.MethodGet, "/d/"+string(d.ID)+"/part/meter", http.Header{"Hx-Request": {"true"}}, nil)
	if part.Status != 200 || part.Has("<html") || !part.Has(`id="deal-meter"`, "2명") ||
		part.Has(`id="deal-act"`) {
		t.Errorf("part: %s", part.Body)
	}
	_, err = w.Checkout.CancelHold(w.Ctx, apptest.Buyer(2), held.Order.ID)
	w.Must(err)
	w.Buy(apptest.Buyer(3), d, o, 1)
	w.Buy(apptest.Buyer(4), d, o, 1)
	w.Work()
	if a := w.b.Get("/d/" + string(d.ID)); !a.Has("열렸어요", "함께 모여 열렸어요", "3명") {
		t.Errorf("tipped: %s", a.Body)
	}
	w.Pass(8 * 24 * time.Hour)
	if a := w.b.Get("/d/" + string(d.ID)); a.Status != 200 || !a.Has("끝난 딜이에요") {
		t.Errorf("after its end: %d", a.Status)
	}
	w.Pass(29 * 24 * time.Hour)
	if a := w.b.Get("/d/" + string(d.ID)); a.Status != 404 {
		t.Errorf("four weeks later: %d", a.Status)
	}
}

func TestBookmarksAreKeptAndLetGo(t *testing.T) {
	w := open(t)
	d, _ := w.sale(nil)
	keep := "/d/" + string(d.ID) + "/keep"
	if a := w.b.Post(keep, "what", "keep"); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin") {
		t.Errorf("guest: %d %s", a.Status, a.Location)
	}
	w.signIn(w.b, 1)
	for _, c := range [][2]string{{"keep", "찜했어요"}, {"keep", "찜했어요"}, {"drop", "찜을 풀었어요"}, {"tell", "알려 드릴게요"}} {
		if a := w.b.Post("/d/"+string(d.ID)+"/keep", "what", c[0]); a.Status != 303 {
			t.Errorf("%s: %d", c[0], a.Status)
		}
		if a := w.b.Get("/d/" + string(d.ID)); !a.Has(c[1]) {
			t.Errorf("%s: without %s", c[0], c[1])
		}
	}
	if a := w.b.Post("/d/"+string(d.ID)+"/keep", "what", "steal"); a.Status != 422 {
		t.Errorf("an unknown act: %d", a.Status)
	}
}

func TestTrustFiguresEqualTheLedger(t *testing.T) {
	w := open(t)
	if a := w.b.Get("/trust"); a.Status != 200 || !a.Has("지금 맡아 둔 돈이 없어요") {
		t.Fatalf("empty: %d", a.Status)
	}
	d, o := w.sale(nil)
	w.Buy(apptest.Buyer(1), d, o, 2)
	if a := w.b.Get("/trust"); !a.Has("39,800원", "따로 보관한 돈") {
		t.Errorf("%s", a.Body)
	}
	w.b.Language = "en"
	if a := w.b.Get("/trust"); !a.Has("₩39,800") {
		t.Errorf("english: %s", a.Body)
	}
}
