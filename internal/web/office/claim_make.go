package office

import (
	"context"
	"errors"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// claiming is the page on which somebody says that an entry of the register is their shop.
type claiming struct {
	Entry       directory.Entry
	Kind, Where string
	Shops       []ui.Choice // the reader's own, and a new one first; none when there is nothing to choose
	Chosen      string
	Key         string
	Problems    request.Problems
}

// fresh stands for a registration that is still to begin.
const fresh = "new"

// entryHref is the public page of an entry.
func entryHref(id directory.EntryID) string { return "/shops/" + string(id) }

func (d Deps) claimForm(r *request.Request) error {
	v, err := d.claiming(r)
	if err != nil {
		return err
	}
	if v.Entry.State == directory.Claimed {
		return r.Redirect(entryHref(v.Entry.ID))
	}
	return r.Render(claimPage(d.claimFrame(r, v), v))
}

func (d Deps) claimFrame(r *request.Request, v claiming) ui.Page {
	p := r.Page(r.Loc.T("claim.title"))
	p.NoIndex, p.Back = true, entryHref(v.Entry.ID)
	return p
}

// claiming reads an entry and the shops of the reader that it may be.
func (d Deps) claiming(r *request.Request) (claiming, error) {
	ctx := r.Context()
	e, err := directory.Find(ctx, d.DB, directory.EntryID(r.PathValue("entry")))
	if err != nil {
		return claiming{}, err
	}
	v := claiming{Entry: e, Key: r.NewKey(), Chosen: fresh}
	kind, err := category.Find(ctx, d.DB, e.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return v, err
	}
	v.Kind = kind.Label(r.Loc.Lang())
	if e.Known() {
		place, err := region.Find(ctx, d.DB, e.RegionID)
		if err != nil && !errors.Is(err, region.ErrNotFound) {
			return v, err
		}
		v.Where = place.FullLabel(r.Loc.Lang())
	}
	own, err := d.ownShops(ctx, r.Actor)
	if err != nil || len(own) == 0 {
		return v, err
	}
	v.Shops = []ui.Choice{{Value: fresh, Label: r.Loc.T("claim.new"), Help: r.Loc.T("claim.new_help")}}
	for _, m := range own {
		v.Shops = append(v.Shops, ui.Choice{
			Value: string(m.ID), Label: shopName(r.Loc, m), Help: r.Loc.T("merchant.state_" + string(m.State)),
		})
	}
	return v, nil
}

// ownShops are those for which the actor may claim.
func (d Deps) ownShops(ctx context.Context, actor market.Actor) ([]merchant.Merchant, error) {
	var ids []market.MerchantID
	for _, one := range actor.Memberships {
		if right.Can(actor, right.MerchantClaim, right.Of(one.MerchantID)) {
			ids = append(ids, one.MerchantID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return merchant.ListByIDs(ctx, d.DB, ids)
}

func (d Deps) claimMake(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	values := form.Values()
	cmd := enroll.ClaimCmd{EntryID: directory.EntryID(r.PathValue("entry")), Key: form.Text("key", 0, keyMax)}
	if chosen := values.Get("shop"); chosen != "" && chosen != fresh {
		cmd.MerchantID = market.MerchantID(chosen)
	}
	got, err := enroll.Claimed{}, form.Err()
	if err == nil {
		got, err = d.Enroll.Claim(r.Context(), r.Actor, cmd)
	}
	if err != nil {
		return d.claimRefused(r, err, values.Get("shop"))
	}
	r.Keep(chosenKey, string(got.MerchantID))
	r.Flash(ui.Act, "claim.made")
	return r.Redirect(base(got.MerchantID))
}

// keyMax bounds an idempotency key.
const keyMax = 64

// claimRefused draws the page again; an entry that somebody else was given meanwhile has a page that says so.
func (d Deps) claimRefused(r *request.Request, err error, chosen string) error {
	if kind := fail.KindOf(err); kind == fail.NotFound || kind == fail.Forbidden {
		return err
	}
	v, viewErr := d.claiming(r)
	if viewErr != nil {
		return viewErr
	}
	if chosen != "" {
		v.Chosen = chosen
	}
	return r.Fail(err, func(p request.Problems) templ.Component {
		v.Problems = p
		return claimPage(d.claimFrame(r, v), v)
	})
}

func (d Deps) claimWithdraw(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	id := market.MerchantID(r.PathValue("shop"))
	step := enroll.ClaimStep{
		MerchantID: id, ClaimID: directory.ClaimID(form.Text("claim", 1, keyMax)), Key: form.Text("key", 0, keyMax),
	}
	if err = form.Err(); err == nil {
		err = d.Enroll.WithdrawClaim(r.Context(), r.Actor, step)
	}
	if err != nil {
		return d.shopRefused(r, err)
	}
	r.Flash(ui.Act, "claim.withdrawn")
	return r.Redirect(base(id))
}

// pairs is what the registration will begin with.
func (v claiming) pairs(loc ui.Loc) []ui.Pair {
	var out []ui.Pair
	for _, one := range [][2]string{{"claim.name", v.Entry.Title()}, {"claim.kind", v.Kind},
		{"claim.address", v.Entry.Door()}, {"claim.place", v.Where}} {
		if one[1] != "" {
			out = append(out, ui.Pair{Key: loc.T(one[0]), Value: one[1]})
		}
	}
	return out
}
