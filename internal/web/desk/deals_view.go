package desk

import (
	"hash/fnv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// group is the deals that stand at one point of their life.
type group struct {
	Key  string
	Rows []report.Row
}

// groups sorts deals the way a shop thinks of them.
func groups(rows []report.Row) []group {
	out := []group{{Key: "gathering"}, {Key: "waiting"}, {Key: "writing"}, {Key: "kept"}, {Key: "over"}}
	for _, row := range rows {
		at := 4
		switch row.Deal.State {
		case deal.OnSale, deal.Closing, deal.Asking:
			at = 0
		case deal.Submitted, deal.Scheduled:
			at = 1
		case deal.Draft, deal.Returned:
			at = 2
		case deal.Ended:
			at = 3
		case deal.Withdrawn, deal.Failed, deal.Cancelled:
		}
		out[at].Rows = append(out[at].Rows, row)
	}
	return out
}

func (d Deps) deals(r *request.Request) error {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return err
	}
	rows, err := report.Deals(r.Context(), d.DB, shop.ID)
	if err != nil {
		return err
	}
	page := d.Page(r, shop, AtDeals, r.Loc.T("desk.deals.title"))
	return r.Render(dealsPage(page, groups(rows), r.Now))
}

// stateChip names where a deal stands.
func stateChip(loc ui.Loc, row report.Row) ui.Chip {
	c := ui.Chip{Label: loc.T("desk.state." + string(row.Deal.State))}
	switch row.Deal.State {
	case deal.OnSale:
		c.Tone = ui.Gather
		if row.Deal.Tipped() {
			c.Tone, c.Label = ui.Act, loc.T("desk.state.open")
		}
	case deal.Closing, deal.Scheduled, deal.Submitted:
		c.Tone = ui.Info
	case deal.Asking, deal.Returned:
		c.Tone = ui.Warn
	case deal.Ended:
		c.Tone = ui.Act
	case deal.Failed, deal.Cancelled:
		c.Tone = ui.Loss
	case deal.Draft, deal.Withdrawn: // nothing to look at
	}
	return c
}

// titleOf is a deal's title, or what stands in for one that has none yet.
func titleOf(loc ui.Loc, row report.Row) string {
	if row.Title == "" {
		return loc.T("desk.deals.untitled")
	}
	return row.Title
}

// Address is where a deal's own page at the desk is.
func Address(id market.DealID) string { return "/office/deals/" + string(id) }

// says is one line under a deal's title.
func says(loc ui.Loc, row report.Row, now time.Time) string {
	d := row.Deal
	switch {
	case row.Gathering():
		return gathering(loc, d, now)
	case d.In(deal.Scheduled):
		return loc.T("desk.deal.scheduled", "From", loc.DateTime(d.StartsAt, now))
	case d.In(deal.Submitted):
		return loc.T("desk.deal.submitted", "At", loc.Date(d.SubmittedAt, now))
	case d.In(deal.Returned):
		return d.ReturnReason
	case d.In(deal.Ended):
		return loc.T("desk.deal.ended", "People", d.People, "Units", d.PaidUnits, "Won", d.PaidWon)
	case d.In(deal.Failed):
		return loc.T("desk.deal.failed")
	case d.In(deal.Draft):
		return loc.T("desk.deal.draft", "At", loc.Date(d.CreatedAt, now))
	}
	return loc.T("desk.deal.over")
}

// Picture is a deal's photo, or a drawing of its category until it has one: the same that shoppers see.
func Picture(ref, alt string, category market.CategoryID, id market.DealID) ui.Picture {
	p := photo.Ref(ref)
	if src := p.Src(); src != "" {
		width, height := p.Size()
		return ui.Picture{Src: src, Srcset: p.Srcset(), Sizes: "(min-width: 56rem) 30rem, 100vw", Alt: alt, Width: width,
			Height: height}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes every byte
	return ui.Picture{Src: art.URL(scene(category), h.Sum64()%97), Alt: alt, Width: 400, Height: 260}
}

// scenes are the drawings that fit a category, or all beneath it; nothing changes them.
var scenes = map[string]string{
	"eat.korean": "bibimbap", "eat.meat": "pork", "eat.seafood": "fish", "eat.noodle": "noodle", "eat.chinese": "noodle",
	"eat.japanese": "sushi", "eat.western": "table", "eat.snack": "noodle", "eat.chicken": "chicken", "eat.bar": "beer",
	"cafe": "coffee", "cafe.bakery": "bakery", "cafe.ricecake": "ricecake", "cafe.ice": "cake", "beauty": "hair",
	"beauty.nail": "nail", "beauty.skin": "massage", "beauty.spa": "massage", "learn": "book", "learn.music": "guitar",
	"learn.art": "paint", "learn.body": "gym", "play": "film", "play.stay": "guesthouse", "play.camp": "camp",
	"play.fitness": "gym", "life": "laundry", "life.car": "bike", "shop": "shop", "shop.food": "fruit",
	"shop.mart": "vegetables", "shop.flower": "flower", "shop.drink": "beer", "shop.hobby": "book", "shop.gift": "pottery",
}

func scene(id market.CategoryID) string {
	parent, _, _ := strings.Cut(string(id), ".")
	for _, key := range []string{string(id), parent} {
		if found := scenes[key]; found != "" {
			return found
		}
	}
	return "table"
}

func none(all []group) bool {
	for _, g := range all {
		if len(g.Rows) > 0 {
			return false
		}
	}
	return true
}

// dealsTitle is the sentence above the list.
func dealsTitle(loc ui.Loc, all []group) string {
	if n := len(all[0].Rows); n > 0 {
		return loc.T("desk.deals.gathering", "Count", int64(n))
	}
	return loc.T("desk.deals.title")
}

func thumb(row report.Row) ui.Picture {
	p := Picture(row.Picture, "", row.CategoryID, row.Deal.ID)
	p.Shape = "thumb round"
	return p
}

func smallBoth(loc ui.Loc, s catalog.Satisfaction) ui.Both {
	b := both(loc, s)
	b.Small = true
	return b
}
