package parcel

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Carrier is who brings a parcel, by its code.
type Carrier string

// Carriers without numbers that anybody could follow.
const (
	// Direct is a seller who brings the goods himself: there is no number and no evidence but the receiver's word.
	Direct Carrier = "direct"
	// Other is a carrier that stands in no list: its numbers are only looked at for being numbers.
	Other Carrier = "other"
)

// shape is what a carrier's numbers look like.
type shape struct {
	code     Carrier
	min, max int      // characters
	letters  bool     // beside digits
	names    []string // as sellers write them, without blanks and in lower case
}

// shapes is sorted as sellers meet them. Lengths are taken wide: a number that is refused wrongly holds up a parcel,
// one that is taken wrongly is found by the carrier's silence.
func shapes() []shape {
	return []shape{
		{"cj", 10, 12, false, []string{"cj대한통운", "대한통운", "씨제이대한통운", "cj택배", "cjlogistics"}},
		{"hanjin", 10, 14, false, []string{"한진택배", "한진"}},
		{"lotte", 10, 13, false, []string{"롯데택배", "롯데", "롯데글로벌로지스", "현대택배"}},
		{"post", 13, 13, true, []string{"우체국택배", "우체국", "우체국소포", "등기", "ems", "epost", "koreapost"}},
		{"logen", 10, 12, false, []string{"로젠택배", "로젠"}},
		{"kyungdong", 8, 16, false, []string{"경동택배", "경동"}},
		{"daesin", 10, 13, false, []string{"대신택배", "대신"}},
		{"ilyang", 9, 12, false, []string{"일양로지스", "일양택배", "일양"}},
		{"hapdong", 8, 16, false, []string{"합동택배", "합동"}},
		{"chunil", 10, 13, false, []string{"천일택배", "천일"}},
		{"cu", 10, 12, false, []string{"cu편의점택배", "cu택배", "cupost", "편의점cu"}},
		{"gs", 10, 12, false, []string{"gs25편의점택배", "gspostbox", "gs25", "gs편의점택배", "gs택배"}},
		{Other, 6, 30, true, []string{"기타", "기타택배"}},
		{Direct, 0, 0, false, []string{"직접배송", "직접전달", "직접", "퀵", "용달"}},
	}
}

// Carriers lists all carriers, those met most first.
func Carriers() []Carrier {
	var out []Carrier
	for _, s := range shapes() {
		out = append(out, s.code)
	}
	return out
}

// NameKey is the catalogue key of the carrier's name.
func (c Carrier) NameKey() string { return "escrow.carrier." + string(c) }

// Traced tells whether the carrier has numbers that can be followed.
func (c Carrier) Traced() bool { return c != Direct }

// Refusals of one parcel's name.
var (
	ErrCarrier = fail.New(fail.Invalid, "escrow.parcel.carrier") // Args: Name
	// ErrNumber is a number that the carrier cannot have given. Args: Min, Max.
	ErrNumber = fail.New(fail.Invalid, "escrow.parcel.number")
	// ErrShortened is a number that a spreadsheet has rounded, as 6.12346E+11: its last digits are lost.
	ErrShortened = fail.New(fail.Invalid, "escrow.parcel.shortened")
	// ErrNoNumber is a number beside a carrier that gives none.
	ErrNoNumber = fail.New(fail.Invalid, "escrow.parcel.no_number")
)

// FindCarrier reads a carrier's code, or its name as sellers write it; it answers ErrCarrier.
func FindCarrier(text string) (Carrier, error) {
	name := strings.ToLower(norm.NFKC.String(text))
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" \t()·.-_", r) }), "")
	for _, s := range shapes() {
		if name == string(s.code) || slices.Contains(s.names, name) {
			return s.code, nil
		}
	}
	return "", ErrCarrier.With("Name", cut(text)).On("carrier")
}

// cut keeps what somebody typed short enough to be shown back.
func cut(text string) string {
	const runesMax = 30
	if r := []rune(text); len(r) > runesMax {
		return string(r[:runesMax]) + "…"
	}
	return text
}

// Name is a parcel as its carrier knows it.
type Name struct {
	Carrier Carrier
	Number  string // "" for a carrier without numbers
}

// Traced tells whether a carrier can say where the parcel is.
func (n Name) Traced() bool { return n.Carrier.Traced() && n.Number != "" }

// Read reads a carrier and a number as people write them: with blanks and hyphens, in full-width digits, with the mark
// by which a spreadsheet keeps a text. It answers ErrCarrier, ErrNumber, ErrShortened or ErrNoNumber.
func Read(carrier, number string) (Name, error) {
	code, err := FindCarrier(carrier)
	if err != nil {
		return Name{}, err
	}
	digits, err := readNumber(number)
	if err != nil {
		return Name{}, err
	}
	for _, s := range shapes() {
		switch {
		case s.code != code:
		case s.max == 0 && digits != "":
			return Name{}, ErrNoNumber.On("number")
		case len(digits) < s.min, len(digits) > s.max, !s.letters && strings.ContainsFunc(digits, isLetter):
			return Name{}, ErrNumber.With("Min", int64(s.min), "Max", int64(s.max)).On("number")
		}
	}
	return Name{Carrier: code, Number: digits}, nil
}

func readNumber(text string) (string, error) {
	plain := strings.ToUpper(strings.TrimSpace(norm.NFKC.String(text)))
	plain = strings.TrimSuffix(strings.TrimPrefix(plain, "'"), ".0")
	if strings.Contains(plain, "E+") {
		return "", ErrShortened.On("number")
	}
	var b strings.Builder
	for _, r := range plain {
		switch {
		case r >= '0' && r <= '9' || isLetter(r):
			b.WriteRune(r)
		case strings.ContainsRune(" -‐‑–—\t", r):
		default:
			return "", ErrNumber.With("Min", int64(1), "Max", int64(30)).On("number")
		}
	}
	return b.String(), nil
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' }
