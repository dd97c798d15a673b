package wanted

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Errors of keys, the same for every write.
var (
	ErrKeyMissing = fail.New(fail.Invalid, "idempotency.missing")
	ErrKeyReused  = fail.New(fail.Conflict, "idempotency.other_body")
)

const keyMax = 200

// PostCmd asks to begin a wish. Key is the idempotency key.
type PostCmd struct {
	Draft wish.Draft
	Bids  bid.Kind // how sellers bid; "" for in the open
	Key   string
}

func (c PostCmd) hash() string {
	d := c.Draft
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q %q %q %d %d", c.Bids, d.Name, d.Details, d.Photo, d.Link,
		d.CategoryID, d.RegionID, d.Way, d.TopPrice, db.Micros(d.Until)))
	return hex.EncodeToString(sum[:12])
}

// Post begins a wish, with its author as the first member: firm when the account is confirmed. The same key gives the
// same wish again.
func (w *Wanted) Post(ctx context.Context, actor market.Actor, cmd PostCmd) (wish.Wish, error) {
	if err := right.Check(actor, right.WishPost, right.Mine(actor.AccountID)); err != nil {
		return wish.Wish{}, err
	}
	if cmd.Key == "" || len(cmd.Key) > keyMax {
		return wish.Wish{}, ErrKeyMissing
	}
	key := wish.PostKey{AuthorID: actor.AccountID, Key: cmd.Key, Hash: cmd.hash()}
	var id market.WishID
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		earlier, hash, err := wish.Posted(ctx, tx, key)
		if err != nil {
			return err
		}
		if id = earlier; id != "" {
			return sameBody(hash, key.Hash)
		}
		id, err = w.begin(ctx, tx, actor, cmd, key)
		return err
	})
	if err != nil {
		return wish.Wish{}, err
	}
	return wish.Find(ctx, w.db, id)
}

func sameBody(before, now string) error {
	if before != now {
		return ErrKeyReused
	}
	return nil
}

func (w *Wanted) begin(ctx context.Context, tx *db.Tx, actor market.Actor, cmd PostCmd, key wish.PostKey,
) (market.WishID, error) {
	d, now := cmd.Draft, tx.Now()
	open, err := wish.Gatherings(ctx, tx, actor.AccountID)
	if err != nil {
		return "", err
	}
	if err := wish.MayWrite(open, policy.At(now).Wanted.Gather.OpenMax); err != nil {
		return "", err
	}
	one, err := wish.Write(d, actor.AccountID, terms(d.CategoryID, now), now)
	if err != nil {
		return "", err
	}
	one.ID = market.WishID(tx.NewID(market.PrefixWish))
	if err := wish.Insert(ctx, tx, one, key); err != nil {
		return "", err
	}
	if err := w.index.Put(ctx, tx, string(one.ID), one.Name, one.Details); err != nil {
		return "", err
	}
	if _, err := bid.Plan(ctx, tx, auctionOf(one, cmd.Bids, now)); err != nil {
		return "", err
	}
	tx.Emit(event.Of(event.WishPosted{WishID: one.ID, AccountID: actor.AccountID, CategoryID: one.CategoryID,
		RegionID: one.RegionID, Threshold: one.Threshold}, one.Version))
	tx.Enqueue(db.Job{Kind: event.JobWishExpire, Key: string(one.ID), Payload: event.WishJob{WishID: one.ID},
		Due: one.Until})
	answers, err := w.JoinBatch(ctx, tx, []JoinCmd{{Actor: actor, WishID: one.ID, Kind: wish.FirstPlace(actor.Confirmed)}})
	if err != nil {
		return "", err
	}
	return one.ID, answers[0].Err
}
