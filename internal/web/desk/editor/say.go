package editor

import (
	"strconv"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func heading(loc ui.Loc, s sheet) string {
	if s.Row.Deal.ID == "" {
		return loc.T("editor.head_new")
	}
	return loc.T("editor.head")
}

func kindUnit(loc ui.Loc, kind string) string {
	switch deal.ThresholdKind(kind) {
	case deal.ThresholdUnits:
		return loc.T("editor.units")
	case deal.ThresholdWon:
		return loc.T("ui.won")
	case deal.ThresholdPeople:
	}
	return loc.T("editor.people")
}

func first(refs []string) string {
	if len(refs) == 0 {
		return ""
	}
	return refs[0]
}

// keptPicture is a small picture that was kept.
func keptPicture(ref string, i int) ui.Picture {
	p := photo.Ref(ref)
	width, height := p.Size()
	return ui.Picture{Src: p.Thumb(), Alt: strconv.Itoa(i + 1), Width: width, Height: height, Shape: "square round"}
}

func saved(loc ui.Loc, s sheet) string {
	if s.Saved {
		return loc.T("editor.saved_now")
	}
	return ""
}

func optionName(loc ui.Loc, s sheet, i int) string {
	if i < len(s.Offer.Options) && s.Offer.Options[i].Name != "" {
		return s.Offer.Options[i].Name
	}
	return loc.T("editor.option", "Number", i+1)
}

func priced(s sheet) bool {
	price, _ := s.price()
	return price > 0
}

func priceOf(s sheet) ui.Price {
	price, list := s.price()
	return ui.Price{Now: price, List: list, Off: off(price, list), From: len(s.Offer.Options) > 1, Size: "m"}
}

// days are the days a shop should know: the fullest, the one that pays, and the hour that is worth filling.
func days(loc ui.Loc, s sheet) []ui.Fact {
	var facts []ui.Fact
	for _, t := range s.Tables {
		if t.Price == 0 {
			continue
		}
		facts = append(facts,
			ui.Fact{Icon: "users", Text: loc.T("editor.table.worst", "Count", t.WorstDay)},
			ui.Fact{Icon: "calendar", Text: loc.T("editor.table.payout", "Use", loc.Day(t.UseExample), "Day",
				loc.Day(t.PayoutExample))})
		break
	}
	if s.HasQuiet {
		facts = append(facts, ui.Fact{Icon: "clock", Text: loc.T("editor.table.quiet", "Hour",
			loc.T("desk.hour."+strconv.FormatInt(s.Quiet, 10)))})
	}
	return facts
}

// window is when the sale runs, in one line.
func window(loc ui.Loc, s sheet) string {
	if s.Offer.StartsAt.IsZero() || !s.Offer.EndsAt.After(s.Offer.StartsAt) {
		return ""
	}
	return loc.Date(s.Offer.StartsAt, s.Now) + " – " + loc.Date(deal.WindowStart(deal.LastDay(s.Offer.EndsAt)), s.Now)
}

// goalInside is what stands in the ring of the preview.
func goalInside(loc ui.Loc, s sheet) string {
	if s.Offer.ThresholdKind == deal.ThresholdWon {
		return loc.Percent(0)
	}
	return "0/" + loc.Count(s.Offer.Threshold)
}
