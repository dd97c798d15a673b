package admin

import (
	"errors"
	"strconv"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// dossier is everything about one shop.
type dossier struct {
	Shop     merchant.Merchant
	Kind     string
	Branches []merchant.Branch
	Places   map[market.RegionID]string
	People   []person
	History  []audit.Entry
	Names    map[string]string // of the accounts in the history
	Whole    bool              // the whole payout account may be seen
	Review   bool
	Suspend  bool
	Reason   string // as typed, when it was refused
	Problems request.Problems
	Form     string // which form the problems belong to
	Claims   []claim
	Decides  bool // the reader may decide claims
}

type person struct{ Name, Email, Role string }

const historyMax = 30

// micros is when a shop came into the line, as the address of a page carries it.
func micros(m merchant.Merchant) string {
	at := m.SubmittedAt
	if at.IsZero() {
		at = m.CreatedAt
	}
	return strconv.FormatInt(db.Micros(at), 10)
}

func (d Deps) merchantShow(r *request.Request) error {
	p, v, err := d.dossier(r)
	if err != nil {
		return err
	}
	return r.Render(dossierPage(p, v))
}

// dossier reads a shop with everything around it from one consistent view.
func (d Deps) dossier(r *request.Request) (ui.Page, dossier, error) {
	p, err := d.page(r, r.Loc.T("admin.shops.title"))
	if err != nil {
		return p, dossier{}, err
	}
	id := market.MerchantID(r.PathValue("shop"))
	v := dossier{
		Whole:  right.Can(r.Actor, right.MerchantBankView, right.Of(id)),
		Review: right.Can(r.Actor, right.MerchantReview, right.Of(id)), Places: map[market.RegionID]string{},
		Suspend: right.Can(r.Actor, right.MerchantSuspend, right.Of(id)),
		Decides: right.Can(r.Actor, right.MerchantClaimDecide, right.Of(id)),
	}
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) error {
		if v.Shop, err = merchant.Find(r.Context(), q, id); err != nil {
			return err
		}
		if v.Branches, err = merchant.Branches(r.Context(), q, id); err != nil {
			return err
		}
		if err := v.around(r, q); err != nil {
			return err
		}
		if err := v.claims(r, q); err != nil {
			return err
		}
		v.History, err = audit.List(r.Context(), q, audit.Filter{Resource: string(id), Limit: historyMax})
		if err == nil {
			err = v.nameActors(r, q)
		}
		return err
	})
	p.Title = v.Shop.Business.Name
	p.Path = home + "/" + string(id)
	p.Crumbs = []ui.Link{{Label: r.Loc.T("admin.shops.title"), Href: home}, {Label: p.Title}}
	return p, v, err
}

// nameActors finds who the accounts of the history are.
func (v *dossier) nameActors(r *request.Request, q db.Querier) error {
	var ids []market.AccountID
	for _, e := range v.History {
		ids = append(ids, market.AccountID(e.Actor))
	}
	accounts, err := account.ListByIDs(r.Context(), q, ids)
	v.Names = make(map[string]string, len(accounts))
	for _, a := range accounts {
		v.Names[string(a.ID)] = a.Name
	}
	return err
}

// around finds the names of the category, the neighbourhoods and the people.
func (v *dossier) around(r *request.Request, q db.Querier) error {
	kind, err := category.Find(r.Context(), q, v.Shop.Profile.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return err
	}
	v.Kind = kind.Label(r.Loc.Lang())
	for _, b := range v.Branches {
		place, err := region.Find(r.Context(), q, b.RegionID)
		if err != nil && !errors.Is(err, region.ErrNotFound) {
			return err
		}
		v.Places[b.RegionID] = place.FullLabel(r.Loc.Lang())
	}
	members, err := merchant.Members(r.Context(), q, v.Shop.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		a, err := account.Find(r.Context(), q, m.AccountID)
		if err != nil && !errors.Is(err, account.ErrUnknown) {
			return err
		}
		v.People = append(v.People, person{a.Name, a.Email, r.Loc.T("merchant.role_" + string(m.Role))})
	}
	return nil
}
