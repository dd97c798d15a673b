package tender

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// Tabs of the list.
const (
	tabFit  = "fit"
	tabAll  = "all"
	TabMine = "mine" // the shop's own offers
)

// row is a wish in a list, with the shop's own offer on it.
type row struct {
	Wish    wish.Wish
	Auction bid.Auction
	Own     bid.Bid
	HasOwn  bool
	Asked   int64  // questions about the own offer that wait for an answer
	Kind    string // of the thing, in words
	Where   string
}

// listView is the list in the reader's words.
type listView struct {
	Tab   string
	Rows  []row
	After string
	Now   time.Time
	Shop  merchant.Merchant
}

const (
	rowsShown = 20
	looksMax  = 5 // pages of wishes that one list of fitting ones looks through
)

func (d Deps) list(r *request.Request) error {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return err
	}
	q := r.URL.Query()
	v := listView{Tab: tabFit, Now: r.Now}
	if tab := q.Get("tab"); slices.Contains([]string{tabAll, TabMine}, tab) {
		v.Tab = tab
	}
	err = d.DB.Read(r.Context(), func(tx *db.ReadTx) error {
		if v.Shop, err = merchant.Find(r.Context(), tx, shop.ID); err != nil {
			return err
		}
		if v.Tab == TabMine {
			return v.mine(r.Context(), tx, q.Get("after"))
		}
		return v.open(r.Context(), tx, q.Get("after"))
	})
	if err != nil {
		return err
	}
	if err := d.name(r, v.Rows); err != nil {
		return err
	}
	return r.Render(listPage(d.Page(r, shop, r.Loc.T("tender.title")), v))
}

// open lists wishes that take offers, newest first; of the fitting ones it looks through some pages.
func (v *listView) open(ctx context.Context, q db.Querier, after string) error {
	f := wish.Filter{States: []wish.State{wish.Gathering, wish.Bidding}, After: wish.ParseCursor(after), Limit: rowsShown}
	trade, err := report.LoadTrade(ctx, q, v.Shop)
	if err != nil {
		return err
	}
	var list []wish.Wish
	for range looksMax {
		page, next, err := wish.List(ctx, q, f)
		if err != nil {
			return err
		}
		for _, w := range page {
			if v.Tab == tabAll || trade.Fits(w) {
				list = append(list, w)
			}
		}
		if f.After = next; next.ID == "" || v.Tab == tabAll || len(list) >= rowsShown/2 {
			break
		}
	}
	if f.After.ID != "" {
		v.After = Path + "?tab=" + v.Tab + "&after=" + f.After.Text()
	}
	return v.fill(ctx, q, list)
}

func (v *listView) fill(ctx context.Context, q db.Querier, list []wish.Wish) error {
	ids := make([]market.WishID, len(list))
	for i, w := range list {
		ids[i] = w.ID
	}
	auctions, err := bid.Load(ctx, q, ids)
	if err != nil {
		return err
	}
	own, err := bid.Standings(ctx, q, v.Shop.ID, ids)
	for _, w := range list {
		b, has := own[w.ID]
		v.Rows = append(v.Rows, row{Wish: w, Auction: auctions[w.ID], Own: b, HasOwn: has})
	}
	return err
}

// mine lists the shop's own offers, newest first, the newest of each wish.
func (v *listView) mine(ctx context.Context, q db.Querier, after string) error {
	bids, err := bid.OfMerchant(ctx, q, v.Shop.ID, market.BidID(after), rowsShown)
	if err != nil {
		return err
	}
	if len(bids) == rowsShown {
		v.After = Path + "?tab=" + TabMine + "&after=" + string(bids[len(bids)-1].ID)
	}
	bids = slices.DeleteFunc(bids, func(b bid.Bid) bool { return b.State == bid.Replaced })
	var ids []market.WishID
	for _, b := range bids {
		ids = append(ids, b.WishID)
	}
	wishes, err := wish.Load(ctx, q, ids)
	if err != nil {
		return err
	}
	auctions, err := bid.Load(ctx, q, ids)
	if err != nil {
		return err
	}
	asked, err := voice.Waiting(ctx, q, bids)
	for _, b := range bids {
		if w := wishes[b.WishID]; w != nil {
			v.Rows = append(v.Rows, row{Wish: *w, Auction: auctions[b.WishID], Own: b, HasOwn: true, Asked: asked[b.ID]})
		}
	}
	return err
}

// name puts kinds and places into words.
func (d Deps) name(r *request.Request, rows []row) error {
	kinds, err := category.List(r.Context(), d.DB)
	if err != nil {
		return err
	}
	names := map[market.CategoryID]string{}
	for _, k := range kinds {
		names[k.ID] = k.Label(r.Loc.Lang())
	}
	places := map[market.RegionID]string{"": ""}
	for i := range rows {
		w := rows[i].Wish
		if _, known := places[w.RegionID]; !known {
			place, err := region.Find(r.Context(), d.DB, w.RegionID)
			if err != nil && !errors.Is(err, region.ErrNotFound) {
				return err
			}
			places[w.RegionID] = place.FullLabel(r.Loc.Lang())
		}
		rows[i].Kind, rows[i].Where = names[w.CategoryID], places[w.RegionID]
	}
	return nil
}

// headline is the sentence that the seller came for.
func (v listView) headline(loc ui.Loc) string {
	n := int64(len(v.Rows))
	switch {
	case v.Tab == TabMine && n > 0:
		return loc.T("tender.list.mine_head")
	case v.Tab == TabMine:
		return loc.T("tender.list.mine_none")
	case n == 0:
		return loc.T("tender.list.none")
	case v.Tab == tabFit:
		return loc.T("tender.list.fit_head")
	}
	return loc.T("tender.list.all_head")
}

func (v listView) tabs(loc ui.Loc) []ui.Tab {
	var out []ui.Tab
	for _, tab := range []string{tabFit, tabAll, TabMine} {
		href := Path
		if tab != tabFit {
			href += "?tab=" + tab
		}
		out = append(out, ui.Tab{Label: loc.T("tender.tab." + tab), Href: href, Here: v.Tab == tab})
	}
	return out
}

// crowd says how many want it, and how far they are.
func (v row) crowd(loc ui.Loc) string {
	if v.Wish.Reached() {
		return loc.T("tender.row.reached", "Count", v.Wish.Firm)
	}
	return loc.T("tender.row.missing", "Firm", v.Wish.Firm, "Missing", v.Wish.Missing())
}

// until says when the offers close, or that they may come already.
func (v row) until(loc ui.Loc, now time.Time) string {
	switch {
	case v.Auction.In(bid.Open) && !v.Auction.Over(now):
		return loc.T("tender.row.until", "Until", loc.DateTime(v.Auction.ClosesAt, now))
	case v.Auction.In(bid.Planned):
		return loc.T("tender.row.early")
	}
	return loc.T("tender.stage." + string(v.Wish.State))
}

// lowest says what there is to undercut.
func (v row) lowest(loc ui.Loc) string {
	switch {
	case v.Auction.Kind == bid.Sealed && !v.Auction.Shown():
		return loc.T("tender.row.sealed", "Count", v.Auction.Bids)
	case v.Auction.LowestPrice > 0:
		return loc.T("tender.row.lowest", "Won", v.Auction.LowestPrice, "Count", v.Auction.Bids)
	case v.Wish.TopPrice > 0:
		return loc.T("tender.row.ceiling", "Won", v.Wish.TopPrice)
	}
	return loc.T("tender.row.first")
}

// chip says where the shop's own offer stands.
func (v row) chip(loc ui.Loc) ui.Chip {
	switch {
	case v.Own.Won():
		return ui.Chip{Label: loc.T("tender.own.winner"), Tone: ui.Act, Icon: "badge-check"}
	case !v.Own.Stands():
		return ui.Chip{Label: loc.T("tender.own." + string(v.Own.State))}
	case v.Auction.Lowest == v.Own.ID:
		return ui.Chip{Label: loc.T("tender.own.lowest"), Tone: ui.Act}
	case v.Auction.Kind == bid.Sealed && !v.Auction.Shown():
		return ui.Chip{Label: loc.T("tender.own.sealed"), Tone: ui.Info, Icon: "lock"}
	case v.Auction.Lowest != "":
		return ui.Chip{Label: loc.T("tender.own.outbid"), Tone: ui.Warn}
	}
	return ui.Chip{Label: loc.T("tender.own.standing"), Tone: ui.Info}
}

func (v row) href() string {
	if v.Own.Won() {
		return Address(v.Wish.ID) + "/fulfil"
	}
	return Address(v.Wish.ID)
}

// facts are the kind, the place and the way in one line.
func (v row) facts(loc ui.Loc) string {
	text := loc.T("tender.way." + wayKey(v.Wish.Way))
	for _, more := range []string{v.Where, v.Kind} {
		if more != "" {
			text = more + " · " + text
		}
	}
	return text
}

func wayKey(w wish.Way) string {
	if w == wish.AnyWay {
		return "any"
	}
	return string(w)
}

// PictureOf is the wish's photo, or a drawing until it has one.
func PictureOf(w wish.Wish, shape string) ui.Picture {
	ref := photo.Ref(w.Photo)
	if src := ref.Src(); src != "" {
		width, height := ref.Size()
		return ui.Picture{Src: src, Srcset: ref.Srcset(), Sizes: "(min-width: 56rem) 24rem, 100vw", Width: width,
			Height: height, Shape: shape}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(w.ID)) // a hash takes every byte
	return ui.Picture{Src: art.URL("shop", h.Sum64()%97), Width: 400, Height: 260, Shape: shape}
}

// meterOf is the ring of a wish: firm places outlined, since nobody has paid yet.
func meterOf(loc ui.Loc, w wish.Wish, size string) ui.Meter {
	return ui.Meter{Goal: w.Threshold, Firm: w.Firm, Size: size, Say: loc.Count(w.Firm),
		Name: loc.T("tender.ring", "Firm", w.Firm, "Goal", w.Threshold)}
}
