package room_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/room"
)

func marks(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = room.MarkOf(sign.Key{1}, "dea_1", market.AccountID(fmt.Sprintf("acc_%d", i)))
	}
	return out
}

// TestNobodyGainsByComingEarlier: the order of arrival before the start changes nothing, nobody is lost, nobody has two
// places.
func TestNobodyGainsByComingEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := marks(rapid.IntRange(0, 60).Draw(t, "present"))
		seed := room.SeedOf(sign.Key{2}, market.DealID(rapid.StringN(1, 8, 20).Draw(t, "deal")))
		drawn := room.Draw(seed, list)
		shuffled := rapid.Permutation(list).Draw(t, "arrivals")
		if again := room.Draw(seed, shuffled); !slices.Equal(drawn, again) {
			t.Fatalf("arrival counts:\n%v\n%v", drawn, again)
		}
		sort.Strings(list)
		if slices.Sort(drawn); !slices.Equal(drawn, list) {
			t.Fatalf("somebody was lost or doubled: %v of %v", drawn, list)
		}
	})
}

// TestTheDrawIsFair: over many draws everybody stands at every place about as often.
func TestTheDrawIsFair(t *testing.T) {
	const people, draws = 8, 8000
	list, counts := marks(people), map[string][people]int{}
	for i := range draws {
		for place, mark := range room.Draw(room.SeedOf(sign.Key{3}, market.DealID(fmt.Sprint("dea_", i))), list) {
			row := counts[mark]
			row[place]++
			counts[mark] = row
		}
	}
	for mark, row := range counts {
		for place, n := range row { // 1,000 expected; six standard deviations are some 180
			if n < 820 || n > 1180 {
				t.Errorf("%s stood %d times at place %d", mark, n, place+1)
			}
		}
	}
}

// TestAnybodyCanDrawAgain follows the recipe of the public page with nothing but SHA-256.
func TestAnybodyCanDrawAgain(t *testing.T) {
	hash := func(text string) string { s := sha256.Sum256([]byte(text)); return hex.EncodeToString(s[:]) }
	list, seed := marks(5), room.SeedOf(sign.Key{4}, "dea_1")
	if room.Commitment(seed) != hash(seed) {
		t.Error("the commitment is not the seed's hash")
	}
	sorted := slices.Sorted(slices.Values(list))
	digest := hash(strings.Join(sorted, "\n") + "\n")
	sort.Slice(sorted, func(i, j int) bool { return hash(seed+digest+sorted[i]) < hash(seed+digest+sorted[j]) })
	if got := room.Draw(seed, list); !slices.Equal(got, sorted) {
		t.Errorf("drawn %v, by the recipe %v", got, sorted)
	}
}

// TestTheDrawHangsOnEverybody: one more or one fewer draws all lots anew, so that nobody can choose a lot beforehand
// without knowing the seed and the whole list.
func TestTheDrawHangsOnEverybody(t *testing.T) {
	list, seed := marks(40), room.SeedOf(sign.Key{5}, "dea_1")
	all, fewer := room.Draw(seed, list), room.Draw(seed, list[:39])
	rest := slices.DeleteFunc(slices.Clone(all), func(m string) bool { return m == list[39] })
	if slices.Equal(rest, fewer) {
		t.Error("the order of the others stayed when somebody left")
	}
	if room.SeedOf(sign.Key{5}, "dea_2") == seed || room.MarkOf(sign.Key{5}, "dea_2", "acc_1") ==
		room.MarkOf(sign.Key{5}, "dea_1", "acc_1") {
		t.Error("two deals share a seed or a mark")
	}
}

func TestCheckDraw(t *testing.T) {
	seed := room.SeedOf(sign.Key{6}, "dea_1")
	drawn := room.Draw(seed, marks(6))
	good := room.Room{Seed: seed, Commitment: room.Commitment(seed), Digest: room.Digest(drawn), Drawn: 6}
	other, shorter := good, good
	other.Seed, shorter.Drawn = room.SeedOf(sign.Key{7}, "dea_1"), 5
	swapped := slices.Clone(drawn)
	swapped[0], swapped[1] = swapped[1], swapped[0]
	for name, c := range map[string]struct {
		r    room.Room
		list []string
	}{"": {good, drawn}, "order": {good, swapped}, "commitment": {other, drawn}, "list": {shorter, drawn}} {
		if got := c.r.CheckDraw(c.list); got != name {
			t.Errorf("%q, want %q", got, name)
		}
	}
}
