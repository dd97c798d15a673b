package enroll

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// EnlistCmd is the least that somebody says of a business to offer on wishes.
type EnlistCmd struct {
	MerchantID market.MerchantID // a registration begun before; "" begins one
	Name       string
	Number     string
	Phone      string
}

// Enlist is the shortest registration: a business with a name, a number and a telephone may offer on wishes at once,
// unverified. Its page, its account and all else follow before it is paid or opens deals. Who enlists the same number
// again gets the same shop.
func (e *Enroll) Enlist(ctx context.Context, actor market.Actor, cmd EnlistCmd) (market.MerchantID, error) {
	if err := mayEnlist(actor, cmd.MerchantID); err != nil {
		return "", err
	}
	business, err := merchant.Business{Name: cmd.Name, Number: cmd.Number, Phone: cmd.Phone}.Parse()
	if err = append(fail.List(fail.All(err)), lacking(business, err)...).Err(); err != nil {
		return "", err
	}
	id := cmd.MerchantID
	err = e.DB.Write(ctx, func(tx *db.Tx) error {
		if id = cmd.MerchantID; id == "" {
			if id, err = ownDraft(ctx, tx, actor.AccountID, business.Number); err != nil || id != "" {
				return err
			}
			if id, err = begin(ctx, tx, actor, merchant.Business{Name: business.Name}); err != nil {
				return err
			}
		}
		return enlist(ctx, tx, actor, id, business)
	})
	return id, err
}

func mayEnlist(actor market.Actor, id market.MerchantID) error {
	if id != "" {
		return right.Check(actor, right.MerchantEdit, right.Of(id))
	}
	return right.Check(actor, right.MerchantRegister, right.Mine(actor.AccountID))
}

// lacking are the parts that are missing, apart from those that were there and wrong.
func lacking(b merchant.Business, err error) fail.List {
	wrong := fail.All(err)
	return slices.DeleteFunc(b.Named(), func(missing *fail.Error) bool {
		return slices.ContainsFunc(wrong, func(w *fail.Error) bool { return w.Field == missing.Field })
	})
}

// ownDraft finds the actor's own open registration with a number, "" for none.
func ownDraft(ctx context.Context, q db.Querier, owner market.AccountID, number string) (market.MerchantID, error) {
	places, err := merchant.OfAccount(ctx, q, owner)
	if err != nil {
		return "", err
	}
	var ids []market.MerchantID
	for _, p := range places {
		if p.Role == market.RoleOwner {
			ids = append(ids, p.MerchantID)
		}
	}
	own, err := merchant.ListByIDs(ctx, q, ids)
	for _, m := range own {
		if m.Business.Number == number && m.Open() {
			return m.ID, err
		}
	}
	return "", err
}

// enlist writes who a business is into its registration; the mail address of who registers it is how it is reached
// until it names another.
func enlist(ctx context.Context, tx *db.Tx, actor market.Actor, id market.MerchantID, b merchant.Business) error {
	m, err := merchant.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	b.Representative, b.Email = m.Business.Representative, m.Business.Email
	if b.Email == "" {
		people, err := account.ListByIDs(ctx, tx, []market.AccountID{actor.AccountID})
		if err != nil {
			return err
		}
		for _, p := range people {
			b.Email = p.Email
		}
	}
	if m, err = m.Rebusiness(b); err != nil {
		return err
	}
	if err := free(ctx, tx, m); err != nil {
		return err
	}
	if err := merchant.Save(ctx, tx, m); err != nil {
		return err
	}
	tx.Touch("merchant:"+string(id), db.Micros(tx.Now()))
	return audit.Write(ctx, tx, actor, did(right.MerchantEdit, id))
}
