package directory_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sheet"
	"github.com/dure-commerce/dure/internal/market/directory"
)

const head = "상가업소번호,상호명,지점명,상권업종소분류명,시도명,시군구명,행정동명,도로명주소,층정보,경도,위도\n"

// readOne reads the first row below the heading.
func readOne(t *testing.T, row string) (directory.Draft, *fail.Error) {
	t.Helper()
	s, err := sheet.Open(strings.NewReader(head+row+"\n"), directory.Columns())
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Next()
	if err != nil {
		t.Fatalf("%q: %v", row, err)
	}
	return directory.Read(r)
}

func TestRead(t *testing.T) {
	d, why := readOne(t, `MA010120220805431207,"두레  국밥
집 🍲",역삼점,국/탕/찌개류,서울특별시,강남구,역삼1동,"서울특별시 강남구 테헤란로 1, 2층",2,127.0364,37.5006`)
	if why != nil {
		t.Fatal(why)
	}
	want := directory.Draft{
		Entry: directory.Entry{ID: "dir_MA010120220805431207", Name: "두레 국밥 집 🍲", Branch: "역삼점",
			Industry: "국/탕/찌개류", Address: "서울특별시 강남구 테헤란로 1, 2층", Floor: "2", LatitudeE7: 375_006_000,
			LongitudeE7: 1_270_364_000, State: directory.Unclaimed},
		Small: "국/탕/찌개류", Province: "서울특별시", District: "강남구", Neighbourhood: "역삼1동",
	}
	if d != want {
		t.Error(cmp.Diff(want, d, cmp.AllowUnexported(directory.Draft{})))
	}
	if d.Title() != "두레 국밥 집 🍲 역삼점" || d.Key() != "MA010120220805431207" {
		t.Error(d.Title(), d.Key())
	}
}

func TestReadRefuses(t *testing.T) {
	long := strings.Repeat("가", 101)
	for row, want := range map[string]string{
		"1,두레,,,,,,,,,":                          "",
		"1,👩‍🍳 손맛,,,,,,,,,":                      "",
		",두레,,,,,,,,,":                           "directory.no_key",
		"가나다,두레,,,,,,,,,":                        "directory.no_key",
		"1; DROP,두레,,,,,,,,,":                    "directory.no_key",
		strings.Repeat("1", 41) + ",두레,,,,,,,,,": "directory.no_key",
		"1,,,,,,,,,,":                            "directory.no_name",
		"1,\"  \n \",,,,,,,,,":                   "directory.no_name",
		"1," + long + ",,,,,,,,,":                "directory.long",
		"1,두레," + long + ",,,,,,,,":              "directory.long",
		"1,두\x00레,,,,,,,,,":                      "directory.control_character",
		"1,두\x07레,,,,,,,,,":                      "directory.control_character",
		"1,두\u200b레,,,,,,,,,":                    "directory.control_character",
		"1,두\u202e레,,,,,,,,,":                    "directory.direction_character",
		"1,두레,,,,,,서울\u2066시,,,":                 "directory.direction_character",
		"1,두레,,,,,,,,127.0,":                     "directory.place",
		"1,두레,,,,,,,,37.5,127.0":                 "directory.place", // the wrong way round
		"1,두레,,,,,,,,0,0":                        "directory.place",
		"1,두레,,,,,,,,NaN,37.5":                   "directory.place",
		"1,두레,,,,,,,,동경,북위":                      "directory.place",
		"1,두레,,,,,,,,139.7,35.6":                 "directory.place", // Tokyo
	} {
		_, why := readOne(t, row)
		got := ""
		if why != nil {
			got = why.Code
		}
		if got != want {
			t.Errorf("%q: %q, want %q", row, got, want)
		}
	}
	_, why := readOne(t, "1,두레,,,,,,"+strings.Repeat("나", 300)+",,,")
	if why == nil || why.Args["Column"] != "도로명주소" || why.Args["Max"] != 200 {
		t.Errorf("a refusal names its column: %v", why)
	}
}

func TestRequiredColumnsAreNamed(t *testing.T) {
	_, err := sheet.Open(strings.NewReader("상가업소번호,시도명\n"), directory.Columns())
	e, _ := fail.As(err)
	if !errors.Is(err, sheet.ErrColumns) || e.Args["Columns"] != "상호명, 시군구명" {
		t.Errorf("%v", err)
	}
	const whole = "상가업소번호,상호명,지점명,상권업종대분류코드,상권업종대분류명,상권업종중분류코드,상권업종중분류명,상권업종소분류코드,상권업종소분류명," +
		"표준산업분류코드,표준산업분류명,시도코드,시도명,시군구코드,시군구명,행정동코드,행정동명,법정동코드,법정동명,지번코드,대지구분코드,대지구분명," +
		"지번본번지,지번부번지,지번주소,도로명코드,도로명,건물본번지,건물부번지,건물관리번호,건물명,도로명주소,구우편번호,신우편번호,동정보,층정보,호정보,경도,위도"
	names := map[string]bool{}
	for _, name := range strings.Split(whole, ",") {
		names[name] = true
	}
	for _, column := range directory.Columns() {
		if !names[column.Name] {
			t.Errorf("%s is no column of the register", column.Name)
		}
	}
}

// Whatever a file holds, a row that is taken can be stored and shown.
func FuzzRead(f *testing.F) {
	f.Add("MA0101,\"두레\n국밥\",역삼점,한식,서울특별시,강남구,역삼1동,주소,2,127.0,37.5")
	f.Add("1,\u202e,,,,,,,,1e400,NaN")
	f.Fuzz(func(t *testing.T, row string) {
		s, err := sheet.Open(strings.NewReader(head+row), directory.Columns())
		if err != nil {
			return
		}
		for {
			r, err := s.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				continue
			}
			d, why := directory.Read(r)
			if strings.ContainsAny(d.Key(), "\x00\n\r") {
				t.Fatalf("key %q", d.Key())
			}
			if why != nil {
				continue
			}
			if d.Name == "" || len([]rune(d.Name)) > 100 || strings.ContainsAny(d.Name+d.Address, "\x00\n\r\u202e") {
				t.Fatalf("%+v", d)
			}
			if d.HasPlace() && (d.LatitudeE7 < 32e7 || d.LatitudeE7 > 39e7 || d.LongitudeE7 < 124e7 || d.LongitudeE7 > 132e7) {
				t.Fatalf("%+v", d)
			}
		}
	})
}

// Every word of the register counts for the mark: one that did not would never reach an entry that is there already.
func TestSealCoversEveryField(t *testing.T) {
	base := draft("A1", "두레")
	for name, change := range map[string]func(*directory.Draft){
		"name": func(d *directory.Draft) { d.Name = "x" }, "branch": func(d *directory.Draft) { d.Branch = "x" },
		"category": func(d *directory.Draft) { d.CategoryID = "x" }, "trade": func(d *directory.Draft) { d.Industry = "x" },
		"region": func(d *directory.Draft) { d.RegionID = "x" }, "district": func(d *directory.Draft) { d.DistrictID = "x" },
		"matched": func(d *directory.Draft) { d.Matched = "x" }, "address": func(d *directory.Draft) { d.Address = "x" },
		"lot": func(d *directory.Draft) { d.LotAddress = "x" }, "building": func(d *directory.Draft) { d.Building = "x" },
		"floor": func(d *directory.Draft) { d.Floor = "x" }, "unit": func(d *directory.Draft) { d.Unit = "x" },
		"latitude":  func(d *directory.Draft) { d.LatitudeE7 = 1 },
		"longitude": func(d *directory.Draft) { d.LongitudeE7 = 1 },
		"shifted":   func(d *directory.Draft) { d.Name, d.Branch = "두", "레" },
	} {
		changed := base
		change(&changed)
		changed.Seal()
		if changed == base {
			t.Errorf("%s does not count", name)
		}
		changed.Entry = base.Entry
		if changed == base {
			t.Errorf("%s does not reach the mark", name)
		}
	}
}
