package wanted_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	flow "github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
)

// in posts a wish of a kind for a place.
func (w *world) in(name string, kind market.CategoryID, place market.RegionID) {
	w.T.Helper()
	_, err := w.Wanted.Post(w.Ctx, market.Actor{AccountID: "acc_1", Confirmed: true},
		flow.PostCmd{Draft: wish.Draft{Name: name, CategoryID: kind, RegionID: place}, Key: name})
	w.Must(err)
}

// TestTheListKeepsToAPlace that is picked from the province down, or to the reader's own, with kind and order, and
// every way onward keeps what was chosen.
func TestTheListKeepsToAPlace(t *testing.T) {
	w := openAt(t, func(*request.Request) (region.Region, error) {
		return region.Region{ID: "district_11040", Level: region.District, Name: "성동구", NameEN: "Seongdong-gu"}, nil
	})
	all := []string{"성동 국수", "서울 김치", "부산 어묵", "마포 수업", "어디나 연필"}
	w.in(all[0], "eat.noodle", "district_11040")
	w.in(all[1], "eat", "province_11")
	w.in(all[2], "eat", "province_21")
	w.in(all[3], "learn.class", "district_11140")
	w.in(all[4], "life", "")
	w.Clock.Advance(time.Minute)
	for _, c := range []struct {
		query string
		want  string // which of all
	}{
		{"", "01234"}, {"?region=here", "014"}, {"?region=district_11040", "014"}, {"?region=province_11", "0134"},
		{"?region=district_11140", "134"}, {"?region=province_21", "24"}, {"?region=province_11&kind=eat", "01"},
		{"?region=district_11140&sort=near", "134"}, {"?region=no_such", "01234"}, {"?region=country_kr", "01234"},
		{"?region=province_21&kind=learn", ""},
	} {
		page := w.Get("/wanted" + c.query)
		got := ""
		for i, name := range all {
			if page.Has(name) {
				got += string(rune('0' + i))
			}
		}
		if page.Status != 200 || got != c.want {
			t.Errorf("%s: %d, %s instead of %s", c.query, page.Status, got, c.want)
		}
	}
	page := w.Get("/wanted?region=province_11&kind=eat&sort=near&pick=1")
	for _, to := range []url.Values{{"region": {"district_11040"}, "kind": {"eat"}, "sort": {"near"}},
		{"region": {"here"}, "kind": {"eat"}, "sort": {"near"}}, {"kind": {"eat"}, "sort": {"near"}},
		{"region": {"province_11"}, "kind": {"learn"}, "sort": {"near"}}, {"region": {"province_11"}, "sort": {"near"}},
		{"region": {"province_11"}, "kind": {"eat"}, "sort": {"ending"}}} {
		wanting(t, page, `href="/wanted?`+strings.ReplaceAll(to.Encode(), "&", "&amp;")+`"`)
	}
	wanting(t, page, "서울특별시에서 함께 구해요", "서울특별시 안에서", "성동구", "부산광역시",
		`href="/wanted.atom?category=eat&amp;region=province_11"`, `href="/wanted.rss?category=eat&amp;region=province_11"`)
	closed := w.Get("/wanted?region=district_11040")
	wanting(t, closed, `href="/wanted?pick=1&amp;region=district_11040"`)
	if closed.Has("서울특별시 안에서") {
		t.Error("the places to pick from stand open")
	}
	empty := w.Get("/wanted?region=district_21010&kind=learn")
	wanting(t, empty, "중구에는 아직 없어요", "부산광역시에서 찾기", `href="/wanted?kind=learn&amp;region=province_21"`, "모두 보기")
	wanting(t, w.Get("/wanted?region=province_21&kind=learn"), "부산광역시에는 아직 없어요", "어디나 보기", `href="/wanted?kind=learn"`)
}

// TestWithoutANeighbourhoodOneIsOffered: "here" of a reader who has none is everywhere.
func TestWithoutANeighbourhoodOneIsOffered(t *testing.T) {
	w := open(t)
	w.in("부산 어묵", "eat", "province_21")
	page := w.Get("/wanted?region=here")
	wanting(t, page, "부산 어묵", "내 동네 정하기", `href="/regions"`)
	if strings.Contains(page.Body, "내 동네 ·") {
		t.Error("a neighbourhood that nobody named")
	}
}
