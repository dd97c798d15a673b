package region_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
)

func shipped(t *testing.T) map[market.RegionID]region.Known {
	t.Helper()
	list, err := region.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	out := map[market.RegionID]region.Known{}
	for _, k := range list {
		if _, twice := out[k.ID]; twice {
			t.Errorf("%s twice", k.ID)
		}
		out[k.ID] = k
	}
	return out
}

func TestShippedList(t *testing.T) {
	count := map[region.Level]int{}
	names := map[string]market.RegionID{}
	list := shipped(t)
	for id, k := range list {
		count[k.Level]++
		if other, twice := names[k.FullName]; twice && !strings.HasPrefix(k.FullName, "세종") {
			t.Errorf("%s and %s are both %s", id, other, k.FullName)
		}
		names[k.FullName] = id
		if k.Level != region.Country {
			if parent, found := list[k.ParentID]; !found || !strings.HasPrefix(k.Code, strings.TrimPrefix(parent.Code, "KR")) {
				t.Errorf("%s lies in %s", id, k.ParentID)
			}
		}
		if !region.Frame().Has(k.Centre) {
			t.Errorf("%s: centre %v", id, k.Centre)
		}
		if strings.TrimSpace(k.NameEN) != k.NameEN || strings.ContainsAny(k.NameEN, "0123456789_()") {
			t.Errorf("%s: English name %q", id, k.NameEN)
		}
	}
	if count[region.Country] != 1 || count[region.Province] != 17 || count[region.District] != 250 {
		t.Errorf("levels: %v", count)
	}
	for id, want := range map[market.RegionID][2]string{
		"district_11230": {"서울특별시 강남구", "Gangnam-gu, Seoul"},
		"district_23030": {"인천광역시 미추홀구", "Michuhol-gu, Incheon"},
		"district_29010": {"세종특별자치시", "Sejong"},
		"district_31023": {"경기도 성남시 분당구", "Seongnam-si Bundang-gu, Gyeonggi-do"},
		"district_32360": {"강원특별자치도 철원군", "Cheorwon-gun, Gangwon-do"},
		"district_37011": {"경상북도 포항시 남구", "Pohang-si Nam-gu, Gyeongsangbuk-do"},
		"district_39020": {"제주특별자치도 서귀포시", "Seogwipo-si, Jeju-do"},
	} {
		if got := list[id]; got.FullName != want[0] || got.FullNameEN != want[1] {
			t.Errorf("%s: %q, %q", id, got.FullName, got.FullNameEN)
		}
	}
}

// English names agree with the Revised Romanisation of the Korean ones, letter changes between syllables aside: the
// published outlines have 철원군 as "Gongju-si", which a person would not find by eye among 250.
func TestShippedEnglishFollowsKorean(t *testing.T) {
	initials := strings.Split("g kk n d tt r m b pp s ss - j jj ch k t p h", " ")
	vowels := strings.Split("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i", " ")
	for id, k := range shipped(t) {
		if k.Level != region.District {
			continue
		}
		english := strings.ToLower(k.NameEN)
		at := 0
		for _, r := range k.Name {
			if r < '가' || r > '힣' {
				continue
			}
			place := int(r - '가')
			vowel := vowels[place/28%21]
			found := strings.Index(english[at:], vowel)
			if found < 0 || found > 5 {
				t.Errorf("%s: %s in %q: no %q", id, k.Name, k.NameEN, vowel)
				break
			}
			at += found + len(vowel)
		}
		first := initials[int([]rune(k.Name)[0]-'가')/588]
		if first != "-" && !strings.HasPrefix(english, first) {
			t.Errorf("%s: %s is %q", id, k.Name, k.NameEN)
		}
	}
}

func TestTileMaps(t *testing.T) {
	seats := map[market.RegionID]map[region.Tile]string{}
	for _, k := range shipped(t) {
		if k.Tile.Row < 0 {
			continue
		}
		if seats[k.ParentID] == nil {
			seats[k.ParentID] = map[region.Tile]string{}
		}
		if other, taken := seats[k.ParentID][k.Tile]; taken {
			t.Errorf("%s and %s share a tile", k.Name, other)
		}
		seats[k.ParentID][k.Tile] = k.Name
	}
	if n := len(seats[region.Korea]); n != 17 {
		t.Errorf("%d provinces have tiles", n)
	}
	if n := len(seats["province_11"]); n != 25 {
		t.Errorf("%d districts of Seoul have tiles", n)
	}
}

// shared reads a file of the folder that stands beside the repository; a missing folder is a failure, not a pass.
func shared(t testing.TB, name string) []shape.Feature {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for at := dir; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err != nil {
			continue
		}
		f, err := os.Open(filepath.Join(at, "..", "shared", "data", name))
		if err != nil {
			t.Fatalf("the folder shared/data must stand beside the repository: %v", err)
		}
		defer func() { _ = f.Close() }()
		features, err := shape.Read(f)
		if err != nil {
			t.Fatal(err)
		}
		return features
	}
	t.Fatal("no go.mod above the test")
	return nil
}

// The shipped list is the published one with the corrections named here, and no others.
func TestShippedNamesAgainstPublished(t *testing.T) {
	corrected := map[string]string{
		"32": "강원특별자치도", "35": "전북특별자치도", // renamed 2023 and 2024
		"23030": "미추홀구", // renamed July 2018
	}
	list := shipped(t)
	for file, level := range map[string]region.Level{
		"korea-provinces-2018.topojson": region.Province, "korea-municipalities-2018.topojson": region.District,
	} {
		for _, f := range shared(t, file) {
			code, name := f.Properties["code"], f.Properties["name"]
			if other := corrected[code]; other != "" {
				name = other
			}
			k := list[region.IDOf(level, code)]
			if strings.ReplaceAll(k.Name, " ", "") != name {
				t.Errorf("%s: shipped %q, published %q", code, k.Name, name)
			}
			if !f.Shape.Contains(k.Centre) {
				t.Errorf("%s %s: the shipped centre lies outside", code, k.Name)
			}
		}
	}
}
