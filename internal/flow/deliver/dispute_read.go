package deliver

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/desk"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Quarrel is one dispute in a list.
type Quarrel struct {
	escrow.Dispute
	Wish wish.Wish
}

// disputesMax bounds a list of disputes.
const disputesMax = 100

// Disputes lists those that wait for somebody, for the operator's staff: whose time ends first before the others.
func (d *Deliver) Disputes(ctx context.Context, actor market.Actor, turn escrow.Turn) (out []Quarrel, err error) {
	if err := right.Check(actor, right.ConsoleView, right.Resource{}); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		list, err := escrow.ListDisputes(ctx, r, turn, disputesMax)
		if err != nil {
			return err
		}
		out, err = quarrels(ctx, r, list)
		return err
	})
	return out, err
}

// DisputesOf lists a seller's disputes, those that wait for somebody before those that are over.
func (d *Deliver) DisputesOf(
	ctx context.Context, actor market.Actor, seller market.MerchantID,
) (out []Quarrel, err error) {
	if err := right.Check(actor, right.DisputeSpeak, right.Of(seller)); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		list, err := desk.Disputes(ctx, r, seller, disputesMax)
		if err != nil {
			return err
		}
		out, err = quarrels(ctx, r, list)
		return err
	})
	return out, err
}

func quarrels(ctx context.Context, q db.Querier, list []escrow.Dispute) ([]Quarrel, error) {
	ids := make([]market.WishID, len(list))
	for i, x := range list {
		ids[i] = x.WishID
	}
	wishes, err := wish.Load(ctx, q, ids)
	out := make([]Quarrel, len(list))
	for i, x := range list {
		out[i].Dispute = x
		if one := wishes[x.WishID]; one != nil {
			out[i].Wish = *one
		}
	}
	return out, err
}
