package follow

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Follow runs the journey; Key marks the links out of its letters.
type Follow struct {
	DB  *db.DB
	Key sign.Key
}

// New makes the journey.
func New(d *db.DB, key sign.Key) *Follow { return &Follow{DB: d, Key: key} }

// KeepCmd bookmarks a deal; Notify asks for a letter when its sale begins.
type KeepCmd struct {
	DealID market.DealID
	Notify bool
}

// Keep bookmarks a public deal. Asking again changes only the wish to be told.
func (f *Follow) Keep(ctx context.Context, actor market.Actor, cmd KeepCmd) error {
	return f.change(ctx, actor, cmd.DealID, func(tx *db.Tx) error {
		return deal.Bookmark(ctx, tx, actor.AccountID, cmd.DealID, cmd.Notify)
	})
}

// Drop lets a bookmark go; one that is not there is no error.
func (f *Follow) Drop(ctx context.Context, actor market.Actor, id market.DealID) error {
	return f.change(ctx, actor, id, func(tx *db.Tx) error {
		return deal.Unbookmark(ctx, tx, actor.AccountID, id)
	})
}

func (f *Follow) change(ctx context.Context, actor market.Actor, id market.DealID, fn func(*db.Tx) error) error {
	if err := right.Check(actor, right.DealBookmark, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := deal.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := d.MayKeep(tx.Now()); err != nil {
			return err
		}
		return fn(tx)
	})
}
