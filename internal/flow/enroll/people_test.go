package enroll_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

var secretIn = regexp.MustCompile(`\?t=([\w-]+)`)

func (w *world) invited(owner market.AccountID, cmd enroll.InviteCmd) string {
	w.t.Helper()
	_, err := w.e.Invite(w.t.Context(), w.actor(owner), cmd)
	w.must(err)
	subjects, last := w.mails()
	if subjects != "invite" || last.To != cmd.Email {
		w.t.Fatalf("mailed %q to %s", subjects, last.To)
	}
	return secretIn.FindStringSubmatch(last.Text)[1]
}

func TestPeopleAreInvitedByMail(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		lee, cho := w.account("lee@example.com", ""), w.account("cho@example.com", "")
		id := w.approved(owner, "124-81-00998")
		branches, err := merchant.Branches(ctx, w.d, id)
		w.must(err)
		cmd := enroll.InviteCmd{MerchantID: id, Email: "lee@example.com", Role: market.RoleScan, BranchID: branches[0].ID}
		secret := w.invited(owner, cmd)
		shown, err := w.e.Invitation(ctx, secret)
		if err != nil || shown.Shop.ID != id || shown.Invitation.Role != market.RoleScan {
			w.t.Errorf("%+v, %v", shown, err)
		}
		_, err = w.e.Accept(ctx, market.Actor{}, secret)
		w.wants(err, right.ErrSignIn)
		_, err = w.e.Accept(ctx, w.actor(lee), secret)
		w.must(err)
		_, err = w.e.Accept(ctx, w.actor(cho), secret)
		w.wants(err, merchant.ErrInvitation)
		actor := w.actor(lee)
		if m, ok := actor.Membership(id); !ok || m.Role != market.RoleScan || m.BranchID != branches[0].ID {
			w.t.Errorf("%+v", actor.Memberships)
		}
		w.scanOnly(actor, id, branches[0].ID)

		taken := w.invited(owner, enroll.InviteCmd{MerchantID: id, Email: "cho@example.com", Role: market.RoleManager})
		shown, err = w.e.Invitation(ctx, taken)
		w.must(err)
		w.must(w.e.Revoke(ctx, w.actor(owner), id, shown.Invitation.ID))
		_, err = w.e.Accept(ctx, w.actor(cho), taken)
		w.wants(err, merchant.ErrInvitation)

		w.wants(w.e.RemoveMember(ctx, actor, id, owner), right.ErrForbidden)
		w.must(w.e.RemoveMember(ctx, w.actor(owner), id, lee))
		if len(w.actor(lee).Memberships) != 0 {
			w.t.Error("somebody removed still works here")
		}
		w.wants(w.e.RemoveMember(ctx, w.actor(owner), id, owner), merchant.ErrLastOwner)
	})
}

// scanOnly proves what somebody who only scans may not touch.
func (w *world) scanOnly(actor market.Actor, id market.MerchantID, at market.BranchID) {
	w.t.Helper()
	ctx := w.t.Context()
	_, err := w.e.SaveBank(ctx, actor, id, bank())
	w.wants(err, right.ErrForbidden)
	_, err = w.e.Save(ctx, actor, enroll.SaveCmd{MerchantID: id, Profile: profile()})
	w.wants(err, right.ErrForbidden)
	b := branch(id)
	b.ID = at
	_, err = w.e.SaveBranch(ctx, actor, b)
	w.wants(err, right.ErrForbidden)
	_, err = w.e.Invite(ctx, actor, enroll.InviteCmd{MerchantID: id, Email: "x@example.com", Role: market.RoleScan})
	w.wants(err, right.ErrForbidden)
}

func TestABranchManagerKeepsTheirBranchOnly(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner, lee := w.account("kim@example.com", ""), w.account("lee@example.com", "")
		id := w.approved(owner, "124-81-00998")
		second, err := w.e.SaveBranch(ctx, w.actor(owner), branch(id))
		w.must(err)
		first, err := merchant.Branches(ctx, w.d, id)
		w.must(err)
		secret := w.invited(owner, enroll.InviteCmd{
			MerchantID: id, Email: "lee@example.com", Role: market.RoleManager, BranchID: second.ID})
		_, err = w.e.Accept(ctx, w.actor(lee), secret)
		w.must(err)
		actor := w.actor(lee)
		second.Directions = "시장 안쪽 두 번째 골목"
		_, err = w.e.SaveBranch(ctx, actor, second)
		w.must(err)
		_, err = w.e.SaveBranch(ctx, actor, first[0])
		w.wants(err, right.ErrForbidden)
		_, err = w.e.SaveBranch(ctx, actor, branch(id)) // a third one
		w.wants(err, right.ErrForbidden)
		w.wants(w.e.CloseBranch(ctx, actor, id, second.ID), right.ErrForbidden)
		w.must(w.e.CloseBranch(ctx, w.actor(owner), id, second.ID))
		w.wants(w.e.CloseBranch(ctx, w.actor(owner), id, first[0].ID), merchant.ErrLastBranch)
		w.must(w.e.RemoveMember(ctx, actor, id, lee)) // leaving is one's own to decide
	})
}

func TestInvitationsAreMailedAgainAfterAFailure(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		id := w.approved(owner, "124-81-00998")
		w.post.Fail(mail.ErrUnavailable)
		i, err := w.e.Invite(ctx, w.actor(owner), enroll.InviteCmd{
			MerchantID: id, Email: "lee@example.com", Role: market.RoleScan})
		w.must(err)
		if subjects, _ := w.mails(); subjects != "" {
			w.t.Fatal(subjects)
		}
		w.w.Clock.Advance(3600e9)
		if subjects, _ := w.mails(); subjects != "invite" {
			w.t.Fatal(subjects)
		}
		_, err = w.e.Invite(ctx, w.actor(owner), enroll.InviteCmd{MerchantID: id, Email: "x", Role: market.RoleOwner})
		if !errors.Is(err, merchant.ErrRole) || !errors.Is(err, merchant.ErrInviteEmail) {
			w.t.Errorf("%v", err)
		}
		_, err = w.e.Invite(ctx, w.actor(owner), enroll.InviteCmd{
			MerchantID: id, Email: "x@example.com", Role: market.RoleScan, BranchID: "brn_foreign"})
		w.wants(err, merchant.ErrNotFound)
		w.must(w.e.Revoke(ctx, w.actor(owner), id, i.ID))
	})
}

func TestBranchesFindTheirNeighbourhood(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		id, err := w.e.Begin(ctx, w.actor(owner), "x")
		w.must(err)
		actor := w.actor(owner)
		b := branch(id)
		b.RegionID = "district_99999"
		_, err = w.e.SaveBranch(ctx, actor, b)
		w.wants(err, merchant.ErrRegion)
		b.RegionID = ""
		_, err = w.e.SaveBranch(ctx, actor, b) // no outlines are loaded: it has to be chosen
		w.wants(err, merchant.ErrRegion)
		b.RegionID = mapo
		kept, err := w.e.SaveBranch(ctx, actor, b)
		w.must(err)
		m, err := merchant.Find(ctx, w.d, id)
		if err != nil || m.RegionID != mapo || kept.ID == "" {
			w.t.Errorf("%s, %v", m.RegionID, err)
		}
		kept.Name = ""
		_, err = w.e.SaveBranch(ctx, actor, kept)
		w.wants(err, merchant.ErrBranchName)
	})
}
