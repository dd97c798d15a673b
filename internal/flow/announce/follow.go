package announce

import (
	"context"
	"encoding/hex"
	"errors"
	"net/url"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/lookout"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Announce runs the journey; Key marks the links out of its letters.
type Announce struct {
	db  *db.DB
	key sign.Key
}

// New makes the journey.
func New(d *db.DB, key sign.Key) *Announce { return &Announce{db: d, key: key} }

// ErrLink is a link out of letters that nobody was sent.
var ErrLink = fail.New(fail.NotFound, "follow.link")

// FollowCmd names a kind of wishes: "" is any category, or anywhere.
type FollowCmd struct {
	CategoryID market.CategoryID
	RegionID   market.RegionID
}

// Follow makes a shop follow a kind of wishes; twice is once.
func (a *Announce) Follow(ctx context.Context, actor market.Actor, shop market.MerchantID, cmd FollowCmd) error {
	return a.change(ctx, actor, shop, func(tx *db.Tx) error {
		list, err := lookout.Of(ctx, tx, shop)
		if err != nil {
			return err
		}
		if err := lookout.MayAdd(len(list)); err != nil {
			return err
		}
		if err := exists(ctx, tx, cmd); err != nil {
			return err
		}
		return lookout.Add(ctx, tx, lookout.Lookout{MerchantID: shop, CategoryID: cmd.CategoryID, RegionID: cmd.RegionID})
	})
}

// exists refuses a category or a region that there is not, beside its field.
func exists(ctx context.Context, q db.Querier, cmd FollowCmd) error {
	if cmd.CategoryID != "" {
		if _, err := category.Find(ctx, q, cmd.CategoryID); errors.Is(err, category.ErrNotFound) {
			return lookout.ErrCategory
		} else if err != nil {
			return err
		}
	}
	if cmd.RegionID == "" {
		return nil
	}
	_, err := region.Find(ctx, q, cmd.RegionID)
	if errors.Is(err, region.ErrNotFound) {
		return lookout.ErrRegion
	}
	return err
}

// Unfollow ends following a kind, named by its id.
func (a *Announce) Unfollow(ctx context.Context, actor market.Actor, shop market.MerchantID, id string) error {
	return a.change(ctx, actor, shop, func(tx *db.Tx) error { return lookout.Drop(ctx, tx, shop, id) })
}

// Letters sets whether the actor takes letters about wishes that the shop follows.
func (a *Announce) Letters(ctx context.Context, actor market.Actor, shop market.MerchantID, takes bool) error {
	return a.change(ctx, actor, shop, func(tx *db.Tx) error {
		return lookout.Letters(ctx, tx, actor.AccountID, shop, takes)
	})
}

func (a *Announce) change(ctx context.Context, actor market.Actor, shop market.MerchantID,
	fn func(*db.Tx) error,
) error {
	if err := right.Check(actor, right.WishFollow, right.Of(shop)); err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := merchant.Find(ctx, tx, shop); err != nil {
			return err
		}
		return fn(tx)
	})
}

// Following is what a shop follows, and whether who looks takes its letters.
type Following struct {
	Kinds   []lookout.Lookout
	Letters bool
}

// Following reads what a shop follows.
func (a *Announce) Following(ctx context.Context, actor market.Actor, shop market.MerchantID) (Following, error) {
	if err := right.Check(actor, right.WishFollow, right.Of(shop)); err != nil {
		return Following{}, err
	}
	var out Following
	err := a.db.Read(ctx, func(r *db.ReadTx) (err error) {
		if out.Kinds, err = lookout.Of(ctx, r, shop); err != nil {
			return err
		}
		out.Letters, err = lookout.TakesLetters(ctx, r, actor.AccountID, shop)
		return err
	})
	return out, err
}

// Off is what a link out of letters names: who takes no more letters about wishes for which shop.
type Off struct {
	AccountID  market.AccountID
	MerchantID market.MerchantID
	Mark       string
}

const markBytes = 16

// OffHref is the address at which somebody ends letters about wishes without signing in.
func (a *Announce) OffHref(who market.AccountID, shop market.MerchantID) string {
	return "/letters/off/wishes?" + url.Values{"who": {string(who)}, "shop": {string(shop)},
		"mark": {hex.EncodeToString(a.mark(who, shop))}}.Encode()
}

func (a *Announce) mark(who market.AccountID, shop market.MerchantID) []byte {
	return sign.Derive(a.key, "wish letters off", string(who)+" "+string(shop), markBytes)
}

// CheckOff answers ErrLink for an address that OffHref did not give, and else the shop.
func (a *Announce) CheckOff(ctx context.Context, off Off) (merchant.Merchant, error) {
	mark, err := hex.DecodeString(off.Mark)
	if err != nil || !sign.Equal(mark, a.mark(off.AccountID, off.MerchantID)) {
		return merchant.Merchant{}, ErrLink
	}
	return merchant.Find(ctx, a.db, off.MerchantID)
}

// EndLetters ends letters about wishes to whoever was sent the link. The shop goes on following.
func (a *Announce) EndLetters(ctx context.Context, off Off) error {
	if _, err := a.CheckOff(ctx, off); err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *db.Tx) error {
		return lookout.Letters(ctx, tx, off.AccountID, off.MerchantID, false)
	})
}
