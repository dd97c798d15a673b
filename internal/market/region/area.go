package region

import (
	"context"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/hangul"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
)

// PrefixArea begins the made part of an area's id.
const PrefixArea = string(Area)

// Drawing is what an operator says of an area.
type Drawing struct {
	Name    string
	NameEN  string
	Members []market.RegionID
}

// Draw makes the area of a drawing: it lies in the province of its members, or in the country when they are of several.
// known holds the members that exist and the provinces around them, by id; previous is the area as it was, or zero.
func Draw(d Drawing, previous Region, known map[market.RegionID]Region) (Region, error) {
	var refused fail.List
	a := previous
	a.Level, a.Name, a.NameEN = Area, strings.TrimSpace(d.Name), strings.TrimSpace(d.NameEN)
	if !usableName(a.Name) {
		refused = append(refused, ErrAreaName.On("name"))
	}
	if a.NameEN == "" {
		a.NameEN = a.Name
	}
	if !usableName(a.NameEN) {
		refused = append(refused, ErrAreaName.On("name_en"))
	}
	if len(d.Members) == 0 {
		refused = append(refused, ErrAreaEmpty.On("members"))
	}
	var lat, lng int64
	a.Box, a.ParentID = shape.Box{}, ""
	for _, id := range d.Members {
		m, found := known[id]
		if !found || m.Level == Area || m.Level == Country {
			refused = append(refused, ErrAreaMember.With("ID", string(id)).On("members"))
			continue
		}
		lat, lng = lat+m.Centre.Lat, lng+m.Centre.Lng
		a.Box = a.Box.Join(m.Box)
		if province := IDOf(Province, m.Code[:2]); a.ParentID == "" || a.ParentID == province {
			a.ParentID = province
		} else {
			a.ParentID = Korea
		}
	}
	if len(refused) > 0 {
		return a, refused
	}
	n := int64(len(d.Members))
	a.Centre = shape.Point{Lat: lat / n, Lng: lng / n}
	a.FullName, a.FullNameEN = fullNames(known[a.ParentID], a)
	return a, nil
}

// DrawBase reads what Draw needs to know: the members that exist and all provinces.
func DrawBase(ctx context.Context, q db.Querier, members []market.RegionID) (map[market.RegionID]Region, error) {
	known := map[market.RegionID]Region{}
	tops, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM region WHERE level = $1 OR level = $2`, Country, Province)
	if err != nil {
		return nil, err
	}
	for _, r := range tops {
		known[r.ID] = r
	}
	for _, id := range members {
		if _, found := known[id]; found {
			continue
		}
		r, err := Find(ctx, q, id)
		if fail.KindOf(err) == fail.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		known[id] = r
	}
	return known, nil
}

// FindArea gives an area as it was at a version: ErrNotFound when it is none, ErrChanged when it has moved on.
func FindArea(ctx context.Context, q db.Querier, id market.RegionID, version int64) (Region, error) {
	a, err := Find(ctx, q, id)
	switch {
	case err != nil:
		return a, err
	case a.Level != Area:
		return a, ErrNotFound
	case a.Version != version:
		return a, ErrChanged
	}
	return a, nil
}

// PutArea writes an area and its members: a new one (Version 0), or over the version it was read at. It gives the
// area's id; ErrChanged when somebody else changed it meanwhile.
func PutArea(ctx context.Context, tx *db.Tx, a Region, members []market.RegionID) (market.RegionID, error) {
	s := Stored{Region: a, Search: searchLines(nil, hangul.Compact(a.FullName), a.FullNameEN)}
	var err error
	if a.Version == 0 {
		s.ID = market.RegionID(tx.NewID(PrefixArea))
		s.Code, s.Version = codeOfID(s.ID), 1
		err = Insert(ctx, tx, []Stored{s})
	} else {
		err = Update(ctx, tx, []Stored{s})
	}
	if err != nil {
		return "", err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM region_area_member WHERE area_id = $1`, s.ID); err != nil {
		return "", err
	}
	sorted := slices.Clone(members)
	slices.Sort(sorted)
	var rows [][]any
	for _, id := range slices.Compact(sorted) {
		rows = append(rows, []any{s.ID, id})
	}
	in := db.Insert{Table: "region_area_member", Columns: []string{"area_id", "member_id"}}
	_, err = db.InsertMany(ctx, tx, in, rows)
	return s.ID, err
}
