package voucher

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// Face B is the QR code that a device without a line can judge: 41 bytes at fixed offsets and an ES256 signature over
// them, written as Base45 (RFC 9285) so that it fits a QR code of version 7-M.
//
//	0 version · 1 key id (2) · 3 voucher id (16) · 19 scope (8) · 27 deal (4) · 31 not before (4) · 35 not after (4)
//	39 units · 40 flags · 41 signature r, s (64)
//
// The version chooses the algorithm, never a field of the message.
const (
	faceBVersion = 1
	faceBSigned  = 41
	faceBBytes   = faceBSigned + 64
	// FaceBChars is the length of every face B.
	FaceBChars = 158
	unitsByte  = 255
)

// Flags of face B.
const (
	// FlagManyUnits says that the voucher holds more uses than one byte can count.
	FlagManyUnits byte = 1 << iota
)

// ErrStaleFace refuses a face B that was right once: its key has been rotated out or its time is over.
var ErrStaleFace = fail.New(fail.Conflict, "redeem.stale_face")

// FaceB is what an offline QR code says.
type FaceB struct {
	KeyID     uint16
	VoucherID market.VoucherID
	Scope     [8]byte // see ScopeOf
	Deal      [4]byte // see DealMark
	NotBefore time.Time
	NotAfter  time.Time // the first instant at which it is no longer believed; at most the end of its key
	Units     byte      // uses left when it was drawn, at most 255
	Flags     byte
}

// ScopeOf is the mark of a merchant and the branches at which a voucher can be used, by which a device without a line
// knows its own shop.
func ScopeOf(merchant market.MerchantID, branches []market.BranchID) [8]byte {
	sorted := slices.Clone(branches)
	slices.Sort(sorted)
	h := sha256.New()
	h.Write([]byte("scope\x00" + string(merchant)))
	for _, b := range sorted {
		h.Write([]byte("\x00" + string(b)))
	}
	return [8]byte(h.Sum(nil)[:8])
}

// DealMark is the mark of a deal in face B.
func DealMark(id market.DealID) [4]byte {
	sum := sha256.Sum256([]byte("deal\x00" + string(id)))
	return [4]byte(sum[:4])
}

// FaceKeyID numbers the key of an instant: quarters of Korean years since 2024.
func FaceKeyID(now time.Time) uint16 {
	local := now.In(Zone)
	return uint16(max(0, (local.Year()-firstKeyYear)*4+(int(local.Month())-1)/3))
}

// FaceKeyEnd is the first instant at which a key's signatures are no longer believed: a key signs for a quarter and is
// believed for that and the next, so that two are valid at any time.
func FaceKeyEnd(id uint16) time.Time {
	quarter := int(id) + 2
	return time.Date(firstKeyYear+quarter/4, time.Month(quarter%4*3+1), 1, 0, 0, 0, 0, Zone).UTC()
}

const firstKeyYear = 2024

// FaceB draws the offline face of a voucher as it stands. It is the same for the same voucher all quarter long.
func (k Keys) FaceB(v Voucher, now time.Time) (string, error) {
	f := FaceB{KeyID: FaceKeyID(now), VoucherID: v.ID, Scope: ScopeOf(v.MerchantID, v.Branches), Deal: DealMark(v.DealID),
		NotBefore: v.ActiveAt, NotAfter: FaceKeyEnd(FaceKeyID(now))}
	if !v.ValidUntil.IsZero() && v.ValidUntil.Before(f.NotAfter) {
		f.NotAfter = v.ValidUntil
	}
	if f.Units = byte(min(v.UnitsLeft(), unitsByte)); v.UnitsLeft() > unitsByte {
		f.Flags |= FlagManyUnits
	}
	return k.signFaceB(f)
}

func (k Keys) signFaceB(f FaceB) (string, error) {
	body, err := f.pack()
	if err != nil {
		return "", err
	}
	key, err := k.faceKey(f.KeyID)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(body)
	// Without a source of randomness the signature is the deterministic one of RFC 6979: one voucher, one picture.
	der, err := key.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return "", err
	}
	var sig signature
	if _, err := asn1.Unmarshal(der, &sig); err != nil {
		return "", err
	}
	sig.lower()
	body = append(body, make([]byte, faceBBytes-faceBSigned)...)
	sig.R.FillBytes(body[faceBSigned : faceBSigned+32])
	sig.S.FillBytes(body[faceBSigned+32:])
	return base45(body), nil
}

// signature is r and s as ASN.1 knows them.
type signature struct{ R, S *big.Int }

// lower takes the smaller of the two forms of s that both verify, so that a message has one signature only.
func (s *signature) lower() {
	n := elliptic.P256().Params().N
	if s.S.Cmp(new(big.Int).Rsh(n, 1)) > 0 {
		s.S = new(big.Int).Sub(n, s.S)
	}
}

// faceKey derives the signing key of a quarter.
func (k Keys) faceKey(id uint16) (*ecdsa.PrivateKey, error) {
	label := hex.EncodeToString(binary.BigEndian.AppendUint16(nil, id))
	for {
		// A scalar outside the group is so unlikely that nobody will see one; deriving on costs nothing.
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), k.derive("voucher face b", label))
		if err == nil || len(label) > 64 {
			return key, err
		}
		label += "+"
	}
}

// FacePublicKeys gives the keys that are believed at an instant, as devices without a line keep them: uncompressed
// points by key id.
func (k Keys) FacePublicKeys(now time.Time) (map[uint16][]byte, error) {
	out := map[uint16][]byte{}
	newest := FaceKeyID(now)
	for _, id := range []uint16{newest, newest - 1} {
		key, err := k.faceKey(id)
		if err != nil {
			return nil, err
		}
		if out[id], err = key.PublicKey.Bytes(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ReadFaceB verifies a scanned face B purely: shape, key, signature, then time. ErrUnknown is a text that was never
// ours; ErrStaleFace one that is too old.
func (k Keys) ReadFaceB(text string, now time.Time) (FaceB, error) {
	if len(text) != FaceBChars {
		return FaceB{}, ErrUnknown
	}
	raw, ok := unbase45(text)
	if !ok || len(raw) != faceBBytes || raw[0] != faceBVersion {
		return FaceB{}, ErrUnknown
	}
	f := unpack(raw)
	if newest := FaceKeyID(now); f.KeyID > newest {
		return FaceB{}, ErrUnknown
	} else if !k.signed(f.KeyID, raw) {
		return FaceB{}, ErrUnknown
	} else if f.KeyID+1 < newest || !now.Before(f.NotAfter) {
		return FaceB{}, ErrStaleFace
	}
	return f, nil
}

func (k Keys) signed(id uint16, raw []byte) bool {
	sig := signature{new(big.Int).SetBytes(raw[faceBSigned : faceBSigned+32]), new(big.Int).SetBytes(raw[faceBSigned+32:])}
	once := signature{sig.R, sig.S}
	once.lower()
	if once.S.Cmp(sig.S) != 0 {
		return false
	}
	der, err := asn1.Marshal(sig)
	if err != nil {
		return false
	}
	key, err := k.faceKey(id)
	if err != nil {
		return false
	}
	digest := sha256.Sum256(raw[:faceBSigned])
	return ecdsa.VerifyASN1(&key.PublicKey, digest[:], der)
}

func (f FaceB) pack() ([]byte, error) {
	vid, ok := rawID(f.VoucherID)
	if !ok {
		return nil, ErrNotYours
	}
	body := make([]byte, 0, faceBBytes)
	body = append(body, faceBVersion)
	body = binary.BigEndian.AppendUint16(body, f.KeyID)
	body = append(body, vid[:]...)
	body = append(body, f.Scope[:]...)
	body = append(body, f.Deal[:]...)
	body = binary.BigEndian.AppendUint32(body, seconds(f.NotBefore))
	body = binary.BigEndian.AppendUint32(body, seconds(f.NotAfter))
	return append(body, f.Units, f.Flags), nil
}

func unpack(raw []byte) FaceB {
	return FaceB{
		KeyID:     binary.BigEndian.Uint16(raw[1:3]),
		VoucherID: idOf([16]byte(raw[3:19])),
		Scope:     [8]byte(raw[19:27]),
		Deal:      [4]byte(raw[27:31]),
		NotBefore: instant(binary.BigEndian.Uint32(raw[31:35])),
		NotAfter:  instant(binary.BigEndian.Uint32(raw[35:39])),
		Units:     raw[39],
		Flags:     raw[40],
	}
}

// seconds writes an instant in 32 bits, which last until 2106; none is zero.
func seconds(t time.Time) uint32 {
	if t.IsZero() {
		return 0
	}
	return uint32(t.Unix())
}

func instant(n uint32) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n), 0).UTC()
}

// idLetters are those of kit/id, which writes 128 bits as 26 characters after two zero bits.
var idLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const idPrefix = market.PrefixVoucher + "_"

// rawID takes the 16 bytes out of a voucher's id.
func rawID(id market.VoucherID) (raw [16]byte, ok bool) {
	text, ok := strings.CutPrefix(string(id), idPrefix)
	if !ok || len(text) != faceChars {
		return raw, false
	}
	// 26 characters are 130 bits; "000000" in front makes 160, which are whole bytes.
	long, err := idLetters.DecodeString("000000" + text)
	if err != nil || len(long) != 20 {
		return raw, false
	}
	copy(raw[:], long[4:])
	return raw, idOf(raw) == id
}

func idOf(raw [16]byte) market.VoucherID {
	long := make([]byte, 20)
	copy(long[4:], raw[:])
	return market.VoucherID(idPrefix + idLetters.EncodeToString(long)[6:])
}

const letters45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// base45 writes two bytes as three characters and a last one as two (RFC 9285 §4).
func base45(raw []byte) string {
	var b strings.Builder
	for i := 0; i < len(raw); i += 2 {
		if i+1 == len(raw) {
			n := int(raw[i])
			b.WriteByte(letters45[n%45])
			b.WriteByte(letters45[n/45])
			break
		}
		n := int(raw[i])<<8 | int(raw[i+1])
		b.WriteByte(letters45[n%45])
		b.WriteByte(letters45[n/45%45])
		b.WriteByte(letters45[n/45/45])
	}
	return b.String()
}

// unbase45 reads what base45 wrote and nothing else: groups that are too large are refused.
func unbase45(text string) ([]byte, bool) {
	if len(text)%3 == 1 {
		return nil, false
	}
	raw := make([]byte, 0, len(text)/3*2+1)
	for i := 0; i < len(text); i += 3 {
		n, weight := 0, 1
		group := text[i:min(i+3, len(text))]
		for j := range len(group) {
			digit := strings.IndexByte(letters45, group[j])
			if digit < 0 {
				return nil, false
			}
			n, weight = n+digit*weight, weight*45
		}
		switch {
		case len(group) == 3 && n <= 0xffff:
			raw = append(raw, byte(n>>8), byte(n))
		case len(group) == 2 && n <= 0xff:
			raw = append(raw, byte(n))
		default:
			return nil, false
		}
	}
	return raw, true
}

// Read understands a scanned or typed text purely, before any look into the database: an online face, a short code, or
// an offline face whose signature holds; anything else is ErrUnknown. A voucher's two faces read as the same.
func (k Keys) Read(text string, now time.Time) (Scanned, error) {
	if s, ok := Read(text); ok {
		return s, nil
	}
	f, err := k.ReadFaceB(strings.TrimSpace(text), now)
	if err != nil {
		return Scanned{}, err
	}
	return Scanned{Face: k.Face(f.VoucherID)}, nil
}
