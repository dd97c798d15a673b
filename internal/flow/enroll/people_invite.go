package enroll

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// KindInvite is the job that mails an invitation; MailInvitation does it.
const KindInvite = "enroll.invite"

type inviting struct {
	InvitationID string `json:"invitation_id"`
}

// InviteCmd asks somebody to work in a shop; BranchID "" is all branches.
type InviteCmd struct {
	MerchantID market.MerchantID
	Email      string
	Role       market.Role // manager or scan
	BranchID   market.BranchID
}

// Invite lets an invitation go out by mail.
func (e *Enroll) Invite(ctx context.Context, actor market.Actor, cmd InviteCmd) (merchant.Invitation, error) {
	if err := right.Check(actor, right.MerchantPeople, right.Of(cmd.MerchantID)); err != nil {
		return merchant.Invitation{}, err
	}
	i, err := merchant.Invitation{
		MerchantID: cmd.MerchantID, Email: cmd.Email, Role: cmd.Role, BranchID: cmd.BranchID, InvitedBy: actor.AccountID,
	}.Parse()
	if err != nil {
		return i, err
	}
	err = e.DB.Write(ctx, func(tx *db.Tx) error {
		if i.BranchID != "" {
			if _, err := merchant.FindBranch(ctx, tx, i.MerchantID, i.BranchID); err != nil {
				return err
			}
		}
		i.ID = tx.NewID(merchant.PrefixInvitation)
		i.InvitedAt, i.ExpiresAt = tx.Now(), merchant.InvitedUntil(tx.Now())
		if err := merchant.Invite(ctx, tx, i); err != nil {
			return err
		}
		tx.Enqueue(db.Job{Kind: KindInvite, Key: i.ID, Payload: inviting{i.ID}})
		act := did(right.MerchantPeople, i.MerchantID, "invitation", i.ID, "role", string(i.Role))
		return audit.Write(ctx, tx, actor, act)
	})
	return i, err
}

// MailInvitation makes an invitation's link and mails it. Mailed again after a failure, only the later link is good.
func (e *Enroll) MailInvitation(ctx context.Context, job queue.Job) error {
	var payload inviting
	if err := json.Unmarshal([]byte(job.Payload), &payload); err != nil {
		return queue.Hopeless(err)
	}
	var l letter.Letter
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		secret := account.NewSecret(tx.RandomBytes)
		i, err := merchant.Mailed(ctx, tx, payload.InvitationID, account.HashSecret(secret))
		if err != nil {
			return err
		}
		l, err = e.invitation(ctx, tx, i, secret)
		return err
	})
	if errors.Is(err, merchant.ErrInvitation) {
		return nil // taken back before it went out
	}
	if err != nil {
		return err
	}
	return e.Post.Mail(ctx, job.ID+"-"+strconv.Itoa(job.Attempt), l)
}

// invitation writes the letter in the language of whoever invites: the invited person may have no account to ask.
func (e *Enroll) invitation(
	ctx context.Context, tx *db.Tx, i merchant.Invitation, secret string,
) (letter.Letter, error) {
	m, err := merchant.Find(ctx, tx, i.MerchantID)
	if err != nil {
		return letter.Letter{}, err
	}
	inviter, err := account.Find(ctx, tx, i.InvitedBy)
	if err != nil {
		return letter.Letter{}, err
	}
	loc := e.Post.Words.For(inviter.Locale)
	return letter.Letter{
		To: i.Email, Locale: inviter.Locale, Key: "mail.invite", Href: "/invitation?t=" + url.QueryEscape(secret),
		Args: map[string]any{
			"Shop": m.Business.Name, "Inviter": inviter.Name, "Role": loc.T("merchant.role_" + string(i.Role)),
		},
	}, nil
}

// Invited is what the page of an invitation shows before it is accepted.
type Invited struct {
	Invitation merchant.Invitation
	Shop       merchant.Merchant
}

// Invitation gives the living invitation behind a link, or merchant.ErrInvitation.
func (e *Enroll) Invitation(ctx context.Context, secret string) (Invited, error) {
	i, err := merchant.FindInvitation(ctx, e.DB, account.HashSecret(secret), e.DB.Clock().Now())
	if err != nil {
		return Invited{}, err
	}
	m, err := merchant.Find(ctx, e.DB, i.MerchantID)
	return Invited{i, m}, err
}

// Accept spends an invitation and makes the signed-in account one of the shop's people.
func (e *Enroll) Accept(ctx context.Context, actor market.Actor, secret string) (merchant.Invitation, error) {
	if err := right.Check(actor, right.AccountEdit, right.Mine(actor.AccountID)); err != nil {
		return merchant.Invitation{}, err
	}
	var i merchant.Invitation
	err := e.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if i, err = merchant.Accept(ctx, tx, account.HashSecret(secret), actor.AccountID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, did(right.MerchantPeople, i.MerchantID, "accepted", i.ID))
	})
	return i, err
}

// Revoke takes an invitation back.
func (e *Enroll) Revoke(ctx context.Context, actor market.Actor, id market.MerchantID, invitation string) error {
	if err := right.Check(actor, right.MerchantPeople, right.Of(id)); err != nil {
		return err
	}
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		if err := merchant.Revoke(ctx, tx, id, invitation); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, did(right.MerchantPeople, id, "revoked", invitation))
	})
}

// RemoveMember ends somebody's work in a shop: the owner's to decide, or one's own.
func (e *Enroll) RemoveMember(
	ctx context.Context, actor market.Actor, id market.MerchantID, who market.AccountID,
) error {
	action := right.MerchantPeople
	if who == actor.AccountID {
		action = right.MerchantLeave
	}
	if err := right.Check(actor, action, right.Resource{MerchantID: id, AccountID: who}); err != nil {
		return err
	}
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		if err := merchant.Leave(ctx, tx, id, who); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, did(action, id, "removed", string(who)))
	})
}
