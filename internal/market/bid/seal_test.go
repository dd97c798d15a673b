package bid_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/market/bid"
)

// The vectors are fixed: another program must come to the same hashes, and so must this one in ten years. They were
// reckoned with sha256sum:
//
//	printf '%s\n%s' "$SALT" "$TEXT" | sha256sum
const (
	vectorSalt = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	vectorText = "dure bid 1\n" +
		"wish wsh_1\n" +
		"merchant mer_1\n" +
		"delivery branch\n" +
		"unit_price 9500\n" +
		"quantity 30 100\n" +
		"step 50 9000\n" +
		"step 80 8500\n" +
		"promised_by 2026-12-24T15:00:00Z\n" +
		"branch brn_1\n" +
		"evidence /a/1.jpg\n" +
		"note\n" +
		"바로 보내요\n두 상자"
	vectorCommitment = "c54d9f69232b7f2277372a87b99054df277120b5388e47ef363bdaf95aaecbdd"
	vectorStart      = "729e5065826b198cc7c413efe3560f60062d5212685a985648428f8882ec8b07"
	vectorDigest     = "cd58238a472f75a27bff4a713cf30fe9f6b2859341763152aadfbb04fd904add"
)

func vector() (bid.Bid, bid.Offer) {
	return bid.Bid{WishID: "wsh_1", MerchantID: "mer_1", Seq: 7, Commitment: vectorCommitment}, bid.Offer{
		Delivery: bid.AtBranch, UnitPrice: 9500, QuantityMin: 30, QuantityMax: 100,
		Steps:      []bid.PriceStep{{From: 50, UnitPrice: 9000}, {From: 80, UnitPrice: 8500}},
		PromisedBy: time.Date(2026, time.December, 24, 15, 0, 0, 0, time.UTC), BranchID: "brn_1",
		Evidence: []string{"/a/1.jpg"}, Note: "바로 보내요\n두 상자"}
}

func TestVectors(t *testing.T) {
	b, o := vector()
	s := bid.SealOf(b, o, vectorSalt)
	if s.Text != vectorText {
		t.Errorf("written as\n%s\nwant\n%s", s.Text, vectorText)
	}
	if s.Commitment() != vectorCommitment || !bid.Verify(vectorText, vectorSalt, vectorCommitment) {
		t.Errorf("committed to as %s", s.Commitment())
	}
	if got := bid.ChainStart("wsh_1"); got != vectorStart {
		t.Errorf("begins with %s", got)
	}
	if got := bid.Chain(vectorStart, 7, vectorCommitment); got != vectorDigest {
		t.Errorf("goes on with %s", got)
	}
	byHand := sha256.Sum256([]byte(vectorSalt + "\n" + vectorText))
	if hex.EncodeToString(byHand[:]) != vectorCommitment {
		t.Error("the vector is not SHA-256")
	}
}

func TestVerifyRefusesWhatIsNotTheSame(t *testing.T) {
	for name, c := range map[string][3]string{
		"another price":      {strings.Replace(vectorText, "9500", "9499", 1), vectorSalt, vectorCommitment},
		"another salt":       {vectorText, strings.Replace(vectorSalt, "00", "01", 1), vectorCommitment},
		"a salt cut short":   {vectorText, vectorSalt[2:], bid.Seal{Salt: vectorSalt[2:], Text: vectorText}.Commitment()},
		"salt moved to text": {vectorSalt[60:] + "\n" + vectorText, vectorSalt[:60], vectorCommitment},
		"nothing":            {"", "", vectorCommitment},
		"no commitment":      {vectorText, vectorSalt, ""},
	} {
		if bid.Verify(c[0], c[1], c[2]) {
			t.Errorf("%s verifies", name)
		}
	}
}

func TestASealOpensToWhatWasSealed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, _ := vector()
		o := offers().Draw(t, "offer")
		s := bid.SealOf(b, o, vectorSalt)
		got, ok := s.Open(b)
		if !ok || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", o) {
			t.Fatalf("%+v opens to %+v, %v", o, got, ok)
		}
	})
}

func TestACrookedSealDoesNotOpen(t *testing.T) {
	b, _ := vector()
	for _, c := range [][2]string{
		{"dure bid 1", "dure bid 2"}, {"wsh_1", "wsh_2"}, {"mer_1", "mer_2"},
		{"step 50 9000\n", "step 50 9000\nunit_price 1\n"},
		{"\nnote\n", "\n"}, {"step 50 9000\nstep 80 8500\n", "step 80 8500\nstep 50 9000\nunit_price 9500\n"},
		{"9500", "09500"}, {"9500", "x"}, {"promised_by 2026-12-24T15:00:00Z", "promised_by 2026-12-25T00:00:00+09:00"},
		{"delivery branch\n", ""}, {"quantity 30 100", "quantity 30"}, {"branch brn_1\n", "branch brn_1\nextra 1\n"},
	} {
		s := bid.Seal{Salt: vectorSalt, Text: strings.Replace(vectorText, c[0], c[1], 1)}
		if o, ok := s.Open(b); ok {
			t.Errorf("%q for %q opens to %+v", c[1], c[0], o)
		}
	}
}
