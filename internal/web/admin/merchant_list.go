package admin

import (
	"net/url"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// states is the order of the tabs: what waits for the operator comes first.
func states() []merchant.State {
	return []merchant.State{
		merchant.Submitted, merchant.Returned, merchant.Approved, merchant.Suspended, merchant.Draft,
	}
}

// line is the list of shops in one state.
type line struct {
	State  merchant.State
	Shops  []merchant.Merchant
	Counts map[merchant.State]int64
	After  string // address of the next page
	Asked  int64  // claims on the register that wait
}

const pageShops = 30

func (d Deps) merchantList(r *request.Request) error {
	p, err := d.page(r, r.Loc.T("admin.shops.title"))
	if err != nil {
		return err
	}
	query, err := r.Query()
	if err != nil {
		return err
	}
	v := line{State: merchant.State(query.Text("state", 0, 20))}
	if !slices.Contains(states(), v.State) {
		v.State = merchant.Submitted
	}
	after := merchant.Cursor{ID: market.MerchantID(query.Text("after", 0, 64))}
	if at := query.Int("at", 0, 1<<62); after.ID != "" {
		after.At = db.FromMicros(at)
	}
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) error {
		if v.Counts, err = merchant.Counts(r.Context(), q); err != nil {
			return err
		}
		if v.Asked, err = directory.AskedCount(r.Context(), q); err != nil {
			return err
		}
		v.Shops, err = merchant.List(r.Context(), q, v.State, after, pageShops)
		return err
	})
	if err != nil {
		return err
	}
	if len(v.Shops) == pageShops {
		v.After = nextPage(v.State, v.Shops[pageShops-1])
	}
	return r.Render(listPage(p, v))
}

// nextPage is the address of the page that goes on after a shop.
func nextPage(state merchant.State, last merchant.Merchant) string {
	return home + "?" + url.Values{
		"state": {string(state)}, "after": {string(last.ID)}, "at": {micros(last)},
	}.Encode()
}

func (v line) tabs(loc ui.Loc) []ui.Tab {
	var tabs []ui.Tab
	for _, s := range states() {
		tabs = append(tabs, ui.Tab{
			Label: loc.T("merchant.state_" + string(s)), Href: home + "?state=" + string(s), Count: v.Counts[s],
			Here: s == v.State,
		})
	}
	return tabs
}
