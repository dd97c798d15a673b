package stage

import (
	"hash/fnv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// Chip names a wish's stage.
func Chip(loc ui.Loc, w wish.Wish) ui.Chip {
	tones := map[wish.State]ui.Tone{wish.Gathering: ui.Gather, wish.Bidding: ui.Info, wish.Choosing: ui.Info,
		wish.Paying: ui.Act, wish.Fulfilling: ui.Act, wish.Done: ui.Act}
	return ui.Chip{Label: loc.T("wanted.stage." + string(w.State)), Tone: tones[w.State]}
}

// Line is the one short line over a wish in a list.
func Line(loc ui.Loc, w wish.Wish) (string, ui.Tone) {
	if w.Paused() {
		return loc.T("wanted.line.paused"), ui.Gather
	}
	if w.State == wish.Gathering {
		return loc.T("wanted.line.missing", "Missing", w.Missing()), ui.Gather
	}
	return loc.T("wanted.line." + string(w.State)), Chip(loc, w).Tone
}

// Counts are the two numbers of a crowd, which are never one.
func Counts(loc ui.Loc, w wish.Wish) string {
	return loc.T("wanted.counts", "Watching", w.Watching, "Firm", w.Firm, "Goal", w.Threshold)
}

// Meter is the ring of a wish: firm members are outlined beads, and only payments fill one.
func Meter(loc ui.Loc, w wish.Wish, paid int64) ui.Meter {
	m := ui.Meter{Goal: w.Threshold, Paid: paid, Firm: max(0, w.Firm-paid)}
	goal, firm := loc.T("wanted.people", "Count", w.Threshold), loc.T("wanted.people", "Count", w.Firm)
	switch {
	case paid > 0 || w.State == wish.Paying:
		m.Say, m.Sub = loc.T("wanted.people", "Count", paid), loc.T("wanted.meter.paid")
		m.Name = loc.T("wanted.meter.name_paid", "Paid", paid, "Firm", w.Firm)
	case w.Paused():
		m.Say, m.Sub = firm, loc.T("wanted.meter.paused")
		m.Name = loc.T("wanted.meter.name_paused", "Firm", w.Firm, "Goal", w.Threshold)
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

// Picture is a wish's photo, or a drawing where there is none.
func Picture(w wish.Wish, alt string) ui.Picture {
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

// Href is a wish's address.
func Href(id market.WishID) string { return "/w/" + string(id) }

// Around splits a sentence at the words that carry its weight.
func Around(text, bold string) (before, after string) {
	if bold == "" {
		return text, ""
	}
	before, after, _ = strings.Cut(text, bold)
	return before, after
}

// Seller names who offers.
func Seller(loc ui.Loc, m merchant.Merchant) string {
	if m.Business.Name == "" {
		return loc.T("wanted.seller.unknown")
	}
	return m.Business.Name
}

// SellerHref is the seller's page, "" while it has none.
func SellerHref(m merchant.Merchant) string {
	if m.Public() {
		return "/m/" + m.Slug
	}
	return ""
}
