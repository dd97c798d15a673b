package enroll

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// ClaimStep is one step with a claim of a shop.
type ClaimStep struct {
	MerchantID market.MerchantID
	ClaimID    directory.ClaimID
	Reason     string // for the owners, where the step needs one
	Key        string `json:"-"` // idempotency key, "" for none
}

// WithdrawClaim is the owner's word that the entry is not this shop after all.
func (e *Enroll) WithdrawClaim(ctx context.Context, actor market.Actor, s ClaimStep) error {
	return e.claimStep(ctx, actor, claimStep{ClaimStep: s, action: directory.ActWithdraw, right: right.MerchantClaim,
		do: func(tx *db.Tx, _ merchant.Merchant, c directory.Claim) error { return directory.Withdraw(ctx, tx, c) },
	})
}

// GrantClaim gives an entry to a shop that is a member already; a registration's claims are granted by Approve.
func (e *Enroll) GrantClaim(ctx context.Context, actor market.Actor, s ClaimStep) error {
	return e.claimStep(ctx, actor, claimStep{ClaimStep: s, action: directory.ActGrant, right: right.MerchantClaimDecide,
		letter: "mail.claim_granted",
		do: func(tx *db.Tx, m merchant.Merchant, c directory.Claim) error {
			if err := m.CheckSell(); err != nil {
				return err
			}
			return e.grant(ctx, tx, actor, c)
		},
	})
}

// RefuseClaim ends a claim with a reason that its owners are told; the registration goes on without it.
func (e *Enroll) RefuseClaim(ctx context.Context, actor market.Actor, s ClaimStep) error {
	return e.claimStep(ctx, actor, claimStep{ClaimStep: s, action: directory.ActRefuse, right: right.MerchantClaimDecide,
		letter: "mail.claim_refused", reasoned: true,
		do: func(tx *db.Tx, _ merchant.Merchant, c directory.Claim) error {
			return directory.Refuse(ctx, tx, c, s.Reason)
		},
	})
}

// ReleaseClaim takes an entry back that was given to the wrong shop; its page is its own again.
func (e *Enroll) ReleaseClaim(ctx context.Context, actor market.Actor, s ClaimStep) error {
	return e.claimStep(ctx, actor, claimStep{ClaimStep: s, action: directory.ActRelease, right: right.MerchantClaimDecide,
		letter: "mail.claim_released", reasoned: true,
		do: func(tx *db.Tx, _ merchant.Merchant, c directory.Claim) error {
			return directory.Release(ctx, tx, c, s.Reason)
		},
	})
}

// claimStep is one step with what goes with it.
type claimStep struct {
	ClaimStep
	action   directory.ClaimAction
	right    right.Action
	letter   string // catalogue key of what the owners are told, "" for nothing
	reasoned bool
	do       func(tx *db.Tx, m merchant.Merchant, c directory.Claim) error
}

func (e *Enroll) claimStep(ctx context.Context, actor market.Actor, s claimStep) error {
	if err := right.Check(actor, s.right, right.Of(s.MerchantID)); err != nil {
		return err
	}
	if s.reasoned {
		if _, refusal := directory.ParseReason(s.Reason); refusal != nil {
			return refusal
		}
	}
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		key := answer.Key{Actor: actor.Key(), Step: "enroll.claim." + string(s.action), Key: s.Key}
		_, err := answer.Once(ctx, tx, key, s.ClaimStep, func() (directory.ClaimID, error) {
			return s.ClaimID, e.takeClaimStep(ctx, tx, actor, s)
		})
		return err
	})
}

func (e *Enroll) takeClaimStep(ctx context.Context, tx *db.Tx, actor market.Actor, s claimStep) error {
	m, err := merchant.Find(ctx, tx, s.MerchantID)
	if err != nil {
		return err
	}
	c, err := directory.FindClaim(ctx, tx, s.ClaimID, s.MerchantID)
	if err != nil {
		return err
	}
	if err := s.do(tx, m, c); err != nil {
		return err
	}
	tx.Touch("merchant:"+string(m.ID), db.Micros(tx.Now()))
	if err := audit.Write(ctx, tx, actor, didClaim(c, string(s.action))); err != nil || s.letter == "" {
		return err
	}
	return e.tellClaim(ctx, tx, m, c, tidings{key: s.letter, href: "/office/shop/" + string(m.ID),
		args: func(*i18n.Localizer) map[string]any { return map[string]any{"Reason": s.Reason} }})
}

// didClaim is a step with a claim as the audit log of its shop keeps it: one right serves several steps, and the log
// tells them apart.
func didClaim(c directory.Claim, step string) audit.Act {
	return did("merchant.claim_"+right.Action(step), c.MerchantID, "entry", string(c.EntryID))
}

// tellClaim mails a shop's owners about one of its claims: Shop and Entry are added to what the letter says.
func (e *Enroll) tellClaim(
	ctx context.Context, tx *db.Tx, m merchant.Merchant, c directory.Claim, t tidings,
) error {
	entry, err := directory.Find(ctx, tx, c.EntryID)
	if err != nil {
		return err
	}
	more := t.args
	t.args = func(loc *i18n.Localizer) map[string]any {
		args := more(loc)
		args["Entry"], args["Shop"] = entry.Title(), m.Business.Name
		if m.Business.Name == "" {
			args["Shop"] = loc.T("enroll.unnamed")
		}
		return args
	}
	return e.tellOwners(ctx, tx, m, t)
}

// grantAll gives a shop every entry that it has before the operator.
func (e *Enroll) grantAll(ctx context.Context, tx *db.Tx, actor market.Actor, m merchant.Merchant) error {
	claims, err := directory.ClaimsOf(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	for _, c := range claims {
		if _, err := c.State.Next(directory.ActGrant); err != nil {
			continue // decided before
		}
		if err := e.grant(ctx, tx, actor, c); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, didClaim(c, string(directory.ActGrant))); err != nil {
			return err
		}
	}
	return nil
}

// grant gives an entry away, and tells everybody else who claimed it.
func (e *Enroll) grant(ctx context.Context, tx *db.Tx, actor market.Actor, c directory.Claim) error {
	lost, err := directory.Grant(ctx, tx, c)
	if err != nil {
		return err
	}
	for _, one := range lost {
		if err := e.lose(ctx, tx, actor, one); err != nil {
			return err
		}
	}
	return nil
}

// lose tells the owners of a claim that another one was granted, and gives back the registration that waits with it: as
// it stands it says that two shops are one.
func (e *Enroll) lose(ctx context.Context, tx *db.Tx, actor market.Actor, c directory.Claim) error {
	m, err := merchant.Find(ctx, tx, c.MerchantID)
	if err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, actor, didClaim(c, "lost")); err != nil {
		return err
	}
	if err := e.tellClaim(ctx, tx, m, c, tidings{key: "mail.claim_lost", href: "/office/shop/" + string(m.ID),
		args: func(*i18n.Localizer) map[string]any { return map[string]any{} }}); err != nil {
		return err
	}
	to, err := m.State.Next(merchant.ActReturn)
	if err != nil {
		return nil //nolint:nilerr // the table of states says that nothing waits here to be given back
	}
	entry, err := directory.Find(ctx, tx, c.EntryID)
	if err != nil {
		return err
	}
	words, err := e.wordsOf(ctx, tx, c.AccountID)
	if err != nil {
		return err
	}
	if err := directory.ReturnClaims(ctx, tx, m.ID); err != nil {
		return err
	}
	if err := merchant.Move(ctx, tx, m, to, words.T("enroll.claim.lost_reason", "Entry", entry.Title())); err != nil {
		return err
	}
	moved(tx, m, to)
	tx.Touch("merchant:"+string(m.ID), db.Micros(tx.Now()))
	return audit.Write(ctx, tx, actor, did(right.MerchantReview, m.ID, "from", string(m.State), "to", string(to)))
}

// wordsOf is the language of somebody who is written to.
func (e *Enroll) wordsOf(ctx context.Context, tx *db.Tx, id market.AccountID) (*i18n.Localizer, error) {
	found, err := account.ListByIDs(ctx, tx, []market.AccountID{id})
	if err != nil || len(found) == 0 {
		return e.Post.Words.For(i18n.Korean), err
	}
	return e.Post.Words.For(found[0].Locale), nil
}
