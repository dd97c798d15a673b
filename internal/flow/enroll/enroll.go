package enroll

import (
	"context"
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Deps are what the journey works with.
type Deps struct {
	DB     *db.DB
	Post   letter.Post
	Maker  *picture.Maker
	Media  blob.Store
	Search *search.Index // of the kind "merchant"; nil leaves shops out of the search
	// BankWait is how long a changed payout account waits, by the policy in force.
	BankWait func(now time.Time) time.Duration
}

// Enroll runs the journey.
type Enroll struct{ Deps }

// New makes the journey.
func New(deps Deps) *Enroll { return &Enroll{deps} }

// change reads a shop for an action the actor may do, lets fn alter it, and saves it with a line in the audit log.
func (e *Enroll) change(
	ctx context.Context, actor market.Actor, action right.Action, id market.MerchantID,
	fn func(tx *db.Tx, m merchant.Merchant) (merchant.Merchant, error),
) (merchant.Merchant, error) {
	if err := right.Check(actor, action, right.Of(id)); err != nil {
		return merchant.Merchant{}, err
	}
	var after merchant.Merchant
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := merchant.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if after, err = fn(tx, before); err != nil {
			return err
		}
		if err := merchant.Save(ctx, tx, after); err != nil {
			return err
		}
		after.Version++
		if err := audit.Write(ctx, tx, actor, did(action, id)); err != nil {
			return err
		}
		return e.show(ctx, tx, after)
	})
	return after, err
}

// did is an act on a shop as the audit log keeps it; pairs are what it was about.
func did(action right.Action, id market.MerchantID, pairs ...string) audit.Act {
	act := audit.Act{Action: string(action), Resource: string(id)}
	if len(pairs) > 0 {
		detail := map[string]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			detail[pairs[i]] = pairs[i+1]
		}
		act.Detail = detail
	}
	return act
}

// show brings a change to screens and to the search.
func (e *Enroll) show(ctx context.Context, tx *db.Tx, m merchant.Merchant) error {
	tx.Touch("merchant:"+string(m.ID), db.Micros(tx.Now()))
	switch {
	case e.Search == nil:
		return nil
	case !m.Public():
		return e.Search.Remove(ctx, tx, string(m.ID))
	}
	words := []string{m.Business.Name}
	for _, id := range append([]market.CategoryID{m.Profile.CategoryID}, m.Profile.More...) {
		c, err := category.Find(ctx, tx, id)
		if err != nil && !errors.Is(err, category.ErrNotFound) {
			return err
		}
		words = append(words, c.Name)
	}
	branches, err := merchant.Branches(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	for _, b := range branches {
		place, err := region.Find(ctx, tx, b.RegionID)
		if err != nil && !errors.Is(err, region.ErrNotFound) {
			return err
		}
		words = append(words, place.FullName, b.Name, b.Address)
	}
	return e.Search.Put(ctx, tx, string(m.ID), append(words, m.Profile.Story)...)
}

// tidings are what owners are told: a letter, and its words in a language.
type tidings struct {
	key, href string
	args      func(loc *i18n.Localizer) map[string]any
}

// tellOwners mails everybody who owns the shop, in their own language.
func (e *Enroll) tellOwners(ctx context.Context, tx *db.Tx, m merchant.Merchant, t tidings) error {
	people, err := merchant.Members(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	var ids []market.AccountID
	for _, p := range people {
		if p.Role == market.RoleOwner {
			ids = append(ids, p.AccountID)
		}
	}
	owners, err := account.ListByIDs(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		letter.Send(tx, letter.Letter{
			To: owner.Email, Name: owner.Name, Locale: owner.Locale, Key: t.key, Href: t.href,
			Args: t.args(e.Post.Words.For(owner.Locale)),
		})
	}
	return nil
}

// moved emits that a registration passed from one state to another.
func moved(tx *db.Tx, m merchant.Merchant, to merchant.State) {
	tx.Emit(event.Of(event.MerchantMoved{MerchantID: m.ID, From: string(m.State), To: string(to)}, m.Version+1))
}
