package listing_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/storefront/listing"
)

const (
	mapo = market.RegionID("district_11140")
	dong = market.RegionID("neighbourhood_1114066")
)

type world struct {
	*requesttest.Browser
	t     *testing.T
	d     *db.DB
	index *search.Index
}

// open serves the pages on both engines over the shipped regions and one neighbourhood.
func open(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		plan, err := region.Seed(nil)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, d: d, index: search.New(d.Engine(), directory.Kind)}
		rows := append(plan.New, region.Stored{Region: region.Region{ID: dong, ParentID: mapo, Level: region.Neighbourhood,
			Code: "1114066", Name: "연남동", NameEN: "Yeonnam-dong", FullName: "서울특별시 마포구 연남동",
			FullNameEN: "Yeonnam-dong, Mapo-gu, Seoul", Version: 1}, Search: "연남동"})
		w.write(func(tx *db.Tx) error { return region.Insert(t.Context(), tx, rows) })
		f := requesttest.Frame(t, d)
		mux := http.NewServeMux()
		listing.Routes(mux, listing.Deps{Frame: f, DB: d, Index: w.index})
		mux.Handle("/", f.Missing())
		w.Browser = requesttest.Open(t, f, mux)
		body(w)
	})
}

func (w *world) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func draft(key, name string, change func(*directory.Draft)) directory.Draft {
	d := directory.Draft{Entry: directory.Entry{ID: directory.EntryID(directory.Prefix + key), Name: name,
		CategoryID: "eat.korean", Industry: "백반/한정식", RegionID: dong, DistrictID: mapo, Matched: "name",
		Address: "서울특별시 마포구 동교로 1", LotAddress: "서울특별시 마포구 연남동 1", Floor: "지1"}}
	if change != nil {
		change(&d)
	}
	d.Seal()
	return d
}

func (w *world) insert(drafts ...directory.Draft) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error { return directory.Insert(w.t.Context(), tx, drafts) })
}

func (w *world) see(a requesttest.Answer, status int, texts ...string) {
	w.t.Helper()
	if a.Status != status || !a.Has(texts...) {
		w.t.Fatalf("%d (to %s), want %d with %q in:\n%s", a.Status, a.Location, status, texts, a.Body)
	}
}

func TestPagesOfANeighbourhood(t *testing.T) {
	open(t, func(w *world) {
		at := "/r/" + string(dong) + "/shops"
		w.see(w.Get(at), 200, "연남동에는 보여 드릴 가게가 없어요")
		var drafts []directory.Draft
		for i := range 65 {
			drafts = append(drafts, draft(fmt.Sprintf("A%02d", i), fmt.Sprintf("가게 %02d <i>", i/2), nil))
		}
		w.insert(drafts...)
		next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
		seen, address := map[string]int{}, at
		for pages := 0; address != ""; pages++ {
			page := w.Get(address)
			w.see(page, 200, "연남동에서 아직 함께하지 않는 가게", "두레 회원이 아니라서", "소상공인시장진흥공단")
			for _, m := range regexp.MustCompile(`href="/shops/(dir_\w+)"`).FindAllStringSubmatch(page.Body, -1) {
				seen[m[1]]++
			}
			address = ""
			if m := next.FindStringSubmatch(page.Body); m != nil {
				address = strings.ReplaceAll(m[1], "&amp;", "&")
			}
			if pages > 5 {
				t.Fatal("the pages do not end")
			}
		}
		if len(seen) != 65 {
			t.Errorf("%d shops on all pages", len(seen))
		}
		w.see(w.Get("/r/"+string(mapo)+"/shops"), 200, "어느 동네인가요?", at)
		w.see(w.Get("/r/country_kr/shops"), 200, "서울특별시")
		w.see(w.Get("/r/neighbourhood_none/shops"), 404)
	})
}

func TestSearchInANeighbourhood(t *testing.T) {
	open(t, func(w *world) {
		w.insert(draft("A1", "두레국수", nil), draft("B2", "가람커피", nil),
			draft("C3", "두레국수", func(d *directory.Draft) { d.RegionID = mapo }),
			draft("D4", "두레국수", func(d *directory.Draft) { d.RegionID = "district_11150" })) // a namesake elsewhere
		w.write(func(tx *db.Tx) error {
			waiting, err := directory.Pending(w.t.Context(), tx, 10)
			var docs []search.Document
			for _, e := range waiting {
				place := map[market.RegionID]string{dong: "마포구 연남동", mapo: "마포구", "district_11150": "다른구 연남동"}[e.RegionID]
				docs = append(docs, directory.Prepare(w.index, e, place))
			}
			if err != nil {
				return err
			}
			return directory.PutIndex(w.t.Context(), tx, w.index, docs)
		})
		at := "/r/" + string(dong) + "/shops?q="
		page := w.Get(at + url.QueryEscape("두레"))
		w.see(page, 200, "dir_A1", "찾은 가게 1곳")
		if page.Has("dir_C3") || page.Has("dir_D4") || page.Has("dir_B2") {
			t.Error("another place's shop, or another name, was found")
		}
		w.see(w.Get(at+url.QueryEscape("없는집")), 200, "여기 없어요")
		w.see(w.Get(at+strings.Repeat("x", 100)), 422, "60자까지")
	})
}

// A shop's page says that it is no member; once it is one, the page leads to the member's for good.
func TestTheEntryLeadsToItsMember(t *testing.T) {
	open(t, func(w *world) {
		w.insert(draft("A1", "두레 <b>국수", func(d *directory.Draft) { d.Branch = "연남점" }))
		page := w.Get("/shops/dir_A1")
		w.see(page, 200, "두레 &lt;b&gt;국수 연남점", "아직 두레 회원 가게가 아니에요", "동교로 1, 지하 1층", "/office/claim/dir_A1")
		ctx := w.t.Context()
		w.write(func(tx *db.Tx) error {
			m := merchant.Merchant{ID: "mer_1", CreatedAt: tx.Now()}
			if err := merchant.Insert(ctx, tx, m); err != nil {
				return err
			}
			c, err := directory.OpenClaim(ctx, tx, directory.Claim{EntryID: "dir_A1", MerchantID: m.ID,
				State: directory.ClaimAsked})
			if err != nil {
				return err
			}
			_, err = directory.Grant(ctx, tx, c)
			return err
		})
		page = w.Get("/shops/dir_A1")
		w.see(page, 200, "이미 다른 업체가")
		if page.Has("/office/claim/") {
			t.Error("a claimed shop may be claimed")
		}
		w.write(func(tx *db.Tx) error {
			m, err := merchant.Find(ctx, tx, "mer_1")
			if err != nil {
				return err
			}
			m.Slug = "두레-국수"
			for _, to := range []merchant.State{merchant.Submitted, merchant.Approved} {
				if err := merchant.Move(ctx, tx, m, to, ""); err != nil {
					return err
				}
				if m, err = merchant.Find(ctx, tx, "mer_1"); err != nil {
					return err
				}
			}
			return nil
		})
		a := w.Get("/shops/dir_A1")
		if to, err := url.PathUnescape(a.Location); err != nil || a.Status != http.StatusSeeOther || to != "/m/두레-국수" {
			t.Errorf("%d to %s, %v", a.Status, a.Location, err)
		}
		if list := w.Get("/r/" + string(dong) + "/shops"); list.Has("dir_A1") {
			t.Error("a member stands among those who are none")
		}
	})
}

func TestNonsenseInAddresses(t *testing.T) {
	open(t, func(w *world) {
		w.insert(draft("A1", "두레국수", nil))
		for _, bad := range []string{"%00", "%F0%9F%8D%9C", "%FF%FE", "dir_%00", "' OR 1=1", strings.Repeat("x", 3000)} {
			for _, address := range []string{"/shops/" + url.PathEscape(bad), "/shops/" + strings.ReplaceAll(bad, " ", "%20"),
				"/r/" + strings.ReplaceAll(bad, " ", "%20") + "/shops",
				"/r/" + string(dong) + "/shops?after=" + url.QueryEscape(bad) + "&id=" + url.QueryEscape(bad),
				"/r/" + string(dong) + "/shops?q=" + strings.ReplaceAll(bad, " ", "%20")} {
				if a := w.Get(address); a.Status >= 500 {
					t.Errorf("%.60s: %d", address, a.Status)
				}
			}
		}
	})
}
