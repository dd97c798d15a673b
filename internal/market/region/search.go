package region

import (
	"context"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/hangul"
)

// SearchMax is the most regions Search gives.
const SearchMax = 50

// found is a region with how well it fits: smaller is better.
type found struct {
	Region
	rank int
}

// Search finds regions by name, best first: 강남, 서울 역삼, ㄱㄴㄱ, 역ㅅ, Gangnam. Every word must fit the name or a place
// around it, and at least one the name itself.
func Search(ctx context.Context, q db.Querier, query string, limit int) ([]Region, error) {
	words := hangul.QueryWords(query)
	if len(words) == 0 {
		return nil, nil
	}
	// The longest word narrows best; a word typed in part narrows by its initial consonants.
	key := slices.MaxFunc(words, func(a, b hangul.Word) int { return len(a.Text) - len(b.Text) })
	narrow := key.Text
	if key.Kind == hangul.Mixed {
		narrow = hangul.Choseong(key.Text)
	}
	// Normal form has letters and digits only, so the pattern holds no wildcard of the query's own.
	candidates, err := db.All(ctx, q, func(row db.Row) (Stored, error) {
		var s Stored
		err := row.Scan(append(dest(&s.Region), &s.Search)...)
		return s, err
	}, `SELECT `+columns+`, region.search FROM region WHERE search LIKE $1`, "%"+narrow+"%")
	if err != nil {
		return nil, err
	}
	var hits []found
	for _, s := range candidates {
		if rank, fits := rankOf(s, words); fits {
			hits = append(hits, found{s.Region, rank})
		}
	}
	slices.SortFunc(hits, func(a, b found) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		if d := a.Level.depth() - b.Level.depth(); d != 0 {
			return d
		}
		return strings.Compare(a.Code, b.Code)
	})
	out := make([]Region, 0, min(len(hits), limit))
	for _, h := range hits[:min(len(hits), limit, SearchMax)] {
		out = append(out, h.Region)
	}
	return out, nil
}

// Ranks of one word against a region's own name.
const (
	rankExact = iota // 강남구 or 강남 is the name
	rankBegin        // the name begins with it
	rankInside
	rankAround // only a place around the region fits
)

// rankOf judges all words: the best own fit counts, and without an own fit the region is not meant.
func rankOf(s Stored, words []hangul.Word) (int, bool) {
	others, around, _ := strings.Cut(s.Search, "\n")
	names := append(ownNames(s.Region), strings.Fields(others)...)
	best, whole := rankAround, []rune(around)
	for _, w := range words {
		word := []rune(w.Text)
		own := ownRank(names, word)
		if own == rankAround && hangul.Find(word, whole) < 0 {
			return 0, false
		}
		best = min(best, own)
	}
	return best, best < rankAround
}

func ownRank(names []string, word []rune) int {
	best := rankAround
	for _, name := range names {
		at := hangul.Find(word, []rune(name))
		switch {
		case at == 0 && len([]rune(name)) == len(word):
			return rankExact
		case at == 0:
			best = min(best, rankBegin)
		case at > 0:
			best = min(best, rankInside)
		}
	}
	return best
}

// provinceEndings are what the short form of a province leaves out.
var provinceEndings = strings.NewReplacer("특별자치시", "", "특별자치도", "", "특별시", "", "광역시", "",
	"충청북도", "충북", "충청남도", "충남", "전라북도", "전북", "전라남도", "전남", "경상북도", "경북", "경상남도", "경남",
	"경기도", "경기")

// ownNames gives the ways to say a region's own name: whole, without its ending (강남), and for a district of a city its
// last part too (분당구, 분당).
func ownNames(r Region) []string {
	whole, english := hangul.Compact(r.Name), hangul.Normalise(r.NameEN)
	names := []string{whole, english, strings.ReplaceAll(english, " ", "")}
	if r.Level == Province {
		names = append(names, provinceEndings.Replace(whole))
	}
	for _, part := range strings.Fields(r.Name) {
		letters := []rune(hangul.Compact(part))
		names = append(names, string(letters))
		if n := len(letters); n > 2 && suffixes[string(letters[n-1])] != "" {
			names = append(names, string(letters[:n-1]))
		}
	}
	return names
}
