package region_test

import (
	"context"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
)

// matchRows adds to Gangnam a neighbourhood each in Bucheon, Sejong, Gunwi and two in Jongno, whose names registers
// write in several ways.
func matchRows() []region.Row {
	return append(gangnam(),
		row(5, "3105051", "심곡1동", "", block(37.48, 126.78)), row(6, "2901011", "조치원읍", "", block(36.6, 127.3)),
		row(7, "3731011", "군위읍", "", block(36.24, 128.57)), row(8, "1101061", "종로1·2·3·4가동", "", block(37.57, 126.98)),
		row(9, "1101063", "종로5·6가동", "", block(37.57, 127)), row(10, "2303051", "숭의2동", "", block(37.46, 126.65)),
		row(11, "1113062", "홍제1동", "", block(37.58, 126.94)))
}

func TestAtlasMatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		fill(t, d, matchRows())
		atlas, err := region.LoadAtlas(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		inGangnam := shape.Degrees(37.505, 127.035)
		for name, c := range map[string]struct {
			place    region.Place
			id, gu   market.RegionID
			how      region.How
			province string
		}{
			"all names": {place: region.Place{Province: "서울특별시", District: "강남구", Neighbourhood: "역삼1동"},
				id: "neighbourhood_1123064", gu: "district_11230", how: region.ByName},
			"short province": {place: region.Place{Province: "서울", District: "강남구", Neighbourhood: "역삼제1동"},
				id: "neighbourhood_1123064", gu: "district_11230", how: region.ByName},
			"dots for middle dots": {place: region.Place{Province: "서울특별시", District: "종로구", Neighbourhood: "종로1.2.3.4가동"},
				id: "neighbourhood_1101061", gu: "district_11010", how: region.ByName},
			"제 twice": {place: region.Place{Province: "서울특별시", District: "서대문구", Neighbourhood: "홍제제1동"},
				id: "neighbourhood_1113062", gu: "district_11130", how: region.ByName},
			"a renamed district": {place: region.Place{Province: "인천광역시", District: "남구", Neighbourhood: "숭의2동"},
				id: "neighbourhood_2303051", gu: "district_23030", how: region.ByName},
			"a moved district": {place: region.Place{Province: "대구광역시", District: "군위군", Neighbourhood: "군위읍"},
				id: "neighbourhood_3731011", gu: "district_37310", how: region.ByName},
			"a renamed province": {place: region.Place{Province: "강원도", District: "철원군"},
				id: "district_32360", gu: "district_32360", how: region.ByDistrict},
			"a new district of a city": {place: region.Place{Province: "경기도", District: "부천시 원미구", Neighbourhood: "심곡1동"},
				id: "neighbourhood_3105051", gu: "district_31050", how: region.ByName},
			"a city and its district in one word": {place: region.Place{Province: "경기도", District: "성남시분당구"},
				id: "district_31023", gu: "district_31023", how: region.ByDistrict},
			"a province without districts": {place: region.Place{Province: "세종특별자치시", Neighbourhood: "조치원읍"},
				id: "neighbourhood_2901011", gu: "district_29010", how: region.ByName},
			"its name twice": {
				place: region.Place{Province: "세종특별자치시", District: "세종특별자치시", Neighbourhood: "조치원읍"},
				id:    "neighbourhood_2901011", gu: "district_29010", how: region.ByName},
			"a new neighbourhood, by its place": {
				place: region.Place{Province: "서울특별시", District: "강남구", Neighbourhood: "새동", At: inGangnam},
				id:    "neighbourhood_1123064", gu: "district_11230", how: region.ByPlace},
			"a new neighbourhood, placed in another district": {
				place: region.Place{Province: "서울특별시", District: "종로구", Neighbourhood: "새동", At: inGangnam},
				id:    "district_11010", gu: "district_11010", how: region.ByDistrict},
			"a new district, by its place": {
				place: region.Place{Province: "서울특별시", District: "새구", Neighbourhood: "역삼1동", At: inGangnam},
				id:    "neighbourhood_1123064", gu: "district_11230", how: region.ByPlace},
			"a new district, placed in another province": {
				place: region.Place{Province: "부산광역시", District: "새구", At: inGangnam}, id: "province_21", how: region.ByProvince},
			"only a place": {place: region.Place{At: inGangnam}, id: "neighbourhood_1123064", gu: "district_11230",
				how: region.ByPlace},
			"nothing": {place: region.Place{Province: "도쿄도"}, id: region.Korea, how: region.Unmatched},
		} {
			want := region.Match{RegionID: c.id, DistrictID: c.gu, How: c.how}
			if got := atlas.Match(c.place); got != want {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
	})
}
