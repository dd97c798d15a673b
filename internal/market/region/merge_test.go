package region_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market/region"
)

// block is a square of a hundredth of a degree with its south-west corner at the point.
func block(lat, lng float64) shape.Shape {
	p, side := shape.Degrees(lat, lng), int64(shape.Unit/100)
	return shape.Shape{{{p, {Lat: p.Lat, Lng: p.Lng + side}, {Lat: p.Lat + side, Lng: p.Lng + side},
		{Lat: p.Lat + side, Lng: p.Lng}}}}
}

func row(number int, code, name, english string, s shape.Shape) region.Row {
	properties := map[string]string{"code": code, "name": name, "name_eng": english}
	return region.Row{File: "f", Number: number, Feature: shape.Feature{Properties: properties, Shape: s}}
}

// seeded is what the tables hold after Seed.
func seeded(t *testing.T) []region.Stored {
	t.Helper()
	plan, err := region.Seed(nil)
	if err != nil || len(plan.New) != 268 || len(plan.Changed) != 0 {
		t.Fatalf("%d new, %v", len(plan.New), err)
	}
	return plan.New
}

func TestSeedTwiceChangesNothing(t *testing.T) {
	plan, err := region.Seed(seeded(t))
	if err != nil || len(plan.New)+len(plan.Changed) != 0 || plan.Unchanged != 268 {
		t.Fatalf("%+v %v", plan, err)
	}
}

func TestMergeTakesAndRefuses(t *testing.T) {
	bad := row(9, "1123066", "역삼3동", "", nil)
	bad.Feature.Err = shape.ErrOpenRing
	rows := []region.Row{
		row(1, "1123064", "역삼1동", "Yeoksam 1(il)-dong", block(37.5, 127.03)), // before its district: order does not matter
		row(2, "11230", "강남", "Gangnam", block(37.49, 127.02)),
		row(3, "1123064", "역삼1동", "", block(37.5, 127.03)),
		row(4, "1199901", "어디동", "", block(37.5, 127)),
		row(5, "", "이름만", "", block(37.5, 127)),
		row(6, "112306400", "긴코드", "", block(37.5, 127)),
		row(7, "1123O65", "영문자", "", block(37.5, 127)),
		row(8, "1123065", "역삼\u202e2동", "", block(37.5, 127)),
		bad,
		row(10, "1123067", "도쿄동", "", block(35.6, 139.7)),
		row(11, "1123068", "", "", block(37.5, 127)),
	}
	plan, err := region.Merge(seeded(t), rows, "c")
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]string{}
	for _, r := range plan.Refused {
		got[r.Number] = fail.CodeOf(r.Why)
	}
	want := map[int]string{3: "region.twice", 4: "region.no_parent", 5: "region.no_code", 6: "region.code_length",
		7: "region.code_digits", 8: "region.no_name", 9: "region.outline", 10: "region.elsewhere", 11: "region.no_name"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(plan.New) != 1 || len(plan.Changed) != 1 {
		t.Fatalf("%d new, %d changed", len(plan.New), len(plan.Changed))
	}
	dong, gu := plan.New[0], plan.Changed[0]
	if dong.FullName != "서울특별시 강남구 역삼1동" || dong.FullNameEN != "Yeoksam 1-dong, Gangnam-gu, Seoul" ||
		dong.ParentID != "district_11230" || dong.Credit != "c" || !dong.HasShape() {
		t.Errorf("%+v", dong.Region)
	}
	if gu.Name != "강남구" || gu.NameEN != "Gangnam-gu" || !gu.HasShape() {
		t.Errorf("a shipped name must stay: %+v", gu.Region)
	}
	if diff := cmp.Diff([]region.Renamed{{Code: "11230", Given: "강남", Kept: "강남구"}}, plan.Renamed); diff != "" {
		t.Error(diff)
	}
}

func TestMergeAgain(t *testing.T) {
	rows := []region.Row{row(1, "1123064", "역삼1동", "Yeoksam 1-dong", block(37.5, 127.03))}
	stock := seeded(t)
	first, _ := region.Merge(stock, rows, "c")
	stock = append(stock, first.New...)
	again, _ := region.Merge(stock, rows, "c")
	if len(again.New)+len(again.Changed) != 0 || again.Unchanged != 1 {
		t.Fatalf("%+v", again)
	}
	moved, _ := region.Merge(stock, []region.Row{row(1, "1123064", "역삼1동", "Yeoksam 1-dong", block(37.6, 127))}, "c")
	if len(moved.Changed) != 1 || moved.Changed[0].Outline == nil {
		t.Fatalf("%+v", moved)
	}
	renamed, _ := region.Merge(stock, []region.Row{row(1, "1123064", "역삼새동", "Y", block(37.5, 127.03))}, "c")
	if len(renamed.Changed) != 1 || renamed.Changed[0].Outline != nil || renamed.Changed[0].FullName != "서울특별시 강남구 역삼새동" {
		t.Fatalf("%+v", renamed)
	}
	// A new program's list keeps what was loaded.
	gu, _ := region.Merge(stock, []region.Row{row(1, "11230", "강남구", "", block(37.49, 127.02))}, "c")
	kept, _ := region.Seed(gu.Changed)
	for _, s := range kept.Changed {
		if s.ID == "district_11230" {
			t.Errorf("seed changed a loaded region: %+v", s.Region)
		}
	}
}

func TestFileErrorsAreAnswers(t *testing.T) {
	if err := region.FileError(shape.ErrNotMap); !errors.Is(err, region.ErrFile) {
		t.Error(err)
	}
	if err := region.FileError(shape.ErrTooLong); !errors.Is(err, region.ErrFileLong) {
		t.Error(err)
	}
	if region.FileError(nil) != nil {
		t.Error("no error became one")
	}
}

// Every published neighbourhood is taken, with a name of one manner in both languages.
func TestMergePublishedNeighbourhoods(t *testing.T) {
	var rows []region.Row
	for i, f := range shared(t, "korea-submunicipalities-2018.topojson") {
		rows = append(rows, region.Row{File: "dong", Number: i + 1, Feature: f})
	}
	plan, err := region.Merge(seeded(t), rows, "c")
	if err != nil || len(plan.New) != 3504 || len(plan.Refused) != 0 {
		t.Fatalf("%d new, refused %v, %v", len(plan.New), plan.Refused, err)
	}
	golden := map[string][2]string{
		"1101061": {"서울특별시 종로구 종로1·2·3·4가동", "Jongno 1·2·3·4-ga-dong, Jongno-gu, Seoul"},
		"1123064": {"서울특별시 강남구 역삼1동", "Yeoksam 1-dong, Gangnam-gu, Seoul"},
		"1114066": {"서울특별시 마포구 서교동", "Seogyo-dong, Mapo-gu, Seoul"},
		"3902013": {"제주특별자치도 서귀포시 성산읍", "Seongsan-eup, Seogwipo-si, Jeju-do"},
		"3743011": {"경상북도 울릉군 울릉읍", "Ulleung-eup, Ulleung-gun, Gyeongsangbuk-do"},
		"2901011": {"세종특별자치시 조치원읍", "Jochiwon-eup, Sejong"},
	}
	names := map[string]string{}
	for _, s := range plan.New {
		if want, found := golden[s.Code]; found {
			delete(golden, s.Code)
			if s.FullName != want[0] || s.FullNameEN != want[1] {
				t.Errorf("%s: %q %q", s.Code, s.FullName, s.FullNameEN)
			}
		}
		if other, twice := names[s.FullName]; twice {
			t.Errorf("%s and %s are both %s", s.Code, other, s.FullName)
		}
		names[s.FullName] = s.Code
	}
	if len(golden) != 0 {
		t.Errorf("not met: %v", golden)
	}
}
