package category_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
)

func TestShippedTree(t *testing.T) {
	list, err := category.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	top := 0
	for _, c := range list {
		if names[c.Name] || names[c.NameEN] {
			t.Errorf("%s: a name twice", c.ID)
		}
		names[c.Name], names[c.NameEN] = true, true
		if c.ParentID == "" {
			top++
		} else if !strings.HasPrefix(string(c.ID), string(c.ParentID)+".") {
			t.Errorf("%s under %s", c.ID, c.ParentID)
		}
		if c.Name == "" || c.NameEN == "" || c.Icon == "" || strings.Count(string(c.ID), ".") > 1 {
			t.Errorf("%+v", c)
		}
		if c.Label("en") != c.NameEN || c.Label("ko") != c.Name || c.Label("") != c.Name {
			t.Errorf("%s: labels", c.ID)
		}
	}
	if top != 8 {
		t.Errorf("%d kinds on the first level", top)
	}
}

func TestIndustries(t *testing.T) {
	table, err := category.LoadIndustries()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what category.Industry
		want market.CategoryID
	}{
		{category.Industry{Large: "음식", Middle: "한식", Small: "백반/한정식"}, "eat.korean"},
		{category.Industry{Large: "음식", Middle: "한식", Small: "돼지고기 구이/찜"}, "eat.meat"},
		{category.Industry{Large: "음식", Middle: "비알코올 ", Small: "카페"}, "cafe.coffee"},
		{category.Industry{Large: "음식", Middle: "기타 간이", Small: "빵/도넛"}, "cafe.bakery"},
		{category.Industry{Large: "음식", Middle: "기타 간이", Small: "처음 보는 업종"}, "eat.snack"},
		{category.Industry{Large: "소매", Middle: "섬유·의복·신발 소매", Small: "유아용 의류 소매업"}, "shop.fashion"},
		{category.Industry{Large: "소매", Middle: "섬유.의복.신발소매"}, "shop.fashion"},
		{category.Industry{Large: "수리·개인", Middle: "이용·미용", Small: "네일숍"}, "beauty.nail"},
		{category.Industry{Large: "교육", Middle: "기타 교육", Small: "요가/필라테스 학원"}, "learn.body"},
		{category.Industry{Large: "숙박", Middle: "기타 숙박", Small: "캠핑/글램핑"}, "play.camp"},
		{category.Industry{Large: "음식", Middle: "커피점/카페", Small: "커피전문점/카페/다방"}, "cafe.coffee"}, // before 2023
		{category.Industry{Large: "학문/교육", Middle: "학원-어학"}, "learn.language"},
		{category.Industry{SmallCode: "I21201"}, "cafe.coffee"},
		{category.Industry{MiddleCode: "S207"}, "beauty.hair"},
		{category.Industry{LargeCode: "I2", Large: "새 이름"}, "eat"},
		{category.Industry{Large: "우주"}, category.Other},
		{category.Industry{}, category.Other},
	} {
		if got := table.Of(c.what); got != c.want {
			t.Errorf("%+v is %s, want %s", c.what, got, c.want)
		}
	}
}

// The 75 middle classes of the register's present classification all lead somewhere better than Other.
func TestEveryMiddleClassIsKnown(t *testing.T) {
	table, err := category.LoadIndustries()
	if err != nil {
		t.Fatal(err)
	}
	known := map[market.CategoryID]bool{}
	list, err := category.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		known[c.ID] = true
	}
	other := 0
	for _, middle := range strings.Split("구내식당·뷔페,기타 간이,기타 외국,동남아시아,비알코올,서양식,일식,주점,중식,한식,"+
		"가구 소매,가전·통신 소매,기타 상품 소매,기타 생활용품 소매,담배 소매,모터사이클 소매,섬유·의복·신발 소매,시계·귀금속 소매,"+
		"식료품 소매,식물 소매,안경·정밀기기 소매,애완동물·용품 소매,연료 소매,오락용품 소매,음료 소매,의약·화장품 소매,자동차 부품 소매,"+
		"장식품 소매,종합 소매,중고 상품 소매,철물·건설자재 소매,이용·미용,세탁,욕탕·신체관리,기타 개인,장례식장,가전제품 수리,"+
		"기타 가정용품 수리,모터사이클 수리,자동차 수리·세차,컴퓨터 수리,통신장비 수리,광고,기술 서비스,기타 전문 과학,법무관련,"+
		"본사·경영 컨설팅,사진 촬영,수의,시장 조사,인쇄·제품제작,전문 디자인,회계·세무,교육 지원,기타 교육,일반 교육,기타 보건,병원,의원,"+
		"부동산 서비스,기타 숙박,일반 숙박,가정용품 대여,고용 알선,기타 사업 서비스,사무 지원,산업용품 대여,시설관리,여행사·보조,"+
		"운송장비 대여,조경·유지,청소·방제,도서관·사적지,스포츠 서비스,유원지·오락", ",") {
		id := table.Of(category.Industry{Middle: middle})
		if !known[id] {
			t.Errorf("%s leads to %s, which is no category", middle, id)
		}
		if id == category.Other {
			other++
		}
	}
	if other > 5 {
		t.Errorf("%d middle classes are unknown", other)
	}
}

func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		write := func(list []category.Category) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error { return category.Put(ctx, tx, list) }); err != nil {
				t.Fatal(err)
			}
		}
		missing, err := category.Differing(nil)
		if err != nil || len(missing) < 60 {
			t.Fatal(len(missing), err)
		}
		write(missing)
		stored, err := category.List(ctx, d)
		if err != nil || len(stored) != len(missing) || stored[0].ID != "eat" {
			t.Fatal(stored, err)
		}
		if again, err := category.Differing(stored); err != nil || len(again) != 0 {
			t.Errorf("%v %v", again, err)
		}
		old := stored[1]
		old.Name = "옛 이름"
		write([]category.Category{old})
		stored, _ = category.List(ctx, d)
		if changed, _ := category.Differing(stored); len(changed) != 1 || changed[0].Name != "한식" {
			t.Errorf("%v", changed)
		}
		if c, err := category.Find(ctx, d, "eat.korean"); err != nil || c.ParentID != "eat" {
			t.Errorf("%+v %v", c, err)
		}
		if _, err := category.Find(ctx, d, "eat.nothing"); !errors.Is(err, category.ErrNotFound) {
			t.Error(err)
		}
	})
}
