package merchant

import (
	"context"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
)

func scanMember(r db.Row) (Member, error) {
	var m Member
	err := r.Scan(&m.MerchantID, &m.AccountID, &m.Role, &m.BranchID, &m.AddedBy, db.Time(&m.AddedAt))
	return m, err
}

// Members gives the people of a shop, the longest there first.
func Members(ctx context.Context, q db.Querier, id market.MerchantID) ([]Member, error) {
	return db.All(ctx, q, scanMember, `SELECT merchant_id, account_id, role, branch_id, added_by, added_at
		FROM merchant_member WHERE merchant_id = $1 ORDER BY added_at, account_id`, string(id))
}

// OfAccount gives the shops in which an account works.
func OfAccount(ctx context.Context, q db.Querier, id market.AccountID) ([]Member, error) {
	return db.All(ctx, q, scanMember, `SELECT merchant_id, account_id, role, branch_id, added_by, added_at
		FROM merchant_member WHERE account_id = $1 ORDER BY added_at, merchant_id`, string(id))
}

// Join makes an account one of a shop's people; ErrMember when it is one already.
func Join(ctx context.Context, tx *db.Tx, m Member) error {
	n, err := db.Exec(ctx, tx, `INSERT INTO merchant_member (merchant_id, account_id, role, branch_id, added_by, added_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (merchant_id, account_id) DO NOTHING`,
		string(m.MerchantID), string(m.AccountID), string(m.Role), string(m.BranchID), string(m.AddedBy),
		db.Micros(tx.Now()))
	return atLeastOne(n, err, ErrMember)
}

// Leave ends a membership: ErrNoMember when there is none, ErrLastOwner when nobody else owns the shop.
func Leave(ctx context.Context, tx *db.Tx, id market.MerchantID, who market.AccountID) error {
	if err := lock(ctx, tx, id); err != nil {
		return err
	}
	people, err := Members(ctx, tx, id)
	if err != nil {
		return err
	}
	if owners := slices.DeleteFunc(people, func(m Member) bool { return m.Role != market.RoleOwner }); len(owners) == 1 &&
		owners[0].AccountID == who {
		return ErrLastOwner
	}
	n, err := db.Exec(ctx, tx, `DELETE FROM merchant_member WHERE merchant_id = $1 AND account_id = $2`,
		string(id), string(who))
	return atLeastOne(n, err, ErrNoMember)
}

// Parse cleans an invitation: the address, a role below owner.
func (i Invitation) Parse() (Invitation, error) {
	var faults fail.List
	email, refusal := form.Address(i.Email)
	if refusal != nil {
		faults = append(faults, ErrInviteEmail.On("email"))
	}
	i.Email = email
	if i.Role != market.RoleManager && i.Role != market.RoleScan {
		faults = append(faults, ErrRole.On("role"))
	}
	return i, faults.Err()
}

// InvitedUntil is the end of an invitation made now.
func InvitedUntil(now time.Time) time.Time { return now.Add(InvitationDays * 24 * time.Hour) }

const invitationColumns = `id, merchant_id, email, role, branch_id, invited_by, invited_at, expires_at, accepted_at,
	revoked_at`

func scanInvitation(r db.Row) (Invitation, error) {
	var i Invitation
	err := r.Scan(&i.ID, &i.MerchantID, &i.Email, &i.Role, &i.BranchID, &i.InvitedBy, db.Time(&i.InvitedAt),
		db.Time(&i.ExpiresAt), db.Time(&i.AcceptedAt), db.Time(&i.RevokedAt))
	return i, err
}

// Invite keeps an invitation; nobody can accept it until Mailed made its link. ErrManyInvitations when too many live.
func Invite(ctx context.Context, tx *db.Tx, i Invitation) error {
	if err := lock(ctx, tx, i.MerchantID); err != nil {
		return err
	}
	alive, err := Invitations(ctx, tx, i.MerchantID, tx.Now())
	if err != nil {
		return err
	}
	if len(alive) >= InvitationsMax {
		return ErrManyInvitations.With("Max", InvitationsMax)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO merchant_invitation (id, merchant_id, email, role, branch_id, invited_by,
		invited_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		i.ID, string(i.MerchantID), i.Email, string(i.Role), string(i.BranchID), string(i.InvitedBy),
		db.Micros(tx.Now()), db.Micros(i.ExpiresAt))
	return err
}

// Mailed keeps the hash of the link that is about to be mailed; an older link of the invitation dies. ErrInvitation
// when nobody waits for it any more.
func Mailed(ctx context.Context, tx *db.Tx, id, hash string) (Invitation, error) {
	i, err := db.One(ctx, tx, scanInvitation, `UPDATE merchant_invitation SET hash = $1
		WHERE id = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $3 RETURNING `+invitationColumns,
		hash, id, db.Micros(tx.Now()))
	return i, gone(err)
}

func gone(err error) error {
	if db.IsNoRow(err) {
		return ErrInvitation
	}
	return err
}

// FindInvitation gives the living invitation behind a link's hash, or ErrInvitation.
func FindInvitation(ctx context.Context, q db.Querier, hash string, now time.Time) (Invitation, error) {
	i, err := db.One(ctx, q, scanInvitation, `SELECT `+invitationColumns+` FROM merchant_invitation
		WHERE hash = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2`, hash, db.Micros(now))
	return i, gone(err)
}

// Accept spends an invitation exactly once for an account and makes it one of the shop's people.
func Accept(ctx context.Context, tx *db.Tx, hash string, who market.AccountID) (Invitation, error) {
	i, err := db.One(ctx, tx, scanInvitation, `UPDATE merchant_invitation SET accepted_at = $1, accepted_by = $2
		WHERE hash = $3 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $4 RETURNING `+invitationColumns,
		db.Micros(tx.Now()), string(who), hash, db.Micros(tx.Now()))
	if err != nil {
		return i, gone(err)
	}
	return i, Join(ctx, tx, Member{
		MerchantID: i.MerchantID, AccountID: who, Role: i.Role, BranchID: i.BranchID, AddedBy: i.InvitedBy,
	})
}

// Invitations gives a shop's invitations that may still be accepted, newest first.
func Invitations(ctx context.Context, q db.Querier, id market.MerchantID, now time.Time) ([]Invitation, error) {
	return db.All(ctx, q, scanInvitation, `SELECT `+invitationColumns+` FROM merchant_invitation
		WHERE merchant_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2 ORDER BY id DESC`,
		string(id), db.Micros(now))
}

// Revoke ends an invitation of a shop, or answers ErrInvitation.
func Revoke(ctx context.Context, tx *db.Tx, id market.MerchantID, invitation string) error {
	n, err := db.Exec(ctx, tx, `UPDATE merchant_invitation SET revoked_at = $1
		WHERE id = $2 AND merchant_id = $3 AND accepted_at IS NULL AND revoked_at IS NULL`,
		db.Micros(tx.Now()), invitation, string(id))
	return atLeastOne(n, err, ErrInvitation)
}
