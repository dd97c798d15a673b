package storefront_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/storefront"
)

// member writes a shop in a state, with one branch that is open on weekdays.
func member(t *testing.T, d *db.DB, slug string, state merchant.State) market.MerchantID {
	t.Helper()
	var id market.MerchantID
	ctx := t.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		id = market.MerchantID(tx.NewID("mer"))
		if err := merchant.Insert(ctx, tx, merchant.Merchant{ID: id, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		m, err := merchant.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		m.Business = merchant.Business{Number: slug, Name: "두레 <i>국수</i>", Representative: "김두레", Phone: "021234567"}
		m = m.Reprofile(merchant.Profile{Slug: slug, Story: "국수를 삶아요.\n매일.", CategoryID: "eat.korean", Colour: "#ffee00"})
		if err := merchant.Save(ctx, tx, m); err != nil {
			return err
		}
		h := merchant.Hours{}
		for i := 1; i < 6; i++ {
			h.Week[i], _ = merchant.DayOf("09:00", "21:00", "15:00", "17:00")
		}
		b := merchant.Branch{
			ID: market.BranchID(tx.NewID("brn")), MerchantID: id, Name: "본점", Address: "서울 마포구 연남로 1",
			RegionID: "district_11140", Hours: h, Directions: "파란 문",
		}
		if err := merchant.InsertBranch(ctx, tx, b); err != nil {
			return err
		}
		m.Version++
		return merchant.Move(ctx, tx, m, state, "까닭")
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func shops(t *testing.T) (*requesttest.Browser, *db.DB, *dbtest.World) {
	t.Helper()
	d, w := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	storefront.MerchantRoutes(mux, storefront.Deps{Frame: f, DB: d}, enroll.New(enroll.Deps{DB: d}))
	mux.Handle("/", f.Missing())
	return requesttest.Open(t, f, mux), d, w
}

func TestMemberShopsHaveAPage(t *testing.T) {
	b, d, w := shops(t)
	member(t, d, "두레-국수", merchant.Approved)
	a := b.Get("/m/두레-국수")
	for _, text := range []string{
		"두레 &lt;i&gt;국수", "국수를 삶아요.", "09:00–15:00, 17:00–21:00", "파란 문", "tel:021234567", "단골 맺기",
		"map.kakao.com", "colour.css?v=ffee00",
	} {
		if a.Status != 200 || !a.Has(text) {
			t.Errorf("%d: %q is missing", a.Status, text)
		}
	}
	if a.Has("noindex") {
		t.Error("a shop's page is hidden from search engines")
	}
	w.Clock.Set(time.Date(2026, 3, 7, 3, 0, 0, 0, time.UTC)) // a Saturday
	if again := b.Get("/m/두레-국수"); !again.Has("쉬는 날") || strings.Contains(again.Body, "<i>국수") {
		t.Errorf("Saturday: %s", again.Body)
	}
}

func TestShopsThatAreNotPublicDoNotExist(t *testing.T) {
	b, d, _ := shops(t)
	for slug, state := range map[string]merchant.State{
		"쓰는-집": merchant.Draft, "낸-집": merchant.Submitted, "돌려받은-집": merchant.Returned,
	} {
		member(t, d, slug, state)
		for _, path := range []string{"/m/" + slug, "/m/" + slug + "/colour.css"} {
			if a := b.Get(path); a.Status != 404 || a.Has("두레 &lt;") {
				t.Errorf("%s: %d", path, a.Status)
			}
		}
	}
	for _, path := range []string{"/m/없는-집", "/m/..%2f..%2fetc", "/m/%00", "/m/" + strings.Repeat("가", 500)} {
		if a := b.Get(path); a.Status != 404 {
			t.Errorf("%.30s: %d", path, a.Status)
		}
	}
	member(t, d, "멈춘-집", merchant.Suspended)
	if a := b.Get("/m/멈춘-집"); a.Status != 200 || !a.Has("이미 산 이용권은") || a.Has("까닭") {
		t.Errorf("suspended: %d", a.Status)
	}
}

func TestAShopsColourIsAStyleOfItsOwn(t *testing.T) {
	b, d, _ := shops(t)
	member(t, d, "국수", merchant.Approved)
	a := b.Get("/m/국수/colour.css?v=ffee00")
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/css") ||
		!a.Has("background:#ffee00;color:#050505") {
		t.Errorf("%d %s: %s", a.Status, a.Header.Get("Content-Type"), a.Body)
	}
}

func TestFollowing(t *testing.T) {
	b, d, _ := shops(t)
	id := member(t, d, "국수", merchant.Approved)
	if a := b.Post("/m/국수/follow", "follows", "on"); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin?next=") {
		t.Errorf("guest: %d %s", a.Status, a.Location)
	}
	var fan market.AccountID
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		fan = market.AccountID(tx.NewID("acc"))
		return account.Insert(t.Context(), tx, account.Account{
			ID: fan, Email: "f@b.co", EmailKey: "f@b.co", Name: "단골", Locale: "ko", ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	b.SignIn(d, fan)
	if a := b.Get("/kept"); a.Status != 200 || !a.Has("아직 찜하거나") {
		t.Errorf("nothing kept: %d", a.Status)
	}
	for _, step := range []struct{ value, shows string }{{"on", "단골이에요"}, {"on", "단골 1명"}, {"off", "단골 맺기"}} {
		b.Post("/m/국수/follow", "follows", step.value)
		if a := b.Get("/m/국수"); !a.Has(step.shows) {
			t.Errorf("%s: %s is missing", step.value, step.shows)
		}
		if a := b.Get("/kept"); a.Has("/m/국수") != (step.value == "on") {
			t.Errorf("%s: what is kept near does not follow", step.value)
		}
	}
	if n, err := merchant.Followers(t.Context(), d, id); n != 0 || err != nil {
		t.Error(n, err)
	}
}
