package region

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/hangul"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
)

// Stored is a region as the tables keep it.
type Stored struct {
	Region
	Search  string // what Search looks through
	Hash    string // of the outline, "" without one
	Credit  string // whose outline it is
	Outline []byte // set only where it is to be written
}

// Row is one outline of a file.
type Row struct {
	File    string
	Number  int // counted from 1
	Feature shape.Feature
}

// Refusal is a row that was not taken, and why.
type Refusal struct {
	File   string
	Number int
	Code   string
	Name   string
	Why    *fail.Error
}

// Renamed is a row whose name differs from the shipped one, which was kept.
type Renamed struct{ Code, Given, Kept string }

// Plan is what a load comes to: what to write, larger regions first, and what to tell the operator.
type Plan struct {
	New       []Stored
	Changed   []Stored // with the version they replace
	Unchanged int
	Refused   []Refusal
	Renamed   []Renamed
}

// Seed plans the shipped list against what is stored. Outlines and centres that were loaded stay.
func Seed(stock []Stored) (Plan, error) {
	m, err := newMerger(stock)
	if err != nil {
		return Plan{}, err
	}
	shipped, err := Shipped()
	if err != nil {
		return Plan{}, err
	}
	for _, k := range shipped {
		m.put(Stored{Region: k.Region})
	}
	return m.plan, nil
}

// Merge plans rows of files against what is stored. Rows may come in any order; names of shipped regions stay as
// shipped.
func Merge(stock []Stored, rows []Row, credit string) (Plan, error) {
	m, err := newMerger(stock)
	if err != nil {
		return Plan{}, err
	}
	sorted := slices.Clone(rows)
	// A code's length is its level: the larger regions must be there before the smaller.
	slices.SortStableFunc(sorted, func(a, b Row) int { return len(codeOf(a.Feature)) - len(codeOf(b.Feature)) })
	seen := map[string]bool{}
	for _, row := range sorted {
		candidate, why := m.read(row.Feature)
		if why == nil && seen[candidate.Code] {
			why = ErrTwice.With("Code", candidate.Code)
		}
		if why != nil {
			m.plan.Refused = append(m.plan.Refused, Refusal{File: row.File, Number: row.Number,
				Code: codeOf(row.Feature), Name: nameOf(row.Feature), Why: why})
			continue
		}
		seen[candidate.Code] = true
		candidate.Credit = credit
		m.put(candidate)
	}
	return m.plan, nil
}

type merger struct {
	plan  Plan
	now   map[market.RegionID]Stored
	known map[market.RegionID]Known
}

func newMerger(stock []Stored) (*merger, error) {
	m := &merger{now: make(map[market.RegionID]Stored, len(stock)), known: map[market.RegionID]Known{}}
	for _, s := range stock {
		m.now[s.ID] = s
	}
	shipped, err := Shipped()
	if err != nil {
		return nil, err
	}
	for _, k := range shipped {
		m.known[k.ID] = k
	}
	return m, nil
}

// property names under which files carry code and names.
var (
	codeNames    = []string{"code", "adm_cd", "ADM_CD"}
	koreanNames  = []string{"name", "adm_nm", "ADM_NM"}
	englishNames = []string{"name_eng", "name_en"}
)

func first(properties map[string]string, names []string) string {
	for _, name := range names {
		if value := strings.TrimSpace(properties[name]); value != "" {
			return value
		}
	}
	return ""
}

func codeOf(f shape.Feature) string { return first(f.Properties, codeNames) }
func nameOf(f shape.Feature) string { return first(f.Properties, koreanNames) }

// levelOf tells the level and the parent from a code: 11 is Seoul, 11230 its Gangnam-gu, 1123064 a neighbourhood there.
func levelOf(code string) (Level, market.RegionID, *fail.Error) {
	if strings.Trim(code, "0123456789") != "" {
		return "", "", ErrCodeDigits.With("Code", code)
	}
	switch len(code) {
	case 0:
		return "", "", ErrNoCode
	case 2:
		return Province, Korea, nil
	case 5:
		return District, IDOf(Province, code[:2]), nil
	case 7:
		return Neighbourhood, IDOf(District, code[:5]), nil
	}
	return "", "", ErrCodeLength.With("Code", code)
}

// read makes a candidate of a row, or tells why not.
func (m *merger) read(f shape.Feature) (Stored, *fail.Error) {
	s := Stored{Region: Region{Code: codeOf(f), Name: nameOf(f)}}
	var why *fail.Error
	if s.Level, s.ParentID, why = levelOf(s.Code); why != nil {
		return s, why
	}
	if f.Err != nil {
		return s, ErrOutline.Wrap(f.Err)
	}
	if at := strings.LastIndexByte(s.Name, ' '); at >= 0 && s.Level == Neighbourhood {
		s.Name = s.Name[at+1:] // some files carry the full name
	}
	s.NameEN = first(f.Properties, englishNames)
	if !usableName(s.Name) || (s.NameEN != "" && !usableName(s.NameEN)) {
		return s, ErrNoName
	}
	if s.NameEN = tidyEnglish(s.Name, s.NameEN); s.NameEN == "" {
		s.NameEN = s.Name
	}
	s.ID = IDOf(s.Level, s.Code)
	if _, found := m.now[s.ParentID]; !found {
		return s, ErrNoParent.With("Code", codeOfID(s.ParentID))
	}
	s.Box, s.Centre = f.Shape.Box(), f.Shape.Centre()
	if frame := Frame(); frame.Join(s.Box) != frame {
		return s, ErrElsewhere
	}
	s.Outline = f.Shape.Encode()
	sum := sha256.Sum256(s.Outline)
	s.Hash = hex.EncodeToString(sum[:16])
	return s, nil
}

func codeOfID(id market.RegionID) string {
	_, code, _ := strings.Cut(string(id), "_")
	return code
}

// put takes a candidate into the plan: new, changed or as it was.
func (m *merger) put(c Stored) {
	old, found := m.now[c.ID]
	known, shipped := m.known[c.ID]
	if shipped {
		if c.Name != known.Name && c.Hash != "" && foldName(c.Name) != foldName(known.Name) {
			m.plan.Renamed = append(m.plan.Renamed, Renamed{Code: c.Code, Given: c.Name, Kept: known.Name})
		}
		c.Name, c.NameEN, c.FullName, c.FullNameEN = known.Name, known.NameEN, known.FullName, known.FullNameEN
	} else {
		c.FullName, c.FullNameEN = fullNames(m.now[c.ParentID].Region, c.Region)
	}
	c.Search = m.searchText(c.Region)
	if c.Hash == "" && found {
		c.Centre, c.Box, c.Hash, c.Credit = old.Centre, old.Box, old.Hash, old.Credit
	}
	if !found {
		c.Version = 1
		m.now[c.ID] = c
		m.plan.New = append(m.plan.New, c)
		return
	}
	c.Version = old.Version
	if same(old, c) {
		m.plan.Unchanged++
		return
	}
	if c.Hash == old.Hash && c.Credit == old.Credit {
		c.Outline = nil
	}
	m.now[c.ID] = c
	m.plan.Changed = append(m.plan.Changed, c)
}

func same(a, b Stored) bool {
	a.Outline, b.Outline = nil, nil
	return a.Region == b.Region && a.Search == b.Search && a.Hash == b.Hash && a.Credit == b.Credit
}

// searchText holds the ways to write a region, in normal form. The first line has its other names, the second its full
// name in one piece and in the short form (서울강남구), English, and the initial consonants of all the Korean ones.
func (m *merger) searchText(r Region) string {
	var also []string
	for _, name := range m.known[r.ID].Also {
		also = append(also, hangul.Compact(name))
	}
	forms := hangul.Compact(r.FullName)
	province := m.known[IDOf(Province, r.Code[:min(2, len(r.Code))])]
	if province.Short != "" {
		forms += " " + hangul.Compact(strings.Replace(r.FullName, province.Name, province.Short, 1))
	}
	return searchLines(also, forms, r.FullNameEN)
}

func searchLines(also []string, forms, english string) string {
	others := strings.Join(also, " ")
	return others + "\n" + forms + " " + hangul.Choseong(strings.TrimSpace(others+" "+forms)) + " " +
		hangul.Normalise(english)
}

// FileError says of a whole file that cannot be read what an operator can do about it; nil stays nil.
func FileError(err error) error {
	switch {
	case errors.Is(err, shape.ErrNotMap):
		return ErrFile.Wrap(err)
	case errors.Is(err, shape.ErrTooLong):
		return ErrFileLong.With("MB", shape.BytesMax>>20).Wrap(err)
	}
	return err
}
