package directory

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sheet"
)

// Places of the wanted columns in Columns.
const (
	columnKey = iota
	columnName
	columnBranch
	columnLargeCode
	columnLarge
	columnMiddleCode
	columnMiddle
	columnSmallCode
	columnSmall
	columnProvince
	columnDistrict
	columnNeighbourhood
	columnLotAddress
	columnBuilding
	columnAddress
	columnFloor
	columnUnit
	columnLongitude
	columnLatitude
)

// Columns gives the register's columns that are read, in the order in which Read expects them. Editions differ in the
// others and in their order.
func Columns() []sheet.Column {
	return []sheet.Column{
		columnKey: {Name: "상가업소번호", Required: true}, columnName: {Name: "상호명", Required: true},
		columnBranch:    {Name: "지점명"},
		columnLargeCode: {Name: "상권업종대분류코드"}, columnLarge: {Name: "상권업종대분류명"},
		columnMiddleCode: {Name: "상권업종중분류코드"}, columnMiddle: {Name: "상권업종중분류명"},
		columnSmallCode: {Name: "상권업종소분류코드"}, columnSmall: {Name: "상권업종소분류명"},
		columnProvince: {Name: "시도명", Required: true}, columnDistrict: {Name: "시군구명", Required: true},
		columnNeighbourhood: {Name: "행정동명"}, columnLotAddress: {Name: "지번주소"}, columnBuilding: {Name: "건물명"},
		columnAddress: {Name: "도로명주소"}, columnFloor: {Name: "층정보"}, columnUnit: {Name: "호정보"},
		columnLongitude: {Name: "경도"}, columnLatitude: {Name: "위도"},
	}
}

// Draft is a row of the register that may become an entry: its region and category are not yet known.
type Draft struct {
	Entry
	LargeCode, Large, MiddleCode, Middle, SmallCode, Small string
	Province, District, Neighbourhood                      string
	mark                                                   int64 // set by Seal
}

// Seal marks a draft whose region and category are set, so that it can be compared and written. The mark is a number
// that changes when anything the register says of the shop changes.
func (d *Draft) Seal() {
	text := make([]byte, 0, 512)
	for _, part := range [...]string{
		d.Name, d.Branch, string(d.CategoryID), d.Industry, string(d.RegionID), string(d.DistrictID), d.Matched, d.Address,
		d.LotAddress, d.Building, d.Floor, d.Unit,
	} {
		text = append(append(text, part...), 0)
	}
	text = binary.BigEndian.AppendUint64(text, uint64(d.LatitudeE7))
	text = binary.BigEndian.AppendUint64(text, uint64(d.LongitudeE7))
	sum := sha256.Sum256(text)
	d.mark = int64(binary.BigEndian.Uint64(sum[:8]))
}

// What a row may hold, in letters.
const (
	keyRunesMax     = 40
	nameRunesMax    = 100
	addressRunesMax = 200
	shortRunesMax   = 40
)

// Read makes a draft of a row, or tells why not. The draft keeps as much as could be read, for the report.
func Read(row sheet.Row) (Draft, *fail.Error) {
	r := reader{row: row}
	key := row.Text(columnKey)
	d := Draft{
		Entry: Entry{
			ID: EntryID(Prefix + key), State: Unclaimed,
			Name: r.text(columnName, nameRunesMax), Branch: r.text(columnBranch, nameRunesMax),
			LotAddress: r.text(columnLotAddress, addressRunesMax), Address: r.text(columnAddress, addressRunesMax),
			Building: r.text(columnBuilding, nameRunesMax), Floor: r.text(columnFloor, shortRunesMax),
			Unit: r.text(columnUnit, shortRunesMax), Industry: r.text(columnSmall, nameRunesMax),
		},
		LargeCode: row.Text(columnLargeCode), Large: row.Text(columnLarge),
		MiddleCode: row.Text(columnMiddleCode), Middle: row.Text(columnMiddle),
		SmallCode: row.Text(columnSmallCode), Small: row.Text(columnSmall),
		Province: row.Text(columnProvince), District: row.Text(columnDistrict),
		Neighbourhood: row.Text(columnNeighbourhood),
	}
	if d.Industry == "" {
		d.Industry = r.text(columnMiddle, nameRunesMax)
	}
	switch {
	case !usableKey(key):
		return d, ErrNoKey.With("Key", printable(key))
	case d.Name == "" && r.why == nil:
		return d, ErrNoName
	case r.why != nil:
		return d, r.why
	}
	var why *fail.Error
	d.LatitudeE7, d.LongitudeE7, why = place(row.Text(columnLatitude), row.Text(columnLongitude))
	return d, why
}

// Key gives the register's number of a draft, also of a refused one.
func (d Draft) Key() string { return printable(strings.TrimPrefix(string(d.ID), Prefix)) }

// Label gives the shop's title as a report may show it, also of a refused draft: without invisible characters.
func (d Draft) Label() string { return printable(d.Title()) }

// usableKey accepts what stands in the register's numbers: letters and digits of ASCII.
func usableKey(key string) bool {
	if key == "" || len(key) > keyRunesMax {
		return false
	}
	for _, c := range []byte(key) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return true
}

// printable makes a refused text safe to write into a report.
func printable(s string) string {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
	if runes := []rune(clean); len(runes) > shortRunesMax {
		return string(runes[:shortRunesMax]) + "…"
	}
	return clean
}

// reader takes texts of a row and keeps the first refusal.
type reader struct {
	row sheet.Row
	why *fail.Error
}

// text gives a cell in composed form with single blanks; a line break inside a name counts as a blank.
func (r *reader) text(column, runesMax int) string {
	s := r.row.Text(column)
	if plain(s) && utf8.RuneCountInString(s) <= runesMax {
		return s
	}
	s = strings.Join(strings.Fields(s), " ")
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	if why := judge(s, runesMax); why != nil && r.why == nil {
		r.why = why.With("Column", Columns()[column].Name, "Max", runesMax)
	}
	return s
}

// plain reports a text of whole syllables, digits, letters and single blanks, as nearly all are: nothing to mend or
// refuse.
func plain(s string) bool {
	last := ' '
	for _, r := range s {
		if r == ' ' && last == ' ' || (r < ' ' || r >= 0x7f) && (r < '가' || r > '힣') {
			return false
		}
		last = r
	}
	return true
}

// joiner holds emoji together.
const joiner = '\u200d'

func judge(s string, runesMax int) *fail.Error {
	if utf8.RuneCountInString(s) > runesMax {
		return ErrLong
	}
	for _, r := range s {
		switch {
		case unicode.IsPrint(r) || r == joiner:
		case unicode.Is(unicode.Bidi_Control, r):
			return ErrDirection
		default:
			return ErrControl
		}
	}
	return nil
}

// The country's frame in degrees, islands and some sea included.
const (
	southmost, northmost = 32, 39
	westmost, eastmost   = 124, 132
	unit                 = 10_000_000
)

// place reads coordinates in decimal degrees; two empty ones are unknown.
func place(latitude, longitude string) (lat, lng int64, why *fail.Error) {
	if latitude == "" && longitude == "" {
		return 0, 0, nil
	}
	y, errY := strconv.ParseFloat(latitude, 64)
	x, errX := strconv.ParseFloat(longitude, 64)
	// Written so that a NaN fails too.
	if errY != nil || errX != nil || !(y >= southmost && y <= northmost && x >= westmost && x <= eastmost) {
		return 0, 0, ErrPlace.With("Latitude", printable(latitude), "Longitude", printable(longitude))
	}
	return int64(math.Round(y * unit)), int64(math.Round(x * unit)), nil
}
