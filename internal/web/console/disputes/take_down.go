package disputes

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/takedown"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// downTab names the list of wishes that were taken down, beside those of the stages.
const downTab = "down"

// downView is the question whether a wish is to be taken down, with what that would mean.
type downView struct {
	wishView
	Units    int64 // that are paid for and would go back
	Ground   string
	Words    string
	Key      string
	Problems request.Problems
}

func (d Deps) loadDown(r *request.Request) (downView, ui.Page, error) {
	if err := right.Check(r.Actor, right.WishTakeDown, right.Resource{}); err != nil {
		return downView{}, ui.Page{}, err
	}
	v := downView{Key: r.NewKey()}
	one, p, err := d.loadWish(r)
	if v.wishView = one; err != nil {
		return v, p, err
	}
	v.Units, err = escrow.HeldUnits(r.Context(), d.DB, one.Row.ID)
	p.Title = r.Loc.T("dispute.down.title")
	p.Crumbs = append(p.Crumbs[:1], ui.Link{Label: v.Said.Name, Href: Wishes + "/" + string(one.Row.ID)},
		ui.Link{Label: p.Title})
	return v, p, err
}

// askDown asks whether a wish is to be taken down; one that is leads back to its page.
func (d Deps) askDown(r *request.Request) error {
	v, p, err := d.loadDown(r)
	if err != nil {
		return err
	}
	if v.Row.TakenDown() {
		return r.Redirect(Wishes + "/" + string(v.Row.ID))
	}
	return r.Render(downPage(p, v))
}

// takeDown takes it down.
func (d Deps) takeDown(r *request.Request) error {
	v, p, err := d.loadDown(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	v.Ground, v.Words, v.Key = f.Values().Get("ground"), f.Values().Get("words"), f.Values().Get("key")
	cmd := takedown.Cmd{WishID: v.Row.ID, Ground: wish.Ground(v.Ground), Key: v.Key,
		Words: f.Multiline("words", 0, noteMax)}
	if err = f.Err(); err == nil {
		err = d.TakeDown.Do(r.Context(), r.Actor, cmd)
	}
	if err != nil {
		return r.Fail(err, func(problems request.Problems) templ.Component {
			v.Problems = problems
			return downPage(p, v)
		})
	}
	r.Flash(ui.Act, "dispute.down.done")
	return r.Redirect(Wishes + "/" + string(v.Row.ID))
}

// means is what taking the wish down would do.
func (v downView) means(loc ui.Loc) []string {
	out := []string{loc.T("dispute.down.mean_hidden"), loc.T("dispute.down.mean_told", "Count", v.Row.Firm+v.Row.Watching,
		"Sellers", int64(len(v.Sellers)))}
	if _, err := wish.Next(v.Row.State, wish.ActTakeDown, wish.ByOperator); err != nil {
		return append(out, loc.T("dispute.down.mean_goes_on"))
	}
	out = append(out, loc.T("dispute.down.mean_closed"))
	if v.Units > 0 {
		out = append(out, loc.T("dispute.down.mean_back", "Count", v.Units))
	}
	return out
}

func (v downView) grounds(loc ui.Loc) ui.Field {
	field := ui.Field{Name: "ground", Type: "radio", Label: loc.T("dispute.down.ground"), Value: v.Ground, Boxed: true,
		Error: v.Problems.Of("ground")}
	for _, g := range wish.Grounds() {
		field.Choices = append(field.Choices, ui.Choice{Value: string(g), Label: loc.T(g.NameKey())})
	}
	return field
}

// said reads what wishes said, for rows of which some were taken down.
func said(r *request.Request, q db.Querier, rows []wishRow) error {
	var ids []market.WishID
	for _, w := range rows {
		if w.TakenDown() {
			ids = append(ids, w.ID)
		}
	}
	all, err := wish.SaidOf(r.Context(), q, ids)
	for i, w := range rows {
		if w.TakenDown() {
			rows[i].Name = all[w.ID].Name
		}
	}
	return err
}

// down are when and why a wish was taken down.
func (v wishView) down(loc ui.Loc) []ui.Pair {
	d := v.Row.Down
	return []ui.Pair{{Key: loc.T("dispute.down.ground"), Value: loc.T(d.Ground.NameKey())},
		{Key: loc.T("dispute.down.words"), Value: d.Words}, {Key: loc.T("dispute.down.at"), Value: loc.DateTime(d.At, v.Now)}}
}

// mayDown reports a wish that the reader may take down.
func (v wishView) mayDown() bool { return v.MayDown && !v.Row.TakenDown() }

// ends reports bids that taking the wish down would free.
func (v downView) ends() bool {
	for _, b := range v.Bids {
		if b.Stands() || b.State == bid.Winner {
			return true
		}
	}
	return false
}
