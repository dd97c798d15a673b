package joined

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merger"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// most is how many merged wishes one page names.
const most = 20

// Wish is one that has merged into another.
type Wish struct {
	wish.Wish
	Came int64 // of its people, who said yes
}

// Read lists the wishes that have merged into one, the first one first.
func Read(ctx context.Context, q db.Querier, id market.WishID) ([]Wish, error) {
	list, err := wish.MergedFrom(ctx, q, id, most)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make([]Wish, len(list))
	for i, w := range list {
		came, err := merger.SaidYes(ctx, q, w.ID)
		if err != nil {
			return nil, err
		}
		out[i] = Wish{w, came}
	}
	return out, nil
}

// Events are those that merged from an instant to just before another, which is the end of time when it is zero.
func Events(loc ui.Loc, list []Wish, now, from, before time.Time) []ui.Event {
	var out []ui.Event
	for _, w := range list {
		if w.EndedAt.Before(from) || !before.IsZero() && !w.EndedAt.Before(before) {
			continue
		}
		out = append(out, ui.Event{Text: loc.T("wanted.joined_from", "Name", w.Name), Href: stage.Href(w.ID), Tone: ui.Info,
			Sub: loc.T("wanted.joined_sub", "At", loc.DateTime(w.EndedAt, now), "Count", w.Firm+w.Watching, "Came", w.Came)})
	}
	return out
}

// Into tells that a wish has merged into another.
func Into(loc ui.Loc, from, into wish.Wish, now time.Time) ui.Event {
	return ui.Event{Text: loc.T("wanted.joined_into", "Name", into.Name), Href: stage.Href(into.ID), Tone: ui.Info,
		Sub: loc.DateTime(from.EndedAt, now)}
}
