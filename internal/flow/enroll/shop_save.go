package enroll

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Begin opens a registration of which the actor is the owner, and gives its id.
func (e *Enroll) Begin(ctx context.Context, actor market.Actor, name string) (market.MerchantID, error) {
	if err := right.Check(actor, right.MerchantRegister, right.Mine(actor.AccountID)); err != nil {
		return "", err
	}
	business, err := merchant.Business{Name: name}.Parse()
	if err != nil {
		return "", err
	}
	var id market.MerchantID
	err = e.DB.Write(ctx, func(tx *db.Tx) error {
		id, err = begin(ctx, tx, actor, business)
		return err
	})
	return id, err
}

// begin writes a registration of the actor's.
func begin(
	ctx context.Context, tx *db.Tx, actor market.Actor, business merchant.Business,
) (market.MerchantID, error) {
	if err := merchant.RoomForDraft(ctx, tx, actor.AccountID); err != nil {
		return "", err
	}
	id := market.MerchantID(tx.NewID(market.PrefixMerchant))
	m := merchant.Merchant{ID: id, Business: business, CreatedAt: tx.Now()}
	if err := merchant.Insert(ctx, tx, m); err != nil {
		return "", err
	}
	if err := merchant.Join(ctx, tx, merchant.Member{
		MerchantID: id, AccountID: actor.AccountID, Role: market.RoleOwner, AddedBy: actor.AccountID,
	}); err != nil {
		return "", err
	}
	return id, audit.Write(ctx, tx, actor, did(right.MerchantRegister, id))
}

// SaveCmd writes the pages of a shop that were filled in; nil pages stay. Pictures have steps of their own.
type SaveCmd struct {
	MerchantID market.MerchantID
	Business   *merchant.Business
	Profile    *merchant.Profile
}

// Save keeps pages of a shop. In a registration anything may still be empty; what is there must be right.
func (e *Enroll) Save(ctx context.Context, actor market.Actor, cmd SaveCmd) (merchant.Merchant, error) {
	// The right is asked before the words are judged: a stranger must not learn what the pages would say.
	if err := right.Check(actor, right.MerchantEdit, right.Of(cmd.MerchantID)); err != nil {
		return merchant.Merchant{}, err
	}
	var faults fail.List
	keep := func(err error) { faults = append(faults, fail.All(err)...) }
	if cmd.Business != nil {
		clean, err := cmd.Business.Parse()
		keep(err)
		cmd.Business = &clean
	}
	if cmd.Profile != nil {
		clean, err := cmd.Profile.Parse()
		keep(err)
		cmd.Profile = &clean
	}
	if err := faults.Err(); err != nil {
		return merchant.Merchant{}, err
	}
	return e.change(ctx, actor, right.MerchantEdit, cmd.MerchantID, func(
		tx *db.Tx, m merchant.Merchant,
	) (merchant.Merchant, error) {
		var err error
		if cmd.Business != nil {
			if m, err = m.Rebusiness(*cmd.Business); err != nil {
				return m, err
			}
		}
		if cmd.Profile != nil {
			if err := knownCategories(ctx, tx, *cmd.Profile); err != nil {
				return m, err
			}
			profile := *cmd.Profile
			profile.Pictures = m.Profile.Pictures
			m = m.Reprofile(profile)
		}
		return m, free(ctx, tx, m)
	})
}

func knownCategories(ctx context.Context, q db.Querier, p merchant.Profile) error {
	for _, id := range append([]market.CategoryID{p.CategoryID}, p.More...) {
		if id == "" {
			continue
		}
		_, err := category.Find(ctx, q, id)
		if errors.Is(err, category.ErrNotFound) {
			return merchant.ErrCategory.On("category")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// free refuses an address or a business number that another shop has, before the database does, so that the answer
// names the field.
func free(ctx context.Context, q db.Querier, m merchant.Merchant) error {
	taken, err := merchant.SlugTaken(ctx, q, m.Slug, m.ID)
	if err != nil {
		return err
	}
	if taken {
		return merchant.ErrSlugTaken.On("slug")
	}
	if m.Business.Number == "" {
		return nil
	}
	taken, err = merchant.NumberTaken(ctx, q, m.Business.Number, m.ID)
	if err == nil && taken {
		err = merchant.ErrNumberTaken.On("number")
	}
	return err
}
