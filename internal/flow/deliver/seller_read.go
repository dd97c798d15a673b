package deliver

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/desk"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Work is one wish that a seller serves, with its shares counted by state.
type Work struct {
	escrow.Escrow
	Wish    wish.Wish
	Tallies []escrow.Tally
	// NoAddress is how many members to be sent to have named no address yet; at most some hundred are counted.
	NoAddress int
}

// Works pages through the wishes that a seller serves or has served, newest first; before "" begins at the newest.
func (d *Deliver) Works(
	ctx context.Context, actor market.Actor, seller market.MerchantID, before market.WishID,
) (out []Work, more bool, err error) {
	if err := right.Check(actor, right.ShareSend, right.Of(seller)); err != nil {
		return nil, false, err
	}
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		list, err := desk.Escrows(ctx, r, seller, before, pageSize+1)
		if err != nil {
			return err
		}
		if more = len(list) > pageSize; more {
			list = list[:pageSize]
		}
		out = make([]Work, len(list))
		for i, e := range list {
			if out[i], err = work(ctx, r, e); err != nil {
				return err
			}
		}
		return nil
	})
	return out, more, err
}

func work(ctx context.Context, q db.Querier, e escrow.Escrow) (w Work, err error) {
	w.Escrow = e
	if w.Wish, err = wish.Find(ctx, q, e.WishID); err != nil {
		return w, err
	}
	if w.Tallies, err = escrow.Tallies(ctx, q, e.WishID); err != nil || e.Delivery != escrow.ByParcel {
		return w, err
	}
	missing, err := address.Missing(ctx, q, e.WishID, "", missingMax)
	w.NoAddress = len(missing)
	return w, err
}

const missingMax = 200

// Work reads one wish that a seller serves.
func (d *Deliver) Work(ctx context.Context, actor market.Actor, id market.WishID) (out Work, err error) {
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		e, err := escrow.Find(ctx, r, id)
		if err != nil {
			return hidden(actor, err)
		}
		if err := right.Check(actor, right.ShareSend, right.Of(e.MerchantID)); err != nil {
			return err
		}
		out, err = work(ctx, r, e)
		return err
	})
	return out, err
}

// Member is one member as the seller sees them.
type Member struct {
	escrow.Share
	Name    string           // masked, unless an address names them
	Address *address.Address // nil when none is known, or it may not be seen any more
	Parcel  *escrow.Shipment // nil while nothing was sent
}

// MembersCmd asks for the members of a wish that its seller serves.
type MembersCmd struct {
	WishID market.WishID
	After  market.OrderID // the last one of the page before
	Limit  int            // 0 for a page
	// Addresses asks for where they live: each look is written to the audit log.
	Addresses bool
}

// membersMax bounds a page, so that a sheet for a carrier has few of them.
const membersMax = 500

// Members lists the members of a wish for its seller, by their orders.
func (d *Deliver) Members(
	ctx context.Context, actor market.Actor, cmd MembersCmd,
) (out []Member, more bool, err error) {
	if cmd.Limit <= 0 || cmd.Limit > membersMax {
		cmd.Limit = pageSize
	}
	if cmd.Addresses {
		if err := d.noteLook(ctx, actor, cmd); err != nil {
			return nil, false, err
		}
	}
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		e, err := escrow.Find(ctx, r, cmd.WishID)
		if err != nil {
			return hidden(actor, err)
		}
		if err := right.Check(actor, right.ShareSend, right.Of(e.MerchantID)); err != nil {
			return err
		}
		list, err := escrow.ListShares(ctx, r, cmd.WishID, cmd.After, cmd.Limit+1)
		if err != nil {
			return err
		}
		if more = len(list) > cmd.Limit; more {
			list = list[:cmd.Limit]
		}
		out, err = members(ctx, r, e, list, cmd.Addresses)
		return err
	})
	return out, more, err
}

func members(
	ctx context.Context, r *db.ReadTx, e escrow.Escrow, list []escrow.Share, addresses bool,
) ([]Member, error) {
	ids, accounts := make([]market.OrderID, len(list)), make([]market.AccountID, len(list))
	for i, s := range list {
		ids[i], accounts[i] = s.OrderID, s.AccountID
	}
	people, err := account.ListByIDs(ctx, r, accounts)
	if err != nil {
		return nil, err
	}
	names := make(map[market.AccountID]string, len(people))
	for _, a := range people {
		names[a.ID] = account.Masked(a.Name)
	}
	sent, err := escrow.LoadShipments(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var where map[market.OrderID]address.Address
	if addresses {
		reader := address.Reader{WishID: e.WishID, MerchantID: e.MerchantID, Now: r.Now()}
		if where, err = address.Read(ctx, r, reader, list); err != nil {
			return nil, err
		}
	}
	out := make([]Member, len(list))
	for i, s := range list {
		out[i] = Member{Share: s, Name: names[s.AccountID]}
		if p, ok := sent[s.OrderID]; ok {
			out[i].Parcel = &p
		}
		if a, ok := where[s.OrderID]; ok {
			out[i].Address, out[i].Name = &a, a.Name
		}
	}
	return out, nil
}

// noteLook writes down that somebody of the seller looks at where members live.
func (d *Deliver) noteLook(ctx context.Context, actor market.Actor, cmd MembersCmd) error {
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		e, err := escrow.Find(ctx, tx, cmd.WishID)
		if err != nil {
			return hidden(actor, err)
		}
		if err := right.Check(actor, right.ShareAddress, right.Of(e.MerchantID)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Act{Action: string(right.ShareAddress), Resource: string(cmd.WishID),
			Detail: map[string]any{"after": cmd.After, "limit": cmd.Limit}})
	})
}

// Stand is where the won of a seller's members is, over all its wishes.
func (d *Deliver) Stand(ctx context.Context, actor market.Actor, seller market.MerchantID) (escrow.Stand, error) {
	if err := right.Check(actor, right.MerchantMoney, right.Of(seller)); err != nil {
		return escrow.Stand{}, err
	}
	return desk.Stand(ctx, d.DB, seller)
}
