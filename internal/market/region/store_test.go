package region_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
)

// gangnam holds two neighbourhoods side by side and their district and province.
func gangnam() []region.Row {
	both := append(block(37.5, 127.03), block(37.5, 127.04)...)
	return []region.Row{
		row(1, "11", "서울특별시", "", both), row(2, "11230", "강남구", "", both),
		row(3, "1123064", "역삼1동", "Yeoksam 1(il)-dong", block(37.5, 127.03)),
		row(4, "1123065", "역삼2동", "Yeoksam 2(i)-dong", block(37.5, 127.04)),
	}
}

// fill writes the shipped list and the rows.
func fill(t *testing.T, d *db.DB, rows []region.Row) {
	t.Helper()
	ctx := context.Background()
	seed, err := region.Seed(nil)
	if err != nil {
		t.Fatal(err)
	}
	put := func(plan region.Plan) {
		t.Helper()
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := region.Insert(ctx, tx, plan.New); err != nil {
				return err
			}
			return region.Update(ctx, tx, plan.Changed)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(seed)
	stock, err := region.Stock(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := region.Merge(stock, rows, "통계청 SGIS")
	if err != nil || len(plan.Refused) > 0 {
		t.Fatal(plan.Refused, err)
	}
	put(plan)
	stock, err = region.Stock(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := region.Merge(stock, rows, "통계청 SGIS"); again.Unchanged != len(rows) {
		t.Fatalf("what was written is not what was meant: %+v", again.Changed)
	}
}

func names(list []region.Region) string {
	var out []string
	for _, r := range list {
		out = append(out, r.Name)
	}
	return strings.Join(out, " ")
}

func TestWalks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		fill(t, d, gangnam())
		ctx := context.Background()
		dong, err := region.Find(ctx, d, "neighbourhood_1123064")
		if err != nil || dong.FullName != "서울특별시 강남구 역삼1동" || dong.Label("en") != "Yeoksam 1-dong" {
			t.Fatalf("%+v %v", dong, err)
		}
		if _, err := region.Find(ctx, d, "district_99999"); !errors.Is(err, region.ErrNotFound) {
			t.Error(err)
		}
		if list, err := region.Ancestors(ctx, d, dong.ID); err != nil || names(list) != "대한민국 서울특별시 강남구" {
			t.Errorf("%s %v", names(list), err)
		}
		if list, err := region.Children(ctx, d, "district_11230"); err != nil || names(list) != "역삼1동 역삼2동" {
			t.Errorf("%s %v", names(list), err)
		}
		if list, err := region.List(ctx, d, region.Province); err != nil || len(list) != 17 || list[0].Name != "서울특별시" {
			t.Errorf("%s %v", names(list), err)
		}
		inside, err := region.Within(ctx, d, "district_11230")
		want := []market.RegionID{"district_11230", "neighbourhood_1123064", "neighbourhood_1123065"}
		if diff := cmp.Diff(want, inside); diff != "" || err != nil {
			t.Error(diff, err)
		}
		around, err := region.Covering(ctx, d, "neighbourhood_1123065")
		want = []market.RegionID{"country_kr", "district_11230", "neighbourhood_1123065", "province_11"}
		if diff := cmp.Diff(want, around); diff != "" || err != nil {
			t.Error(diff, err)
		}
		concerning, err := region.Concerning(ctx, d, "district_11230")
		want = []market.RegionID{"country_kr", "district_11230", "neighbourhood_1123064", "neighbourhood_1123065",
			"province_11"}
		if diff := cmp.Diff(want, concerning); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if all, err := region.Concerning(ctx, d, region.Korea); all != nil || err != nil {
			t.Error(all, err)
		}
		if _, err := region.Concerning(ctx, d, "district_99999"); !errors.Is(err, region.ErrNotFound) {
			t.Error(err)
		}
	})
}

func TestLocate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		fill(t, d, gangnam())
		ctx := context.Background()
		for _, c := range []struct {
			name string
			at   shape.Point
			want string
		}{
			{"inside", shape.Degrees(37.505, 127.035), "대한민국 서울특별시 강남구 역삼1동"},
			{"on the common border", shape.Degrees(37.505, 127.04), "대한민국 서울특별시 강남구 역삼2동"},
			{"off the edge by 1.1 km", shape.Degrees(37.52, 127.035), "대한민국 서울특별시 강남구 역삼1동"},
			{"far away", shape.Degrees(35.2, 129), ""},
		} {
			list, err := region.Locate(ctx, d, c.at)
			if names(list) != c.want || (c.want == "") != errors.Is(err, region.ErrOutside) {
				t.Errorf("%s: %s %v", c.name, names(list), err)
			}
		}
	})
}

func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		fill(t, d, gangnam())
		for query, want := range map[string]string{
			"강남구":            "강남구",
			"강남":             "강남구",
			"ㄱㄴㄱ":            "강남구",
			"역삼":             "역삼1동 역삼2동",
			"서울 역삼2":         "역삼2동",
			"서울강남구 역삼":       "역삼1동 역삼2동",
			"강남 ㅇㅅ":          "역삼1동 역삼2동",
			"역ㅅ":             "역삼1동 역삼2동",
			"분당":             "성남시 분당구",
			"gangnam":        "강남구",
			"Yeoksam 1-dong": "역삼1동",
			"전라북도":           "전북특별자치도",
			"전북":             "전북특별자치도",
			"미추홀":            "미추홀구",
			"%":              "",
			"":               "",
			"없는동네":           "",
		} {
			list, err := region.Search(context.Background(), d, query, 3)
			if err != nil {
				t.Fatal(err)
			}
			if got := names(list); !strings.HasPrefix(got, want) || (want == "") != (got == "") {
				t.Errorf("%q: %q, want %q", query, got, want)
			}
		}
	})
}

func TestMaps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		fill(t, d, gangnam())
		ctx := context.Background()
		m, err := region.LoadMap(ctx, d, "district_11230", 200)
		if err != nil || m.Tiles || len(m.Places) != 2 || m.Places[0].Path == "" || m.Width != 200 {
			t.Fatalf("%+v %v", m, err)
		}
		if diff := cmp.Diff([]string{"통계청 SGIS"}, m.Credits); diff != "" {
			t.Error(diff)
		}
		for id, want := range map[market.RegionID][3]int{ // width, height, places
			region.Korea: {4, 5, 17}, "province_11": {6, 7, 25}, "province_39": {2, 1, 2},
		} {
			m, err := region.LoadMap(ctx, d, id, 200)
			if got := [3]int{m.Width, m.Height, len(m.Places)}; err != nil || !m.Tiles || got != want {
				t.Errorf("%s: %v %v", id, got, err)
			}
		}
		if m, err := region.LoadMap(ctx, d, "neighbourhood_1123064", 200); err != nil || len(m.Places) != 0 {
			t.Errorf("%+v %v", m, err)
		}
	})
}

func TestAreas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		fill(t, d, gangnam())
		ctx := context.Background()
		put := func(drawing region.Drawing, previous region.Region) (id market.RegionID, err error) {
			known, err := region.DrawBase(ctx, d, drawing.Members)
			if err != nil {
				t.Fatal(err)
			}
			area, err := region.Draw(drawing, previous, known)
			if err != nil {
				return "", err
			}
			err = d.Write(ctx, func(tx *db.Tx) error {
				id, err = region.PutArea(ctx, tx, area, drawing.Members)
				return err
			})
			return id, err
		}
		id, err := put(region.Drawing{Name: "강남", NameEN: "Gangnam", Members: []market.RegionID{"district_11220",
			"neighbourhood_1123064"}}, region.Region{})
		if err != nil || !strings.HasPrefix(string(id), "area_") {
			t.Fatal(id, err)
		}
		area, err := region.Find(ctx, d, id)
		if err != nil || area.ParentID != "province_11" || area.FullName != "서울특별시 강남" || area.Level != region.Area {
			t.Fatalf("%+v %v", area, err)
		}
		if around, _ := region.Covering(ctx, d, "neighbourhood_1123064"); len(around) != 5 || around[0] != id {
			t.Errorf("covering: %v", around)
		}
		if inside, _ := region.Within(ctx, d, id); len(inside) != 3 {
			t.Errorf("within: %v", inside)
		}
		if list, _ := region.Search(ctx, d, "강남", 9); names(list) != "강남구 강남" {
			t.Errorf("search: %s", names(list))
		}
		if list, _ := region.Children(ctx, d, "province_11"); list[len(list)-1].ID != id {
			t.Errorf("areas come last: %s", names(list))
		}
		// Redrawn over two provinces it lies in the country; the id stays, so deals and links stay.
		same, err := put(region.Drawing{Name: "강남·분당", Members: []market.RegionID{"district_11230", "district_31023"}}, area)
		if err != nil || same != id {
			t.Fatal(same, err)
		}
		if redrawn, _ := region.Find(ctx, d, id); redrawn.ParentID != region.Korea || redrawn.Version != 2 {
			t.Errorf("%+v", redrawn)
		}
		if list, _ := region.Members(ctx, d, id); names(list) != "강남구 성남시 분당구" {
			t.Errorf("members: %s", names(list))
		}
		if _, err := put(region.Drawing{Name: "옛", Members: []market.RegionID{"district_11230"}}, area); !errors.Is(err,
			region.ErrChanged) {
			t.Errorf("an old version was written over: %v", err)
		}
		_, err = put(region.Drawing{Name: " ", Members: []market.RegionID{id, region.Korea, "district_0"}}, region.Region{})
		var codes []string
		for _, e := range fail.All(err) {
			codes = append(codes, e.Code)
		}
		want := []string{"region.area_name", "region.area_name", "region.area_member", "region.area_member",
			"region.area_member"}
		if diff := cmp.Diff(want, codes); diff != "" {
			t.Error(diff)
		}
		if _, err := put(region.Drawing{Name: "빈"}, region.Region{}); !errors.Is(err, region.ErrAreaEmpty) {
			t.Error(err)
		}
	})
}
