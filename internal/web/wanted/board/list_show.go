package board

import (
	"context"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// board is the list of wishes.
type board struct {
	Rows    []Row
	Stage   wish.State
	Sort    wish.Sort
	Kind    category.Category
	Here    region.Region // the reader's neighbourhood, empty for none
	Place   place         // the list keeps to it
	Picks   bool          // another place is being picked
	Kinds   []category.Category
	First   string // the first page, on all later ones
	Next    string
	Mine    bool
	Filters bool // something was chosen
	Now     time.Time
}

// Row is one wish in a list.
type Row struct {
	wish.Wish
	Auction bid.Auction
	Own     wish.Member // on the list of one's own
}

const (
	pageRows  = 24
	idMax     = 64
	afterMax  = 100
	shelfRows = 6
)

func (d Deps) list(r *request.Request) error {
	query, err := r.Query()
	if err != nil {
		return err
	}
	if query.Text("mine", 0, 1) == "1" {
		return d.mine(r, market.WishID(query.Text("before", 0, idMax)))
	}
	b := board{Now: r.Now, Stage: wish.State(query.Text("stage", 0, idMax)), Sort: wish.Sort(query.Text("sort", 0, idMax)),
		Kind: category.Category{ID: market.CategoryID(query.Text("kind", 0, idMax))}, Picks: query.Text("pick", 0, 1) == "1"}
	after := wish.ParseCursor(query.Text("after", 0, afterMax))
	if b.Here, err = d.here(r); err != nil {
		return err
	}
	if b.Place, err = d.placeOf(r.Context(), query.Text("region", 0, idMax), b.Here); err != nil {
		return err
	}
	if err := d.readBoard(r.Context(), &b, after); err != nil {
		return err
	}
	page := r.Page(b.title(r.Loc))
	page.Description, page.Canonical = r.Loc.T("wanted.description"), "/wanted"
	page.NoIndex = b.Filters || after.ID != ""
	page.Feeds = b.feeds(r.Loc)
	return r.Render(listPage(page, b))
}

func (d Deps) here(r *request.Request) (region.Region, error) {
	if d.Here == nil {
		return region.Region{}, nil
	}
	return d.Here(r)
}

// stages are those one may choose, in the order of a wish's life.
func stages() []wish.State {
	return []wish.State{wish.Gathering, wish.Bidding, wish.Choosing, wish.Paying, wish.Fulfilling, wish.Done}
}

func (d Deps) readBoard(ctx context.Context, b *board, after wish.Cursor) error {
	f := wish.Filter{CategoryID: b.Kind.ID, After: after, Limit: pageRows}
	for _, s := range stages() {
		if s == b.Stage {
			f.States = []wish.State{s}
		}
	}
	if len(f.States) == 0 {
		b.Stage = ""
	}
	if b.Sort == wish.ByNear || b.Sort == wish.ByEnding {
		f.Sort = b.Sort
	} else {
		b.Sort = ""
	}
	b.Filters = b.Stage != "" || b.Sort != "" || b.Kind.ID != "" || b.Place.chosen()
	return d.DB.Read(ctx, func(q *db.ReadTx) (err error) {
		if b.Place.chosen() {
			if f.Regions, err = region.Concerning(ctx, q, b.Place.Of.ID); err != nil {
				return err
			}
		}
		var next wish.Cursor
		list, next, err := wish.List(ctx, q, f)
		if err != nil {
			return err
		}
		if b.Rows, err = RowsOf(ctx, q, list); err != nil {
			return err
		}
		if after.ID != "" {
			b.First = b.href(func(url.Values) {})
		}
		if next.ID != "" {
			b.Next = b.href(func(v url.Values) { v.Set("after", next.Text()) })
		}
		b.Kinds, b.Kind, err = KindsOf(ctx, q, b.Kind.ID)
		return err
	})
}

// KindsOf gives the kinds of the first level, and the chosen one.
func KindsOf(ctx context.Context, q db.Querier, id market.CategoryID) ([]category.Category, category.Category, error) {
	all, err := category.List(ctx, q)
	var top []category.Category
	chosen := category.Category{ID: id}
	for _, c := range all {
		if c.ParentID == "" {
			top = append(top, c)
		}
		if c.ID == id {
			chosen = c
		}
	}
	return top, chosen, err
}

// RowsOf puts their auctions beside wishes.
func RowsOf(ctx context.Context, q db.Querier, list []wish.Wish) ([]Row, error) {
	ids := make([]market.WishID, len(list))
	for i, w := range list {
		ids[i] = w.ID
	}
	auctions, err := bid.Load(ctx, q, ids)
	out := make([]Row, len(list))
	for i, w := range list {
		out[i] = Row{Wish: w, Auction: auctions[w.ID]}
	}
	return out, err
}

// href is the list with what is chosen, and one thing changed.
func (b board) href(change func(url.Values)) string {
	v := url.Values{}
	for name, value := range map[string]string{"stage": string(b.Stage), "sort": string(b.Sort),
		"kind": string(b.Kind.ID), "region": b.Place.Asked} {
		if value != "" {
			v.Set(name, value)
		}
	}
	change(v)
	for name := range v {
		if v.Get(name) == "" {
			v.Del(name)
		}
	}
	if len(v) == 0 {
		return "/wanted"
	}
	return "/wanted?" + v.Encode()
}

func (b board) with(name, value string) string {
	return b.href(func(v url.Values) { v.Set(name, value) })
}

// offered says what is offered for a wish in a list, "" for nothing that may be told.
func (w Row) offered(loc ui.Loc) string {
	a := w.Auction
	switch {
	case w.State.Terminal() && w.State != wish.Done:
		return ""
	case a.LowestPrice > 0:
		return loc.T("wanted.row.lowest", "Price", a.LowestPrice, "Count", a.Bids)
	case a.Kind == bid.Sealed && a.Bids > 0:
		return loc.T("wanted.row.sealed", "Count", a.Bids)
	case a.Bids > 0:
		return loc.T("wanted.row.some", "Count", a.Bids)
	}
	return ""
}

// left is the end of the present stage in a list.
func (w Row) left() time.Time {
	switch {
	case w.State == wish.Gathering:
		return w.Until
	case w.State == wish.Bidding:
		return w.Auction.ClosesAt
	}
	return time.Time{}
}

// Part makes the strip of wishes for a neighbourhood's page: wishes of that place and of anywhere, those first that
// gather and lack the fewest. Lead says that the page has nothing else to begin with. An empty strip still invites.
func (d Deps) Part(ctx context.Context, q db.Querier, of region.Region, now time.Time) (func(lead bool) templ.Component,
	error,
) {
	f := wish.Filter{Sort: wish.ByNear, Limit: shelfRows}
	if of.ID != "" && of.ID != region.Korea {
		var err error
		if f.Regions, err = region.Concerning(ctx, q, of.ID); err != nil {
			return nil, err
		}
	}
	list, _, err := wish.List(ctx, q, f)
	if err != nil {
		return nil, err
	}
	f.Sort, f.States = wish.ByEnding, []wish.State{wish.Bidding}
	bidding, _, err := wish.List(ctx, q, f)
	if err != nil {
		return nil, err
	}
	list = append(list, bidding...)
	rows, err := RowsOf(ctx, q, list[:min(len(list), shelfRows)])
	return func(lead bool) templ.Component { return shelf(rows, lead, now) }, err
}
