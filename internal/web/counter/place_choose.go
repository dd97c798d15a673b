package counter

import (
	"strings"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
)

// errPlace sends a person to the choice of a counter first.
var errPlace = fail.New(fail.Conflict, "counter.choose")

// placeKey names the chosen counter in the browser's session.
const placeKey = "counter.place"

const placeSign = "|"

func placeValue(p redeem.Place) string { return string(p.MerchantID) + placeSign + string(p.BranchID) }

// places lists where the person may take vouchers, and the one chosen: by hand, or because there is no other.
func (d Deps) places(r *request.Request) (list []redeem.Place, here redeem.Place, err error) {
	if list, err = d.Redeem.Places(r.Context(), r.Actor); err != nil {
		return nil, here, err
	}
	kept := r.Kept(placeKey)
	for _, p := range list {
		if placeValue(p) == kept || len(list) == 1 {
			return list, p, nil
		}
	}
	return list, here, errPlace
}

// at is the chosen counter by its ids alone, for the quick path: the flow asks for the right anyway.
func (d Deps) at(r *request.Request) (market.MerchantID, market.BranchID, error) {
	if shop, branch, ok := strings.Cut(r.Kept(placeKey), placeSign); ok {
		return market.MerchantID(shop), market.BranchID(branch), nil
	}
	_, here, err := d.places(r)
	return here.MerchantID, here.BranchID, err
}

func (d Deps) placeChoose(r *request.Request) error {
	list, _, err := d.places(r)
	switch {
	case err == nil && r.URL.Query().Get("change") == "":
		return r.Redirect("/counter/scan")
	case err != nil && fail.CodeOf(err) != errPlace.Code:
		return err
	}
	return r.Render(placePage(d.page(r, "counter.title"), placeChoices(r.Loc, list, r.Kept(placeKey))))
}

func (d Deps) placeKeep(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	list, err := d.Redeem.Places(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	allowed := make([]string, len(list))
	for i, p := range list {
		allowed[i] = placeValue(p)
	}
	chosen := form.Choice("place", allowed...)
	if form.Err() != nil {
		return r.Redirect("/counter?change=1")
	}
	r.Keep(placeKey, chosen)
	return r.Redirect("/counter/scan")
}
