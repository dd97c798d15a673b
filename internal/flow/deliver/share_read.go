package deliver

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/again"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// pageSize is how many lines a list shows at a time.
const pageSize = 20

// Line is one share in a list.
type Line struct {
	escrow.Share
	Wish   wish.Wish
	Escrow escrow.Escrow
}

// Page is a page of shares; More tells that others follow the last.
type Page struct {
	List []Line
	More bool
}

// Shares pages through the actor's own shares, newest first; before "" begins at the newest.
func (d *Deliver) Shares(ctx context.Context, actor market.Actor, before market.OrderID) (out Page, err error) {
	if err := right.Check(actor, right.ShareView, right.Mine(actor.AccountID)); err != nil {
		return out, err
	}
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		list, err := escrow.ListOf(ctx, r, actor.AccountID, before, pageSize+1)
		if err != nil {
			return err
		}
		if out.More = len(list) > pageSize; out.More {
			list = list[:pageSize]
		}
		out.List, err = lines(ctx, r, list)
		return err
	})
	return out, err
}

func lines(ctx context.Context, q db.Querier, list []escrow.Share) ([]Line, error) {
	ids := make([]market.WishID, len(list))
	for i, s := range list {
		ids[i] = s.WishID
	}
	wishes, err := wish.Load(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	escrows, err := escrow.Load(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(list))
	for i, s := range list {
		then, err := again.Then(ctx, q, s, escrows[s.WishID])
		if err != nil {
			return nil, err
		}
		out[i] = Line{Share: s, Escrow: then}
		if one := wishes[s.WishID]; one != nil {
			out[i].Wish = *one
		}
	}
	return out, nil
}

// Parcel is a share's parcel with what its carrier told.
type Parcel struct {
	escrow.Shipment
	Events []parcel.Event // the oldest first
}

// Case is a dispute with its file.
type Case struct {
	escrow.Dispute
	File []escrow.Evidence // the oldest first
}

// Detail is one share with everything that happened to it.
type Detail struct {
	Line
	Seller  catalog.Seller
	Branch  *catalog.Place   // where it is handed over, nil for parcels
	Parcels []Parcel         // the newest first
	Dispute *Case            // nil when there is none
	Address *address.Address // nil when none is known, or the reader may not see it
	Pass    *Pass            // what the member shows at the branch, nil when there is nothing to hand over
	Rules   escrow.Rules
	May     May  // what the reader may do as its member, nothing for others
	Mine    bool // the reader is the member
	Sells   bool // the reader is of the seller's people
}

// Share reads one share for its member, its seller's people and the operator's staff. Only the member sees the pass
// here and the own address; sellers read addresses by Members, which is written down.
func (d *Deliver) Share(ctx context.Context, actor market.Actor, id market.OrderID) (out Detail, err error) {
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		out = Detail{Rules: RulesAt(r.Now())}
		s, e, err := found(ctx, r, id)
		if err == nil {
			e, err = again.Then(ctx, r, s, e)
		}
		if err != nil {
			return hidden(actor, err)
		}
		if err := right.Check(actor, right.ShareView, resource(s, e)); err != nil {
			return err
		}
		all, err := lines(ctx, r, []escrow.Share{s})
		if err != nil {
			return err
		}
		out.Line, out.Mine = all[0], s.AccountID == actor.AccountID
		out.Sells = right.Can(actor, right.ShareSend, right.Of(e.MerchantID))
		if out.Mine {
			out.Pass = d.passOf(s, e)
			own, err := address.Own(ctx, r, id, actor.AccountID)
			switch {
			case err == nil:
				out.Address = &own
			case !errors.Is(err, escrow.ErrNotFound):
				return err
			}
		}
		if err := out.fill(ctx, r); err != nil || !out.Mine {
			return err
		}
		out.May = mayOf(out, actor.AccountID, r.Now())
		return nil
	})
	return out, err
}

func (x *Detail) fill(ctx context.Context, q db.Querier) (err error) {
	if x.Seller, err = catalog.FindSeller(ctx, q, x.Escrow.MerchantID); err != nil {
		return err
	}
	if x.Escrow.BranchID != "" {
		places, err := catalog.Places(ctx, q, []market.MerchantID{x.Escrow.MerchantID})
		if err != nil {
			return err
		}
		for _, p := range places[x.Escrow.MerchantID] {
			if p.ID == x.Escrow.BranchID {
				x.Branch = &p
			}
		}
	}
	if x.Parcels, err = parcels(ctx, q, x.OrderID); err != nil {
		return err
	}
	x.Dispute, err = caseOf(ctx, q, x.OrderID)
	return err
}

func parcels(ctx context.Context, q db.Querier, id market.OrderID) ([]Parcel, error) {
	list, err := escrow.Parcels(ctx, q, id)
	if err != nil {
		return nil, err
	}
	out := make([]Parcel, len(list))
	for i, p := range list {
		out[i].Shipment = p
		if out[i].Events, err = escrow.Events(ctx, q, p.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func caseOf(ctx context.Context, q db.Querier, id market.OrderID) (*Case, error) {
	x, err := escrow.FindDispute(ctx, q, id)
	if errors.Is(err, escrow.ErrNotFound) {
		return nil, nil //nolint:nilnil // no dispute is the usual answer
	}
	if err != nil {
		return nil, err
	}
	file, err := escrow.File(ctx, q, id)
	return &Case{Dispute: x, File: file}, err
}

// hidden makes what is not there look like what is somebody else's.
func hidden(actor market.Actor, err error) error {
	switch {
	case !errors.Is(err, escrow.ErrNotFound):
		return err
	case !actor.SignedIn():
		return right.ErrSignIn
	}
	return right.ErrHidden
}
