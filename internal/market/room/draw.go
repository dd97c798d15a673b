package room

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
)

// The draw can be done again with nothing but SHA-256 over text:
//
//	commitment = sha256(seed)                       public before anybody could come
//	digest     = sha256(marks, sorted, each + "\n") public with the list
//	lot        = sha256(seed + digest + mark)       the places follow the lots, smallest first
//
// All values are lower-case hex text. The seed follows from the installation's key and the deal, so that it was fixed
// before anybody came; the digest binds it to exactly those who were present.

const (
	seedBytes = 32
	markBytes = 10
)

// SeedOf is the seed of a deal's draw, in hex. It is secret until the draw.
func SeedOf(key sign.Key, deal market.DealID) string {
	return hex.EncodeToString(sign.Derive(key, "room draw", string(deal), seedBytes))
}

// MarkOf is the text by which an account finds itself in the public list; it tells nobody else who that is.
func MarkOf(key sign.Key, deal market.DealID, account market.AccountID) string {
	return hex.EncodeToString(sign.Derive(key, "room mark", Key(deal, account), markBytes))
}

// Commitment is the seed's hash, which is public before the draw.
func Commitment(seed string) string { return sum(seed) }

// Digest is the hash of the list of those present; their order does not matter.
func Digest(marks []string) string {
	sorted := slices.Sorted(slices.Values(marks))
	return sum(strings.Join(sorted, "\n") + "\n")
}

// Draw gives the marks in the order of their places. It depends on the seed and on who is present, on nothing else:
// when somebody came makes no difference.
func Draw(seed string, marks []string) []string {
	digest := Digest(marks)
	type lot struct{ mark, value string }
	lots := make([]lot, len(marks))
	for i, mark := range marks {
		lots[i] = lot{mark, sum(seed + digest + mark)}
	}
	slices.SortFunc(lots, func(a, b lot) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.mark, b.mark)) })
	out := make([]string, len(lots))
	for i, l := range lots {
		out[i] = l.mark
	}
	return out
}

func sum(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}

// CheckDraw draws again from what is public, marks in the order of their places, and names what does not agree:
// "commitment", "list" or "order"; "" when all does.
func (r Room) CheckDraw(marks []string) string {
	switch {
	case r.Seed == "":
		return ""
	case Commitment(r.Seed) != r.Commitment:
		return "commitment"
	case Digest(marks) != r.Digest || int64(len(marks)) != r.Drawn:
		return "list"
	case !slices.Equal(Draw(r.Seed, marks), marks):
		return "order"
	}
	return ""
}
