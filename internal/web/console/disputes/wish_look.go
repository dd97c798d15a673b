package disputes

import (
	"errors"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// wishRow is a wish in the operator's list.
type wishRow struct {
	wish.Wish
	Auction bid.Auction
	Fund    collect.Collect
}

// wishesView are the wishes of one stage.
type wishesView struct {
	State wish.State // downTab for those that were taken down
	Rows  []wishRow
	After string
	Now   time.Time
}

const wishRows = 50

func (d Deps) wishes(r *request.Request) error {
	p, err := d.page(r, "dispute.wishes.nav", Wishes)
	if err != nil {
		return err
	}
	v := wishesView{State: wish.Bidding, Now: r.Now}
	if s := wish.State(r.URL.Query().Get("state")); slices.Contains(wish.States(), s) {
		v.State = s
	}
	if r.URL.Query().Get("state") == downTab {
		v.State = downTab
	}
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) error {
		v.Rows = nil
		list, next, err := wish.List(r.Context(), q, wish.Filter{States: []wish.State{v.State}, Limit: wishRows,
			Down: v.State == downTab, After: wish.ParseCursor(r.URL.Query().Get("after"))})
		if err != nil {
			return err
		}
		if next.ID != "" {
			v.After = Wishes + "?state=" + string(v.State) + "&after=" + next.Text()
		}
		ids := make([]market.WishID, len(list))
		for i, w := range list {
			ids[i] = w.ID
		}
		auctions, err := bid.Load(r.Context(), q, ids)
		if err != nil {
			return err
		}
		funds, err := collect.Load(r.Context(), q, ids)
		for _, w := range list {
			v.Rows = append(v.Rows, wishRow{w, auctions[w.ID], funds[w.ID]})
		}
		if err != nil {
			return err
		}
		return said(r, q, v.Rows)
	})
	if err != nil {
		return err
	}
	return r.Render(wishesPage(p, v))
}

// patience is how long a deadline may be past before somebody should look why.
const patience = 10 * time.Minute

// stuck reports a wish whose clock should have moved it.
func (w wishRow) stuck(now time.Time) bool {
	then := now.Add(-patience)
	return w.Over(then) || w.Auction.Over(then) || w.Fund.Due(then) || w.Fund.Silent(then)
}

func (v wishesView) tabs(loc ui.Loc) []ui.Tab {
	var out []ui.Tab
	for _, s := range append(wish.States(), downTab) {
		out = append(out, ui.Tab{Label: loc.T("dispute.stage." + string(s)), Href: Wishes + "?state=" + string(s),
			Here: s == v.State})
	}
	return out
}

func (v wishesView) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("dispute.wishes.name")}, {Label: loc.T("dispute.wishes.crowd"), Num: true},
		{Label: loc.T("dispute.wishes.offers"), Num: true}, {Label: loc.T("dispute.wishes.lowest"), Num: true},
		{Label: loc.T("dispute.wishes.until")}}
}

func (v wishesView) rows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Rows))
	for i, w := range v.Rows {
		name := ui.Cell{Text: w.Name, Href: Wishes + "/" + string(w.ID), Strong: true, Note: v.note(loc, w)}
		lowest := ui.Cell{Text: "–"}
		if w.Auction.LowestPrice > 0 {
			lowest = ui.Cell{Text: loc.Won(w.Auction.LowestPrice), Keep: true}
		}
		until := ui.Cell{Text: v.until(loc, w)}
		if w.stuck(v.Now) {
			until.Tone, until.Note = ui.Loss, loc.T("dispute.wishes.stuck")
		}
		out[i] = []ui.Cell{name, {Text: loc.Count(w.Firm) + " / " + loc.Count(w.Threshold)},
			{Text: loc.Count(w.Auction.Bids)}, lowest, until}
	}
	return out
}

func (v wishesView) note(loc ui.Loc, w wishRow) string {
	switch {
	case w.TakenDown():
		return loc.T(w.Down.Ground.NameKey())
	case w.MergedInto != "":
		return loc.T("dispute.wishes.merged")
	case w.Auction.Kind == bid.Sealed:
		return loc.T("dispute.wishes.sealed")
	}
	return ""
}

// until is the next deadline of a wish.
func (v wishesView) until(loc ui.Loc, w wishRow) string {
	at := w.EndedAt
	switch w.State {
	case wish.Gathering:
		at = w.Until
	case wish.Bidding, wish.Choosing:
		at = w.Auction.ClosesAt
	case wish.Paying:
		at = w.Fund.Until
	case wish.Fulfilling, wish.Done, wish.Closed, wish.Merged:
	}
	if at.IsZero() {
		return "–"
	}
	return loc.DateTime(at, v.Now)
}

// wishView is one wish with its offers.
type wishView struct {
	Row      wishRow
	Bids     []bid.Bid
	Sellers  map[market.MerchantID]merchant.Merchant
	Known    map[market.MerchantID]catalog.Bidder
	May      bool // the reader may take offers out
	MayDown  bool // the reader may take the wish down
	Said     wish.Said
	Now      time.Time
	Sent     market.BidID // whose form was refused
	Reason   string
	Problems request.Problems
}

func (d Deps) wish(r *request.Request) error {
	v, p, err := d.loadWish(r)
	if err != nil {
		return err
	}
	return r.Render(wishPage(p, v))
}

func (d Deps) loadWish(r *request.Request) (wishView, ui.Page, error) {
	v := wishView{Now: r.Now, Sellers: map[market.MerchantID]merchant.Merchant{}}
	p, err := d.page(r, "dispute.wishes.nav", Wishes)
	if err != nil {
		return v, p, err
	}
	v.May = right.Can(r.Actor, right.BidDisqualify, right.Resource{})
	v.MayDown = right.Can(r.Actor, right.WishTakeDown, right.Resource{})
	id := market.WishID(r.PathValue("wish"))
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) error {
		one, err := wish.Find(r.Context(), q, id)
		if err != nil {
			return err
		}
		v.Row.Wish = one
		words, err := wish.SaidOf(r.Context(), q, []market.WishID{id})
		if err != nil {
			return err
		}
		v.Said = words[id]
		v.Row.Name = v.Said.Name
		if v.Row.Auction, err = bid.Find(r.Context(), q, id); err != nil && !errors.Is(err, bid.ErrNoAuction) {
			return err
		}
		if v.Row.Fund, err = collect.Find(r.Context(), q, id); err != nil && !errors.Is(err, collect.ErrNotFound) {
			return err
		}
		if v.Bids, err = bid.Bids(r.Context(), q, id); err != nil {
			return err
		}
		var ids []market.MerchantID
		for _, b := range v.Bids {
			ids = append(ids, b.MerchantID)
		}
		sellers, err := merchant.ListByIDs(r.Context(), q, ids)
		for _, m := range sellers {
			v.Sellers[m.ID] = m
		}
		if err != nil {
			return err
		}
		v.Known, err = catalog.Bidders(r.Context(), q, id, slices.Compact(slices.Sorted(slices.Values(ids))))
		return err
	})
	p.Title = v.Row.Name
	p.Crumbs = []ui.Link{{Label: r.Loc.T("dispute.wishes.nav"), Href: Wishes}, {Label: v.Row.Name}}
	return v, p, err
}

// disqualify takes an offer out, with a reason that everybody reads.
func (d Deps) disqualify(r *request.Request) error {
	if err := right.Check(r.Actor, right.BidDisqualify, right.Resource{}); err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	id, which := market.WishID(r.PathValue("wish")), market.BidID(r.PathValue("bid"))
	reason := f.Multiline("reason", 0, noteMax)
	if err = f.Err(); err == nil {
		err = d.Auction.Disqualify(r.Context(), r.Actor, id, which, reason)
	}
	if err != nil {
		v, p, loadErr := d.loadWish(r)
		if loadErr != nil {
			return loadErr
		}
		return r.Fail(err, func(problems request.Problems) templ.Component {
			v.Sent, v.Reason, v.Problems = which, reason, problems
			for i := range v.Problems {
				v.Problems[i].Field = reasonField(which)
			}
			return wishPage(p, v)
		})
	}
	r.Flash(ui.Act, "dispute.offer.out_done")
	return r.Redirect(Wishes + "/" + string(id))
}

// price says what an offer asks; what is sealed is told to nobody.
func (v wishView) price(loc ui.Loc, b bid.Bid) string {
	if !b.Shown() {
		return loc.T("dispute.offer.sealed")
	}
	return loc.Won(b.Offer.PriceAt(v.Row.Auction.Compared()))
}

// verified says whether somebody has looked at a seller: the register, or the operator.
func (v wishView) verified(loc ui.Loc, b bid.Bid) string {
	if v.Known[b.MerchantID].Verified {
		return loc.T("wanted.seller.verified")
	}
	return loc.T("wanted.seller.unverified")
}

// reason is what people wrote, or the words of a refusal's code.
func reason(loc ui.Loc, b bid.Bid) string {
	if said := loc.T(b.Reason); said != b.Reason {
		return said
	}
	return b.Reason
}

// mayOut reports an offer that the operator may still take out.
func mayOut(b bid.Bid) bool {
	_, err := bid.NextBid(b.State, bid.ActDisqualify, bid.ByOperator)
	return err == nil
}

// reasonField names the reason of one offer's form among several.
func reasonField(id market.BidID) string { return "reason-" + string(id) }

func bidTone(b bid.Bid) ui.Tone {
	switch {
	case b.Won():
		return ui.Act
	case b.Stands():
		return ui.Info
	case b.State == bid.Disqualified, b.State == bid.Failed:
		return ui.Loss
	}
	return ui.Quiet
}

func (v wishView) reasonOf(b bid.Bid) string {
	if v.Sent == b.ID {
		return v.Reason
	}
	return ""
}

func (v wishView) problemsOf(b bid.Bid) request.Problems {
	if v.Sent == b.ID {
		return v.Problems
	}
	return nil
}
