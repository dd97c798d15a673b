package voucher_test

import (
	"crypto/elliptic"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/qr"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

const letters45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var drawnAt = time.Date(2026, time.May, 20, 3, 0, 0, 0, time.UTC)

func testKeys(seed byte) voucher.Keys {
	return voucher.NewKeys([]byte(strings.Repeat(string(rune('a'+seed)), 32)))
}

func sample() voucher.Voucher {
	ids := id.Seeded(clock.NewFake(drawnAt), 7)
	return voucher.Voucher{
		ID: market.VoucherID(ids.New("vch")), MerchantID: "mer_noodle", DealID: "dea_noodle",
		Branches: []market.BranchID{"brn_b", "brn_a"}, UnitsTotal: 10, UnitsUsed: 3, State: voucher.Active,
		ActiveAt: drawnAt, ValidUntil: drawnAt.AddDate(1, 0, 0),
	}
}

func draw(t *testing.T, k voucher.Keys, v voucher.Voucher) string {
	t.Helper()
	return drawAt(t, k, v, drawnAt)
}

func drawAt(t *testing.T, k voucher.Keys, v voucher.Voucher, at time.Time) string {
	t.Helper()
	text, err := k.FaceB(v, at)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFaceBSaysWhatItWasDrawnFrom(t *testing.T) {
	k, v := testKeys(0), sample()
	text := draw(t, k, v)
	if len(text) != voucher.FaceBChars || !strings.HasPrefix(text, "V5") {
		t.Fatalf("%d characters: %q", len(text), text)
	}
	if again := draw(t, k, v); again != text {
		t.Error("the same voucher is drawn in two ways")
	}
	code, err := qr.Encode(text)
	if err != nil || code.Version() != 7 {
		t.Errorf("QR version %d, %v", code.Version(), err)
	}
	f, err := k.ReadFaceB(text, drawnAt)
	if err != nil {
		t.Fatal(err)
	}
	want := voucher.FaceB{KeyID: 9, VoucherID: v.ID, Scope: voucher.ScopeOf(v.MerchantID, v.Branches),
		Deal: voucher.DealMark(v.DealID), NotBefore: drawnAt, NotAfter: voucher.FaceKeyEnd(9), Units: 7}
	if f != want {
		t.Errorf("read %+v\nwant %+v", f, want)
	}
	if end := voucher.FaceKeyEnd(9); !end.Equal(time.Date(2026, time.October, 1, 0, 0, 0, 0, voucher.Zone)) {
		t.Errorf("the second quarter's key ends %v", end)
	}
	if voucher.ScopeOf("m", []market.BranchID{"a", "b"}) != voucher.ScopeOf("m", []market.BranchID{"b", "a"}) {
		t.Error("the order of branches changes the scope")
	}
}

func TestFaceBEndsWithItsVoucherWhenThatIsSooner(t *testing.T) {
	k, v := testKeys(0), sample()
	v.ValidUntil, v.UnitsTotal, v.UnitsUsed = drawnAt.Add(time.Hour), 900, 0
	f, err := k.ReadFaceB(draw(t, k, v), drawnAt)
	if err != nil || !f.NotAfter.Equal(v.ValidUntil) || f.Units != 255 || f.Flags&voucher.FlagManyUnits == 0 {
		t.Fatalf("%+v %v", f, err)
	}
	if _, err := k.ReadFaceB(draw(t, k, v), v.ValidUntil); !errors.Is(err, voucher.ErrStaleFace) {
		t.Errorf("after its end: %v", err)
	}
}

// TestEveryFlippedBitIsRefused flips each of the 840 bits, and writes the bytes anew, as a forger would.
func TestEveryFlippedBitIsRefused(t *testing.T) {
	k := testKeys(0)
	raw := unwrite(t, draw(t, k, sample()))
	for bit := range len(raw) * 8 {
		raw[bit/8] ^= 1 << (bit % 8)
		if f, err := k.ReadFaceB(write(raw), drawnAt); err == nil {
			t.Errorf("bit %d: %+v", bit, f)
		}
		raw[bit/8] ^= 1 << (bit % 8)
	}
}

func TestForgeriesAndJunkAreRefused(t *testing.T) {
	k := testKeys(0)
	text := draw(t, k, sample())
	for name, one := range map[string]string{
		"empty": "", "truncated": text[:len(text)-1], "half": text[:79], "longer": text + "0",
		"4 KB":       strings.Repeat("V", 4096),
		"lower case": strings.ToLower(text), "not the alphabet": "#" + text[1:], "too large a group": ":::" + text[3:],
		"all zero": strings.Repeat("0", voucher.FaceBChars), "foreign key": draw(t, testKeys(1), sample()),
		"another form of s": mirrored(t, text), "text": strings.Repeat("안", 52) + "12",
	} {
		if f, err := k.ReadFaceB(one, drawnAt); !errors.Is(err, voucher.ErrUnknown) {
			t.Errorf("%s: %+v %v", name, f, err)
		}
		if s, err := k.Read(one, drawnAt); err == nil {
			t.Errorf("%s was read as %+v", name, s)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	k := testKeys(0)
	text := draw(t, k, sample())
	for _, c := range []struct {
		at   time.Time
		want error
	}{
		{time.Date(2026, time.March, 31, 14, 59, 0, 0, time.UTC), voucher.ErrUnknown}, // a key of the future
		{time.Date(2026, time.April, 1, 0, 0, 0, 0, voucher.Zone), nil},
		{time.Date(2026, time.September, 30, 23, 59, 59, 0, voucher.Zone), nil},
		{time.Date(2026, time.October, 1, 0, 0, 0, 0, voucher.Zone), voucher.ErrStaleFace},
		{time.Date(2031, time.October, 1, 0, 0, 0, 0, voucher.Zone), voucher.ErrStaleFace},
	} {
		if _, err := k.ReadFaceB(text, c.at); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.at, err, c.want)
		}
	}
	keys, err := k.FacePublicKeys(drawnAt)
	if err != nil || len(keys) != 2 || len(keys[9]) != 65 || len(keys[8]) != 65 || string(keys[9]) == string(keys[8]) {
		t.Errorf("public keys: %v %v", keys, err)
	}
	if later := drawAt(t, k, sample(), drawnAt.AddDate(0, 3, 0)); later == text {
		t.Error("the next quarter's face is the same")
	}
}

func TestBothFacesReadAsTheSameVoucher(t *testing.T) {
	k, v := testKeys(0), sample()
	a, err := k.Read(k.Face(v.ID), drawnAt)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{draw(t, k, v), " " + draw(t, k, v) + "\r\n"} {
		if b, err := k.Read(text, drawnAt); err != nil || b != a {
			t.Errorf("%q: %+v %v", text, b, err)
		}
	}
	if code, err := k.Read(voucher.Grouped(k.Code(v.ID)), drawnAt); err != nil || code.Code != k.Code(v.ID) {
		t.Errorf("short code: %+v %v", code, err)
	}
}

func TestAnyVoucherIDComesBack(t *testing.T) {
	k := testKeys(0)
	rapid.Check(t, func(r *rapid.T) {
		at := drawnAt.Add(time.Duration(rapid.Int64Range(0, 1<<40).Draw(r, "later")) * time.Microsecond)
		v := sample()
		v.ID = market.VoucherID(id.Seeded(clock.NewFake(at), rapid.Uint64().Draw(r, "seed")).New("vch"))
		text, err := k.FaceB(v, drawnAt)
		if err != nil {
			r.Fatal(err)
		}
		if f, err := k.ReadFaceB(text, drawnAt); err != nil || f.VoucherID != v.ID {
			r.Fatalf("%s came back as %s, %v", v.ID, f.VoucherID, err)
		}
	})
	v := sample()
	v.ID = "vch_short"
	if _, err := k.FaceB(v, drawnAt); err == nil {
		t.Error("an id that is none was drawn")
	}
}

func FuzzReadFaceB(f *testing.F) {
	k := testKeys(0)
	text, err := k.FaceB(sample(), drawnAt)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("")
	f.Add(strings.Repeat(":", voucher.FaceBChars))
	f.Fuzz(func(t *testing.T, given string) {
		if read, err := k.ReadFaceB(given, drawnAt); err == nil && given != text {
			t.Fatalf("%q was believed: %+v", given, read)
		}
	})
}

// write and unwrite are Base45 once more, from the text of RFC 9285, so that the code is held against something else.
func write(raw []byte) string {
	var b strings.Builder
	for len(raw) > 1 {
		n := int(raw[0])*256 + int(raw[1])
		b.WriteString(string([]byte{letters45[n%45], letters45[n/45%45], letters45[n/2025]}))
		raw = raw[2:]
	}
	if len(raw) == 1 {
		b.WriteString(string([]byte{letters45[raw[0]%45], letters45[raw[0]/45]}))
	}
	return b.String()
}

func unwrite(t *testing.T, text string) []byte {
	t.Helper()
	var raw []byte
	at := func(i int) int { return strings.IndexByte(letters45, text[i]) }
	for len(text) >= 3 {
		n := at(0) + at(1)*45 + at(2)*2025
		raw, text = append(raw, byte(n/256), byte(n%256)), text[3:]
	}
	if len(text) == 2 {
		raw = append(raw, byte(at(0)+at(1)*45))
	}
	if len(raw) != 105 {
		t.Fatalf("%d bytes", len(raw))
	}
	return raw
}

// mirrored gives a face whose signature verifies as well by the curve's symmetry (r, n−s): no second form may pass.
func mirrored(t *testing.T, text string) string {
	t.Helper()
	raw := unwrite(t, text)
	s := new(big.Int).SetBytes(raw[73:])
	new(big.Int).Sub(elliptic.P256().Params().N, s).FillBytes(raw[73:])
	return write(raw)
}
