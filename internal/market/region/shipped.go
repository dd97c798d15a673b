package region

import (
	_ "embed" // the shipped lists
	"fmt"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
)

//go:embed data/provinces.tsv
var provincesText string

//go:embed data/districts.tsv
var districtsText string

// Known is a region of the shipped list: names checked by hand, the centre from Statistics Korea's outlines.
type Known struct {
	Region
	Short string   // 서울, provinces only
	Also  []string // names by which registers call it, old and new
	Tile  Tile     // its place on the tile map of its parent
}

// Tile is a place in a grid; a region that is on none has Row -1.
type Tile struct{ Column, Row int }

// onNone is the tile of regions that no tile map shows.
var onNone = Tile{-1, -1}

// Shipped gives the country, its 17 provinces and 250 districts: what an instance knows without any file.
func Shipped() ([]Known, error) {
	out := []Known{{
		Region: Region{ID: Korea, Level: Country, Code: "KR", Name: "대한민국", NameEN: "South Korea", FullName: "대한민국",
			FullNameEN: "South Korea", Centre: shape.Point{Lat: 363_500_000, Lng: 1_278_000_000}},
		Short: "한국", Tile: onNone,
	}}
	provinces := map[string]Known{}
	err := lines(provincesText, 9, func(f []string) error {
		k, err := known(Province, Korea, f[:2], append([]string{f[3]}, f[4:]...))
		k.Short, k.FullName, k.FullNameEN = f[2], k.Name, k.NameEN
		provinces[k.Code] = k
		out = append(out, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("provinces: %w", err)
	}
	err = lines(districtsText, 8, func(f []string) error {
		province, found := provinces[f[0][:2]]
		if !found {
			return fmt.Errorf("district %s without a province", f[0])
		}
		k, err := known(District, province.ID, f[:2], f[2:])
		k.FullName, k.FullNameEN = fullNames(province.Region, k.Region)
		if k.isAlso(province.Name) { // a province of one district is one place with one name
			k.FullName, k.FullNameEN = province.FullName, province.FullNameEN
		}
		out = append(out, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("districts: %w", err)
	}
	return out, nil
}

func (k Known) isAlso(name string) bool {
	for _, also := range k.Also {
		if also == name {
			return true
		}
	}
	return false
}

// known reads the columns that both lists share: code and name; English name, centre, tile, other names.
func known(level Level, parent market.RegionID, head, tail []string) (Known, error) {
	k := Known{Region: Region{ParentID: parent, Level: level, Code: head[0], Name: head[1], NameEN: tail[0]}, Tile: onNone}
	k.ID = IDOf(level, k.Code)
	var err error
	if k.Centre.Lat, err = strconv.ParseInt(tail[1], 10, 64); err != nil {
		return k, err
	}
	if k.Centre.Lng, err = strconv.ParseInt(tail[2], 10, 64); err != nil {
		return k, err
	}
	if tail[3] != "" {
		if k.Tile.Column, err = strconv.Atoi(tail[3]); err != nil {
			return k, err
		}
		if k.Tile.Row, err = strconv.Atoi(tail[4]); err != nil {
			return k, err
		}
	}
	if tail[5] != "" {
		k.Also = strings.Split(tail[5], ",")
	}
	return k, nil
}

// lines walks a tab-separated text below its heading.
func lines(text string, columns int, each func(fields []string) error) error {
	rows := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, row := range rows[1:] {
		fields := strings.Split(row, "\t")
		if len(fields) != columns {
			return fmt.Errorf("line %d: %d columns", i+2, len(fields))
		}
		if err := each(fields); err != nil {
			return fmt.Errorf("line %d: %w", i+2, err)
		}
	}
	return nil
}

// fullNames puts a region's name after, and in English before, the places it lies in.
func fullNames(parent, r Region) (ko, en string) {
	if parent.Level == Country {
		return r.Name, r.NameEN
	}
	return parent.FullName + " " + r.Name, r.NameEN + ", " + parent.FullNameEN
}
