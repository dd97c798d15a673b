package directory_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/market/directory"
)

func TestCompare(t *testing.T) {
	entry := directory.Entry{Name: "두레국수", Branch: "연남점", CategoryID: "eat.korean", RegionID: "neighbourhood_1",
		Matched: "name", Address: "서울특별시 마포구 동교로 1", LotAddress: "서울특별시 마포구 연남동 22-3", Floor: "1",
		LatitudeE7: 37_5600000, LongitudeE7: 126_9200000}
	sign := directory.Sign{Name: "두레 국수", Address: "서울 마포구 동교로 1, 1층", RegionID: "neighbourhood_1",
		CategoryID: "eat.korean", LatitudeE7: 37_5601000, LongitudeE7: 126_9201000}
	all := directory.Comparison{Name: "same", Address: "same", Place: "same", Kind: "same", Spot: "same", Metres: 14}
	for name, c := range map[string]struct {
		change func(e *directory.Entry, s *directory.Sign)
		want   func(c *directory.Comparison)
	}{
		"same":   {},
		"branch": {change: func(_ *directory.Entry, s *directory.Sign) { s.Name = "두레국수(연남점)" }},
		"lot":    {change: func(_ *directory.Entry, s *directory.Sign) { s.Address = "마포구 연남동 22-3" }},
		"another name": {func(_ *directory.Entry, s *directory.Sign) { s.Name = "가람국수" },
			func(c *directory.Comparison) { c.Name = "differs" }},
		"next door": {func(_ *directory.Entry, s *directory.Sign) { s.Address = "서울 마포구 동교로 12" },
			func(c *directory.Comparison) { c.Address = "differs" }},
		"next lot": {func(_ *directory.Entry, s *directory.Sign) { s.Address = "서울 마포구 연남동 22-31" },
			func(c *directory.Comparison) { c.Address = "differs" }},
		"part of a number": {func(_ *directory.Entry, s *directory.Sign) { s.Address = "서울 마포구 동교로 1-2" },
			func(c *directory.Comparison) { c.Address = "differs" }},
		"far": {func(_ *directory.Entry, s *directory.Sign) { s.LatitudeE7 += 100_0000 },
			func(c *directory.Comparison) { c.Spot, c.Metres = "differs", 11131 }},
		"elsewhere": {func(_ *directory.Entry, s *directory.Sign) { s.RegionID, s.CategoryID = "neighbourhood_2", "cafe" },
			func(c *directory.Comparison) { c.Place, c.Kind = "differs", "differs" }},
		"unplaced": {func(e *directory.Entry, s *directory.Sign) {
			e.Matched, e.Address, e.LotAddress = "district", "", ""
			s.LatitudeE7, s.LongitudeE7, s.CategoryID = 0, 0, ""
		}, func(c *directory.Comparison) {
			*c = directory.Comparison{Name: "same", Address: "unknown", Place: "unknown", Kind: "unknown", Spot: "unknown"}
		}},
	} {
		e, s, want := entry, sign, all
		if c.change != nil {
			c.change(&e, &s)
		}
		if c.want != nil {
			c.want(&want)
		}
		if got := e.Compare(s); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if n := (directory.Comparison{Name: directory.Differs, Spot: directory.Differs}).Count(); n != 2 {
		t.Error(n)
	}
}

func TestLanesAreTheSameHoweverTheirNumberIsParted(t *testing.T) {
	for _, c := range []struct {
		register, said string
		want           directory.Agreement
	}{
		{"서울특별시 성동구 성수이로18길 7", "서울 성동구 성수이로 18길 7", directory.Same},
		{"서울특별시 성동구 성수이로 18길 7", "서울 성동구 성수이로18길 7", directory.Same},
		{"서울특별시 성동구 성수이로18길 7", "성동구 성수이로 18 길 7, 2층", directory.Same},
		{"서울특별시 성동구 성수이로18길 7", "성동구 성수이로18길7", directory.Same},
		{"서울특별시 성동구 성수이로18길 7", "성동구 성수이로 18길 7(성수동2가)", directory.Same},
		{"경기도 용인시 기흥구 동백중앙로16번길 16-4", "용인시 기흥구 동백중앙로 16번길 16-4", directory.Same},
		{"서울특별시 성동구 왕십리로24나길 20", "서울 성동구 왕십리로 24나길 20", directory.Same},
		{"서울특별시 성동구 성수이로18길 7", "서울 성동구 성수이로 18길 71", directory.Differs},
		{"서울특별시 성동구 성수이로18길 7", "서울 성동구 성수이로 18길 7-1", directory.Differs},
		{"서울특별시 성동구 성수이로18길 7", "서울 성동구 성수이로 18가길 7", directory.Differs},
		{"서울특별시 성동구 성수이로18길 7", "서울 성동구 성수이로 8길 7", directory.Differs},
		{"서울특별시 성동구 성수이로18길 7", "서울 성동구 성수일로 18길 7", directory.Differs},
		{"서울특별시 성동구 성수이로 18길 7", "서울 성동구 뚝섬로 18길 7", directory.Differs},
		{"서울특별시 성동구 성수이로18길 7", "서울 성동구 성수이로 7", directory.Differs},
		{"서울특별시 성동구 성수이로 7", "서울 성동구 성수이로 18길 7", directory.Differs},
		{"서울특별시 성동구 성수이로 18", "서울 성동구 성수이로 18길 7", directory.Differs},
		{"서울특별시 성동구 성수이로 18", "서울 성동구 성수이로18길", directory.Differs},
		{"서울특별시 성동구 성수이로 18", "서울 성동구 성수이로 18 길동빌딩", directory.Same},
	} {
		got := directory.Entry{Address: c.register}.Compare(directory.Sign{Address: c.said}).Address
		if got != c.want {
			t.Errorf("%s against %s: %s", c.register, c.said, got)
		}
	}
}
