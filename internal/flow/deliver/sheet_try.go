package deliver

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/desk"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Sheet is what a seller's file would send, before anything is noted.
type Sheet struct {
	Rows   []parcel.Row // with the whole ids of their orders
	Faults []Fault
	Blank  int64 // lines in which nothing was filled in yet
}

// TrySheet reads a seller's CSV as ShipSheet does, and notes nothing.
func (d *Deliver) TrySheet(ctx context.Context, actor market.Actor, id market.WishID, file []byte) (Sheet, error) {
	e, err := d.sender(ctx, actor, id)
	if err != nil {
		return Sheet{}, err
	}
	read, err := parcel.ReadSheet(file)
	if err != nil {
		return Sheet{}, err
	}
	ids, err := d.orders(ctx, e.WishID)
	if err != nil {
		return Sheet{}, err
	}
	read = read.Match(ids)
	out := Sheet{Rows: read.Rows}
	for _, f := range read.Faults {
		if f.Err.Is(parcel.ErrCarrier) && f.Err.Args["Name"] == "" {
			out.Blank++
			continue
		}
		out.Faults = append(out.Faults, Fault{Line: f.Line, Err: f.Err})
	}
	return out, nil
}

// StandOf is where the won of one wish's members is, for its seller.
func (d *Deliver) StandOf(ctx context.Context, actor market.Actor, id market.WishID) (out escrow.Stand, err error) {
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		e, err := escrow.Find(ctx, r, id)
		if err != nil {
			return hidden(actor, err)
		}
		if err := right.Check(actor, right.MerchantMoney, right.Of(e.MerchantID)); err != nil {
			return err
		}
		out, err = desk.StandOf(ctx, r, id)
		return err
	})
	return out, err
}
