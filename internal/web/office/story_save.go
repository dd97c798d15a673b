package office

import (
	"context"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// telling is the page of a shop's words.
type telling struct {
	Shop     merchant.Merchant
	Kinds    []ui.Choice
	Own      bool // a colour of its own
	Problems request.Problems
}

// platformColour is shown before a shop has chosen one.
const platformColour merchant.Colour = "#1f6f54"

func (d Deps) storyForm(r *request.Request) error {
	m, err := d.shop(r, right.MerchantEdit)
	if err != nil {
		return err
	}
	v := telling{Shop: m, Own: m.Profile.Colour != ""}
	if v.Kinds, err = kinds(r.Context(), d, r.Loc); err != nil {
		return err
	}
	return r.Render(storyPage(d.page(r, m, "enroll.step.story"), v))
}

// kinds lists the categories one may be in, each under its parent's name.
func kinds(ctx context.Context, d Deps, loc ui.Loc) ([]ui.Choice, error) {
	all, err := category.List(ctx, d.DB)
	if err != nil {
		return nil, err
	}
	names := map[market.CategoryID]string{}
	var choices []ui.Choice
	for _, c := range all {
		label := c.Label(loc.Lang())
		names[c.ID] = label
		if c.ParentID == "" {
			continue
		}
		choices = append(choices, ui.Choice{Value: string(c.ID), Label: names[c.ParentID] + " › " + label})
	}
	return choices, nil
}

// typedProfile reads the page's fields as they are; the noun judges them.
func typedProfile(form *form.Form) merchant.Profile {
	values := form.Values()
	p := merchant.Profile{
		Slug: values.Get("slug"), Story: values.Get("story"), CategoryID: market.CategoryID(values.Get("category")),
	}
	for _, id := range values["more"] {
		p.More = append(p.More, market.CategoryID(id))
	}
	if form.Bool("own_colour") {
		p.Colour = merchant.Colour(values.Get("colour"))
	}
	return p
}

func (d Deps) storySave(r *request.Request) error {
	m, err := d.shop(r, right.MerchantEdit)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	typed := typedProfile(form)
	cmd := typed
	_, err = d.Enroll.Save(r.Context(), r.Actor, enroll.SaveCmd{MerchantID: m.ID, Profile: &cmd})
	if err == nil {
		return onward(r, m, "/story")
	}
	v := telling{Shop: m, Own: typed.Colour != ""}
	var kindsErr error
	if v.Kinds, kindsErr = kinds(r.Context(), d, r.Loc); kindsErr != nil {
		return kindsErr
	}
	return r.Fail(err, func(p request.Problems) templ.Component {
		page := d.page(r, m, "enroll.step.story")
		v.Shop.Profile, v.Problems = typed, p
		return storyPage(page, v)
	})
}
