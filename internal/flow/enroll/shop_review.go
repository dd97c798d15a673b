package enroll

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Submit hands a registration in. What is still missing comes back as a list of merchant.ErrMissing, one a field. From
// now on the business number is taken and the address of the page stands.
func (e *Enroll) Submit(
	ctx context.Context, actor market.Actor, id market.MerchantID,
) (merchant.Merchant, error) {
	return e.step(ctx, actor, step{
		id: id, action: merchant.ActSubmit, right: right.MerchantSubmit,
		prepare: func(tx *db.Tx, m merchant.Merchant) (merchant.Merchant, error) {
			branches, err := merchant.Branches(ctx, tx, id)
			if err != nil {
				return m, err
			}
			if err := m.Missing(branches).Err(); err != nil {
				return m, err
			}
			if err := free(ctx, tx, m); err != nil {
				return m, err
			}
			if m.Slug, err = merchant.Settle(ctx, tx, m); err != nil {
				return m, err
			}
			return m, directory.AskClaims(ctx, tx, id)
		},
	})
}

// Approve makes a shop a member: its page opens, it may sell, and the entries of the register that it claims are its
// own. Whoever else claims one of them hears so; a registration that waits with such a claim is given back.
func (e *Enroll) Approve(
	ctx context.Context, actor market.Actor, id market.MerchantID,
) (merchant.Merchant, error) {
	return e.step(ctx, actor, step{
		id: id, action: merchant.ActApprove, right: right.MerchantReview, letter: "mail.shop_approved", href: "/office",
		prepare: func(tx *db.Tx, m merchant.Merchant) (merchant.Merchant, error) {
			return m, e.grantAll(ctx, tx, actor, m)
		},
	})
}

// Return gives a registration back with what to mend. Its claims hold nothing until it is handed in again.
func (e *Enroll) Return(
	ctx context.Context, actor market.Actor, id market.MerchantID, reason string,
) (merchant.Merchant, error) {
	return e.step(ctx, actor, step{
		id: id, action: merchant.ActReturn, right: right.MerchantReview, reason: reason, reasoned: true,
		letter: "mail.shop_returned", href: "/office/shop/" + string(id),
		prepare: func(tx *db.Tx, m merchant.Merchant) (merchant.Merchant, error) {
			return m, directory.ReturnClaims(ctx, tx, id)
		},
	})
}

// Suspend stops new sales of a shop; its page and everything already sold stay.
func (e *Enroll) Suspend(
	ctx context.Context, actor market.Actor, id market.MerchantID, reason string,
) (merchant.Merchant, error) {
	return e.step(ctx, actor, step{
		id: id, action: merchant.ActSuspend, right: right.MerchantSuspend, reason: reason, reasoned: true,
		letter: "mail.shop_suspended", href: "/office",
	})
}

// Reinstate lets a suspended shop sell again.
func (e *Enroll) Reinstate(
	ctx context.Context, actor market.Actor, id market.MerchantID,
) (merchant.Merchant, error) {
	return e.step(ctx, actor, step{
		id: id, action: merchant.ActReinstate, right: right.MerchantSuspend, letter: "mail.shop_reinstated",
		href: "/office",
	})
}

// step is one move in the table of states, with what goes with it.
type step struct {
	id       market.MerchantID
	action   merchant.Action
	right    right.Action
	reason   string
	reasoned bool   // the reason must be given
	letter   string // catalogue key of what the owners are told
	href     string
	prepare  func(tx *db.Tx, m merchant.Merchant) (merchant.Merchant, error)
}

func (e *Enroll) step(ctx context.Context, actor market.Actor, s step) (merchant.Merchant, error) {
	if err := right.Check(actor, s.right, right.Of(s.id)); err != nil {
		return merchant.Merchant{}, err
	}
	if s.reasoned {
		reason, refusal := merchant.ParseReason(s.reason)
		if refusal != nil {
			return merchant.Merchant{}, refusal
		}
		s.reason = reason
	}
	var after merchant.Merchant
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := merchant.Find(ctx, tx, s.id)
		if err != nil {
			return err
		}
		to, err := m.State.Next(s.action)
		if err != nil {
			return err
		}
		if s.prepare != nil {
			if m, err = s.prepare(tx, m); err != nil {
				return err
			}
		}
		if err := merchant.Move(ctx, tx, m, to, s.reason); err != nil {
			return err
		}
		if after, err = merchant.Find(ctx, tx, s.id); err != nil {
			return err
		}
		moved(tx, m, after.State)
		act := did(s.right, s.id, "from", string(m.State), "to", string(after.State))
		if err := audit.Write(ctx, tx, actor, act); err != nil {
			return err
		}
		return e.announce(ctx, tx, s, after)
	})
	return after, err
}

// announce tells the owners, screens and the search what a step did.
func (e *Enroll) announce(ctx context.Context, tx *db.Tx, s step, m merchant.Merchant) error {
	if s.letter != "" {
		err := e.tellOwners(ctx, tx, m, tidings{key: s.letter, href: s.href, args: func(*i18n.Localizer) map[string]any {
			return map[string]any{"Shop": m.Business.Name, "Reason": s.reason}
		}})
		if err != nil {
			return err
		}
	}
	return e.show(ctx, tx, m)
}
