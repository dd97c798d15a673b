package admin

import (
	"net/url"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// claimsHome is the line of claims.
const claimsHome = "/admin/claims"

// claimLine is the page of claims that wait.
type claimLine struct {
	Claims  []directory.Claim
	Entries map[directory.EntryID]directory.Entry
	Shops   map[market.MerchantID]merchant.Merchant
	Count   int64
	After   string
}

func (d Deps) claimList(r *request.Request) error {
	p, err := d.page(r, r.Loc.T("admin.claims.title"))
	if err != nil {
		return err
	}
	query, err := r.Query()
	if err != nil {
		return err
	}
	after := directory.AskedCursor{ID: directory.ClaimID(query.Text("after", 0, keyMax))}
	if at := query.Int("at", 0, 1<<62); after.ID != "" {
		after.At = db.FromMicros(at)
	}
	v := claimLine{Entries: map[directory.EntryID]directory.Entry{}, Shops: map[market.MerchantID]merchant.Merchant{}}
	if err := d.DB.Read(r.Context(), func(q *db.ReadTx) error { return v.load(r, q, after) }); err != nil {
		return err
	}
	p.Crumbs = []ui.Link{{Label: r.Loc.T("admin.shops.title"), Href: home}, {Label: p.Title}}
	return r.Render(claimsPage(p, v))
}

func (v *claimLine) load(r *request.Request, q db.Querier, after directory.AskedCursor) error {
	var err error
	if v.Count, err = directory.AskedCount(r.Context(), q); err != nil {
		return err
	}
	if v.Claims, err = directory.Asked(r.Context(), q, after, pageShops); err != nil {
		return err
	}
	var entries []directory.EntryID
	var shops []market.MerchantID
	for _, c := range v.Claims {
		entries, shops = append(entries, c.EntryID), append(shops, c.MerchantID)
	}
	found, err := directory.ByIDs(r.Context(), q, entries)
	if err != nil {
		return err
	}
	for _, e := range found {
		v.Entries[e.ID] = e
	}
	members, err := merchant.ListByIDs(r.Context(), q, shops)
	for _, m := range members {
		v.Shops[m.ID] = m
	}
	if n := len(v.Claims); n == pageShops {
		last := v.Claims[n-1]
		v.After = claimsHome + "?" + url.Values{
			"after": {string(last.ID)}, "at": {strconv.FormatInt(db.Micros(last.AskedAt), 10)},
		}.Encode()
	}
	return err
}

func (v claimLine) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("admin.claims.entry")}, {Label: loc.T("admin.claims.shop")},
		{Label: loc.T("admin.claims.state")}, {Label: loc.T("admin.claims.waits")}}
}

func (v claimLine) rows(loc ui.Loc, now time.Time) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, c := range v.Claims {
		e, m := v.Entries[c.EntryID], v.Shops[c.MerchantID]
		rows = append(rows, []ui.Cell{
			{Text: e.Title(), Note: e.Door(), Href: home + "/" + string(c.MerchantID), Strong: true},
			{Text: nameOf(loc, m)}, {Text: loc.T("merchant.state_" + string(m.State))}, {Text: loc.Ago(c.AskedAt, now)},
		})
	}
	return rows
}

// nameOf is what a shop is called before it has a name.
func nameOf(loc ui.Loc, m merchant.Merchant) string {
	if m.Business.Name == "" {
		return loc.T("enroll.unnamed")
	}
	return m.Business.Name
}
