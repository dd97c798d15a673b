package enroll

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// AddPicture makes a photo of an uploaded file, written anew without anything the camera noted, and adds it.
func (e *Enroll) AddPicture(
	ctx context.Context, actor market.Actor, id market.MerchantID, file []byte,
) (merchant.Merchant, error) {
	if err := right.Check(actor, right.MerchantEdit, right.Of(id)); err != nil {
		return merchant.Merchant{}, err
	}
	ref, err := photo.Keep(ctx, e.Maker, e.Media, file)
	if err != nil {
		return merchant.Merchant{}, err
	}
	return e.AddDrawing(ctx, actor, id, ref)
}

// AddDrawing adds a photo that is kept already, or a drawing the program ships.
func (e *Enroll) AddDrawing(
	ctx context.Context, actor market.Actor, id market.MerchantID, ref photo.Ref,
) (merchant.Merchant, error) {
	return e.change(ctx, actor, right.MerchantEdit, id, func(
		_ *db.Tx, m merchant.Merchant,
	) (merchant.Merchant, error) {
		return m.WithPicture(ref)
	})
}

// RemovePicture takes a photo off the shop's page.
func (e *Enroll) RemovePicture(
	ctx context.Context, actor market.Actor, id market.MerchantID, ref photo.Ref,
) (merchant.Merchant, error) {
	return e.change(ctx, actor, right.MerchantEdit, id, func(
		_ *db.Tx, m merchant.Merchant,
	) (merchant.Merchant, error) {
		return m.WithoutPicture(ref), nil
	})
}

// PictureFirst makes a photo the one on the shop's card.
func (e *Enroll) PictureFirst(
	ctx context.Context, actor market.Actor, id market.MerchantID, ref photo.Ref,
) (merchant.Merchant, error) {
	return e.change(ctx, actor, right.MerchantEdit, id, func(
		_ *db.Tx, m merchant.Merchant,
	) (merchant.Merchant, error) {
		return m.WithPictureFirst(ref), nil
	})
}
