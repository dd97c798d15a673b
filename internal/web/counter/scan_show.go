package counter

import (
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

func (d Deps) page(r *request.Request, title string) ui.Page {
	page := r.Page(r.Loc.T(title))
	page.NoIndex = true
	return page
}

func (d Deps) scanShow(r *request.Request) error {
	return d.scanPage(r, 0, func() (sheetView, error) {
		id := market.RedemptionID(r.URL.Query().Get("done"))
		if id == "" {
			return sheetView{}, nil
		}
		done, err := d.Redeem.FindDone(r.Context(), r.Actor, id)
		return doneSheet(r.Loc, done), err
	})
}

// scanPage shows the counter with a sheet over it; status 0 is the usual one.
func (d Deps) scanPage(r *request.Request, status int, sheet func() (sheetView, error)) error {
	list, here, err := d.places(r)
	if fail.CodeOf(err) == errPlace.Code {
		return r.Redirect("/counter")
	}
	if err != nil {
		return err
	}
	view := scanView{Place: placeName(r.Loc, here), Several: len(list) > 1, Staff: string(r.Actor.AccountID), Now: r.Now}
	if view.Sheet, err = sheet(); err != nil {
		return err
	}
	today, err := d.Redeem.Today(r.Context(), r.Actor, here.MerchantID, here.BranchID)
	if err != nil {
		return err
	}
	view.Today = newTodayView(r.Loc, here.MerchantID, today, r.Now)
	r.Allow(asset.Policy{Wasm: true, Camera: true})
	page := d.page(r, "counter.scan_title")
	page.Scripts = []string{"scan.js"}
	page.LiveTopics = []string{"merchant:" + string(here.MerchantID)}
	if status == 0 {
		return r.Render(scanPage(page, view))
	}
	return r.RenderStatus(status, scanPage(page, view))
}

// answer shows a sheet: alone to a script, on the whole page to a browser without.
func (d Deps) answer(r *request.Request, status int, sheet sheetView) error {
	if r.Fragment() {
		return r.RenderStatus(status, sheetPart(sheet))
	}
	return d.scanPage(r, status, func() (sheetView, error) { return sheet, nil })
}

func (d Deps) todayShow(r *request.Request) error {
	shop, branch, err := d.at(r)
	if err != nil {
		return err
	}
	today, err := d.Redeem.Today(r.Context(), r.Actor, shop, branch)
	if err != nil {
		return err
	}
	return r.Render(ui.Fragment(r.Loc, todayPart(newTodayView(r.Loc, shop, today, r.Now))))
}
