package wanted

import (
	"hash/fnv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// chip names a wish's stage.
func chip(loc ui.Loc, w wish.Wish) ui.Chip {
	tones := map[wish.State]ui.Tone{wish.Gathering: ui.Gather, wish.Bidding: ui.Info, wish.Choosing: ui.Info,
		wish.Paying: ui.Act, wish.Fulfilling: ui.Act, wish.Done: ui.Act}
	return ui.Chip{Label: loc.T("wanted.stage." + string(w.State)), Tone: tones[w.State]}
}

// near reports a wish that lacks few people: a fifth of those it needs, or three.
func near(w wish.Wish) bool {
	return w.State == wish.Gathering && w.Missing() <= max(3, w.Threshold/5)
}

// line is the one short line over a wish in a list.
func line(loc ui.Loc, w wish.Wish) (string, ui.Tone) {
	if w.State == wish.Gathering {
		return loc.T("wanted.line.missing", "Missing", w.Missing()), ui.Gather
	}
	return loc.T("wanted.line." + string(w.State)), chip(loc, w).Tone
}

// counts are the two numbers of a crowd, which are never one.
func counts(loc ui.Loc, w wish.Wish) string {
	return loc.T("wanted.counts", "Watching", w.Watching, "Firm", w.Firm, "Goal", w.Threshold)
}

// meter is the ring of a wish: firm members are outlined beads, and only payments fill one.
func meter(loc ui.Loc, w wish.Wish, paid int64) ui.Meter {
	m := ui.Meter{Goal: w.Threshold, Paid: paid, Firm: max(0, w.Firm-paid)}
	goal, firm := loc.T("wanted.people", "Count", w.Threshold), loc.T("wanted.people", "Count", w.Firm)
	switch {
	case paid > 0 || w.State == wish.Paying:
		m.Say, m.Sub = loc.T("wanted.people", "Count", paid), loc.T("wanted.meter.paid")
		m.Name = loc.T("wanted.meter.name_paid", "Paid", paid, "Firm", w.Firm)
	case w.Reached():
		m.Say, m.Sub = firm, loc.T("wanted.meter.reached")
		m.Name = loc.T("wanted.meter.name_reached", "Firm", w.Firm, "Goal", w.Threshold)
	case w.State.Terminal():
		m.Say, m.Sub = firm, loc.T("wanted.meter.over", "Goal", goal)
		m.Name = loc.T("wanted.meter.name_over", "Firm", w.Firm, "Goal", w.Threshold)
	default:
		m.Say, m.Sub = loc.T("wanted.people", "Count", w.Missing()), loc.T("wanted.meter.missing")
		m.Name = loc.T("wanted.meter.name", "Firm", w.Firm, "Goal", w.Threshold, "Missing", w.Missing())
	}
	return m
}

// pictureOf is a wish's photo, or a drawing where there is none.
func pictureOf(w wish.Wish, alt string) ui.Picture {
	ref := photo.Ref(w.Photo)
	src := ref.Src()
	if src == "" {
		return ui.Picture{Src: art.URL("wish", seed(string(w.ID))), Alt: alt, Width: 400, Height: 260}
	}
	width, height := ref.Size()
	return ui.Picture{Src: src, Srcset: ref.Srcset(), Sizes: "(min-width: 56rem) 36rem, 100vw", Alt: alt, Width: width,
		Height: height}
}

func seed(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes every byte
	return h.Sum64() % 97
}

// until is the deadline that matters to a reader now.
func (v view) until() time.Time {
	switch v.Wish.State {
	case wish.Gathering:
		return v.Wish.Until
	case wish.Bidding:
		return v.Auction.ClosesAt
	case wish.Choosing:
		return v.ChosenBy
	case wish.Paying:
		return v.PayUntil
	}
	return time.Time{}
}
