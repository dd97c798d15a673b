package enroll

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Follow makes the actor a follower of a shop, or ends it; doing so twice is doing it once.
func (e *Enroll) Follow(ctx context.Context, actor market.Actor, id market.MerchantID, follows bool) error {
	if err := right.Check(actor, right.MerchantFollow, right.Of(id)); err != nil {
		return err
	}
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := merchant.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if !m.Public() {
			return merchant.ErrNotFound
		}
		before, err := merchant.Follows(ctx, tx, actor.AccountID, id)
		if err != nil || before == follows {
			return err
		}
		if follows {
			err = merchant.Follow(ctx, tx, actor.AccountID, id)
		} else {
			err = merchant.Unfollow(ctx, tx, actor.AccountID, id)
		}
		tx.Emit(event.Of(event.MerchantFollowed{
			MerchantID: id, AccountID: actor.AccountID, Follows: follows,
		}, db.Micros(tx.Now())))
		return err
	})
}
