package office

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// worker is somebody who works in a shop, with a name.
type worker struct {
	merchant.Member
	Name, Branch string
	Self         bool
}

// crew is the page of a shop's people.
type crew struct {
	Shop        merchant.Merchant
	Workers     []worker
	Invitations []merchant.Invitation
	Branches    []merchant.Branch
	Email       string // as typed, when an invitation was refused
	Role        market.Role
	Problems    request.Problems
}

// branchName names a branch of the crew's shop; "" is all of them.
func (c crew) branchName(loc ui.Loc, id market.BranchID) string {
	for _, b := range c.Branches {
		if b.ID == id {
			return b.Name
		}
	}
	return loc.T("enroll.people.everywhere")
}

func (d Deps) crew(r *request.Request, m merchant.Merchant) (crew, error) {
	c := crew{Shop: m, Role: market.RoleScan}
	err := d.DB.Read(r.Context(), func(q *db.ReadTx) error {
		members, err := merchant.Members(r.Context(), q, m.ID)
		if err != nil {
			return err
		}
		if c.Branches, err = merchant.Branches(r.Context(), q, m.ID); err != nil {
			return err
		}
		if c.Invitations, err = merchant.Invitations(r.Context(), q, m.ID, r.Now); err != nil {
			return err
		}
		ids := make([]market.AccountID, len(members))
		for i, member := range members {
			ids[i] = member.AccountID
		}
		accounts, err := account.ListByIDs(r.Context(), q, ids)
		if err != nil {
			return err
		}
		names := map[market.AccountID]string{}
		for _, a := range accounts {
			names[a.ID] = a.Name
		}
		for _, member := range members {
			c.Workers = append(c.Workers, worker{
				Member: member, Name: names[member.AccountID], Branch: c.branchName(r.Loc, member.BranchID),
				Self: member.AccountID == r.Actor.AccountID,
			})
		}
		return nil
	})
	return c, err
}

func (d Deps) peopleList(r *request.Request) error {
	m, err := d.shop(r, right.MerchantPeople)
	if err != nil {
		return err
	}
	c, err := d.crew(r, m)
	if err != nil {
		return err
	}
	return r.Render(peoplePage(d.page(r, m, "enroll.people.title"), c))
}

func (d Deps) peopleInvite(r *request.Request) error {
	m, err := d.shop(r, right.MerchantPeople)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	values := form.Values()
	cmd := enroll.InviteCmd{
		MerchantID: m.ID, Email: values.Get("email"), Role: market.Role(values.Get("role")),
		BranchID: market.BranchID(values.Get("branch")),
	}
	if _, err := d.Enroll.Invite(r.Context(), r.Actor, cmd); err != nil {
		c, crewErr := d.crew(r, m)
		if crewErr != nil {
			return crewErr
		}
		return r.Fail(err, func(p request.Problems) templ.Component {
			c.Email, c.Role, c.Problems = cmd.Email, cmd.Role, p
			return peoplePage(d.page(r, m, "enroll.people.title"), c)
		})
	}
	r.Flash(ui.Act, "enroll.people.invited", "Email", cmd.Email)
	return r.Redirect(base(m.ID) + "/people")
}

func (d Deps) peopleRevoke(r *request.Request) error {
	id := market.MerchantID(r.PathValue("shop"))
	form, err := r.Form()
	if err != nil {
		return err
	}
	if err := d.Enroll.Revoke(r.Context(), r.Actor, id, form.Values().Get("invitation")); err != nil {
		return err
	}
	r.Flash(ui.Act, "enroll.people.revoked")
	return r.Redirect(base(id) + "/people")
}

func (d Deps) peopleRemove(r *request.Request) error {
	id := market.MerchantID(r.PathValue("shop"))
	form, err := r.Form()
	if err != nil {
		return err
	}
	who := market.AccountID(form.Values().Get("account"))
	if err := d.Enroll.RemoveMember(r.Context(), r.Actor, id, who); err != nil {
		return err
	}
	if who == r.Actor.AccountID {
		r.Flash(ui.Act, "enroll.people.left")
		return r.Redirect("/me")
	}
	r.Flash(ui.Act, "enroll.people.removed")
	return r.Redirect(base(id) + "/people")
}
