package storefront

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// question is what a searcher asks for.
type question struct {
	Text     string
	Kind     market.CategoryID
	RegionID market.RegionID
	PriceMax int64
	Now      bool // usable this minute
	Near     bool
	Spot     catalog.Spot // where one stands, or the neighbourhood's centre
}

const (
	queryMax  = 60
	foundMax  = 60
	hitsMax   = 200
	unjoined  = 12
	wishesMax = 8
	priceTop  = 100_000_000
	pinDigits = 20
)

func readQuestion(f *form.Form) (question, error) {
	q := question{Text: strings.TrimSpace(f.Text("q", 0, queryMax)),
		Kind:     market.CategoryID(f.Text("category", 0, queryMax)),
		RegionID: market.RegionID(f.Text("region", 0, regionIDMax)),
		Now:      f.Bool("now"), Near: f.Bool("near")}
	if !f.Blank("max") {
		q.PriceMax = f.Won("max", 0, priceTop)
	}
	lat, lng := f.Text("lat", 0, pinDigits), f.Text("lng", 0, pinDigits)
	if lat != "" || lng != "" {
		q.Spot, q.Near = spotOf(lat, lng), true
	}
	return q, f.Err()
}

// spotOf reads degrees as a browser tells them; what is no place in Korea is no place.
func spotOf(lat, lng string) catalog.Spot {
	a, err1 := strconv.ParseFloat(lat, 64)
	b, err2 := strconv.ParseFloat(lng, 64)
	if err1 != nil || err2 != nil || !(a > 32 && a < 39) || !(b > 124 && b < 132) {
		return catalog.Spot{}
	}
	return catalog.Spot{LatitudeE7: int64(a * 1e7), LongitudeE7: int64(b * 1e7)}
}

// finding is what came of a question.
type finding struct {
	question
	Of       region.Region
	Wide     bool // nothing in the region: the country was searched instead
	Cards    []catalog.Card
	Notes    map[market.DealID]string
	Entries  []directory.Entry
	Wishes   []wish.Wish         // that people gather for
	Kinds    []category.Category // of the first level
	Problems request.Problems
	At       time.Time
}

func (d Deps) search(r *request.Request) error {
	query, err := r.Query()
	if err != nil {
		return err
	}
	view := finding{At: r.Now}
	asked, problem := readQuestion(query)
	view.question, view.Problems = asked, r.Problems(problem)
	if view.Of, err = d.searchIn(r, asked.RegionID); err != nil {
		return err
	}
	view.RegionID = view.Of.ID
	if problem == nil {
		if err := d.find(r.Context(), r.Loc, &view); err != nil {
			return err
		}
	} else if view.Kinds, err = topKinds(r.Context(), d.DB); err != nil {
		return err
	}
	page := r.Page(r.Loc.T("storefront.search.title"))
	page.NoIndex = true
	status := http.StatusOK
	if problem != nil {
		status = http.StatusUnprocessableEntity
	}
	return r.RenderStatus(status, searchPage(page, view))
}

func (d Deps) searchIn(r *request.Request, id market.RegionID) (region.Region, error) {
	if id != "" {
		return d.findPlace(r.Context(), id)
	}
	return d.Here(r)
}

// find reads what fits a question from one consistent view.
func (d Deps) find(ctx context.Context, loc ui.Loc, view *finding) error {
	return d.DB.Read(ctx, func(q *db.ReadTx) error {
		all, err := category.List(ctx, q)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.ParentID == "" {
				view.Kinds = append(view.Kinds, c)
			}
		}
		filter := catalog.Filter{Categories: below(all, view.Kind), PriceMax: view.PriceMax, Limit: hitsMax}
		order, err := d.hits(ctx, q, view.Text, &filter)
		if err != nil {
			return err
		}
		if view.Cards, err = d.within(ctx, q, view.Of, filter, view.At); err != nil {
			return err
		}
		if len(view.Cards) == 0 && view.Of.ID != region.Korea && view.Text != "" {
			if view.Cards, err = d.within(ctx, q, country(), filter, view.At); err != nil {
				return err
			}
			view.Wide = len(view.Cards) > 0
		}
		if order != nil {
			slices.SortStableFunc(view.Cards, func(a, b catalog.Card) int {
				return cmp.Compare(order[a.Deal.ID], order[b.Deal.ID])
			})
		}
		if err := narrow(ctx, q, loc, view); err != nil {
			return err
		}
		if err := d.wishes(ctx, q, view); err != nil {
			return err
		}
		return d.entries(ctx, q, view)
	})
}

// wishes are what people gather for under these words.
func (d Deps) wishes(ctx context.Context, q db.Querier, view *finding) (err error) {
	if view.Text != "" && d.Wishes != nil {
		view.Wishes, err = wish.Found(ctx, q, d.Wishes, view.Text, wishesMax)
	}
	return err
}

// hits asks the index for the words; without words everything is looked through.
func (d Deps) hits(
	ctx context.Context, q db.Querier, text string, f *catalog.Filter,
) (map[market.DealID]int, error) {
	if text == "" {
		return nil, nil
	}
	found, err := d.Deals.Find(ctx, q, text, hitsMax)
	if err != nil {
		return nil, err
	}
	order := make(map[market.DealID]int, len(found))
	f.IDs = []market.DealID{""} // no hit finds nothing, and not everything
	for i, hit := range found {
		order[market.DealID(hit.ID)] = i
		f.IDs = append(f.IDs, market.DealID(hit.ID))
	}
	return order, nil
}

func (d Deps) within(
	ctx context.Context, q db.Querier, of region.Region, f catalog.Filter, now time.Time,
) ([]catalog.Card, error) {
	shown, err := catalog.ShownIn(ctx, q, now)
	if err != nil {
		return nil, err
	}
	scope, err := catalog.ScopeOf(ctx, q, of, shown)
	if err != nil {
		return nil, err
	}
	f.States = []deal.State{deal.OnSale, deal.Scheduled, deal.Closing}
	return scoped(ctx, q, scope.Of(shown), f, now)
}

// below lists a category and what stands under it.
func below(all []category.Category, id market.CategoryID) []market.CategoryID {
	if id == "" {
		return nil
	}
	out := []market.CategoryID{id}
	for _, c := range all {
		if c.ParentID == id {
			out = append(out, c.ID)
		}
	}
	return out
}

// narrow keeps what is usable now and puts the nearest first, where that was asked for.
func narrow(ctx context.Context, q db.Querier, loc ui.Loc, view *finding) error {
	view.Notes = map[market.DealID]string{}
	if !view.Spot.Known() && view.Near {
		view.Spot = catalog.Spot{LatitudeE7: view.Of.Centre.Lat, LongitudeE7: view.Of.Centre.Lng}
	}
	if !view.Now && !view.Spot.Known() {
		view.Cards = view.Cards[:min(len(view.Cards), foundMax)]
		return nil
	}
	uses, err := catalog.UsesOf(ctx, q, catalog.IDs(view.Cards))
	if err != nil {
		return err
	}
	var merchants []market.MerchantID
	for _, c := range view.Cards {
		merchants = append(merchants, c.Deal.MerchantID)
	}
	places, err := catalog.Branches(ctx, q, merchants)
	if err != nil {
		return err
	}
	var kept []catalog.Card
	way := map[market.DealID]int64{}
	for _, c := range view.Cards {
		use, branches := uses[c.Deal.ID], places[c.Deal.MerchantID]
		if view.Now && !use.UsableNow(branches, view.At) {
			continue
		}
		if view.Now {
			view.Notes[c.Deal.ID] = loc.T("storefront.search.usable")
		}
		way[c.Deal.ID] = use.Nearest(branches, view.Spot)
		if metres := way[c.Deal.ID]; metres != catalog.Nowhere {
			view.Notes[c.Deal.ID] = distance(loc, metres)
		}
		kept = append(kept, c)
	}
	if view.Spot.Known() {
		slices.SortStableFunc(kept, func(a, b catalog.Card) int { return cmp.Compare(way[a.Deal.ID], way[b.Deal.ID]) })
	}
	view.Cards = kept[:min(len(kept), foundMax)]
	return nil
}

func distance(loc ui.Loc, metres int64) string {
	if metres < 1000 {
		return loc.T("storefront.search.metres", "Metres", (metres+5)/10*10)
	}
	return loc.T("storefront.search.kilometres", "Km", tenths((metres+50)/100))
}

// entries are shops of the public register that are not with us yet.
func (d Deps) entries(ctx context.Context, q db.Querier, view *finding) error {
	if view.Text == "" || d.Entries == nil {
		return nil
	}
	found, err := directory.Search(ctx, q, d.Entries, view.Text, unjoined)
	for _, e := range found {
		if e.State == directory.Unclaimed {
			view.Entries = append(view.Entries, e)
		}
	}
	return err
}

// wider is the next larger place: for pages on which nothing is found.
func wider(r region.Region) market.RegionID {
	if r.Level == region.Province || r.ParentID == "" {
		return region.Korea
	}
	return r.ParentID
}

func toneClass(t ui.Tone) string {
	if t == ui.Quiet {
		return "quiet"
	}
	return "of-" + string(t)
}

// with gives the address of the same question with one value changed.
func (q question) with(name, value string) string {
	parts := []string{}
	for _, p := range [][2]string{{"q", q.Text}, {"category", string(q.Kind)}, {"region", string(q.RegionID)},
		{"max", won(q.PriceMax)}, {"now", flag(q.Now)}, {"near", flag(q.Near)}} {
		if p[0] == name {
			p[1] = value
		}
		if p[1] != "" {
			parts = append(parts, p[0]+"="+url.QueryEscape(p[1]))
		}
	}
	return "/search?" + strings.Join(parts, "&")
}

func won(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func flag(on bool) string {
	if on {
		return "on"
	}
	return ""
}
