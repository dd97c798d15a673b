package wish

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
)

// Likeness asks for open wishes like a name that somebody types.
type Likeness struct {
	Text     string
	RegionID market.RegionID // wishes of it come first among equals; "" prefers none
	Except   market.WishID   // a wish that is not like itself; "" for none
	Limit    int
}

const (
	likeWords = 5  // of a text, beyond which nobody means more
	likeHits  = 40 // of one word
	likeMin   = 2  // letters of a word that says anything by itself
)

// Similar finds wishes that people may still join, the likest first: all that hold every word of the text, then those
// that hold most of its words. It looks in the index only and reads only what it gives.
func Similar(ctx context.Context, q db.Querier, index *search.Index, ask Likeness, now time.Time) ([]Wish, error) {
	points, err := likePoints(ctx, q, index, ask.Text)
	if err != nil || len(points) == 0 {
		return nil, err
	}
	ids := make([]market.WishID, 0, len(points))
	for id := range points {
		if id != ask.Except {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	found, err := Load(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []Wish
	for _, id := range ids {
		if w := found[id]; w != nil && w.Open(now) == nil {
			out = append(out, *w)
			if strings.EqualFold(tidy(ask.Text), w.Name) {
				points[id] += whole
			}
		}
	}
	near := func(w Wish) int64 {
		if ask.RegionID != "" && w.RegionID == ask.RegionID {
			return 1
		}
		return 0
	}
	slices.SortFunc(out, func(a, b Wish) int {
		return cmp.Or(cmp.Compare(points[b.ID], points[a.ID]), cmp.Compare(near(b), near(a)), cmp.Compare(b.Firm, a.Firm),
			cmp.Compare(b.ID, a.ID))
	})
	return out[:min(len(out), max(ask.Limit, 0))], nil
}

// whole outweighs every sum of single words.
const whole = 1_000_000

// likePoints asks the index for the whole text and for each of its words.
func likePoints(ctx context.Context, q db.Querier, index *search.Index, text string) (map[market.WishID]int64, error) {
	points := map[market.WishID]int64{}
	add := func(query string, extra int64) error {
		hits, err := index.Find(ctx, q, query, likeHits)
		for _, h := range hits {
			points[market.WishID(h.ID)] += h.Score + extra
		}
		return err
	}
	if err := add(text, whole); err != nil {
		return nil, err
	}
	words := strings.Fields(text)
	if len(words) < 2 {
		return points, nil
	}
	for _, word := range words[:min(len(words), likeWords)] {
		if utf8.RuneCountInString(word) < likeMin {
			continue
		}
		if err := add(word, 0); err != nil {
			return nil, err
		}
	}
	return points, nil
}

// Found reads the wishes that an index named, in its order, without those that are over.
func Found(ctx context.Context, q db.Querier, index *search.Index, text string, limit int) ([]Wish, error) {
	hits, err := index.Find(ctx, q, text, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]market.WishID, len(hits))
	for i, h := range hits {
		ids[i] = market.WishID(h.ID)
	}
	by, err := Load(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []Wish
	for _, id := range ids {
		if w := by[id]; w != nil && !w.State.Terminal() && !w.TakenDown() {
			out = append(out, *w)
		}
	}
	return out, nil
}
