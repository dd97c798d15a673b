package office

import (
	"errors"
	"net/http"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// invitationShow asks; a link that a mail program opens by itself accepts nothing.
func (d Deps) invitationShow(r *request.Request) error {
	secret := r.URL.Query().Get("t")
	invited, err := d.Enroll.Invitation(r.Context(), secret)
	if errors.Is(err, merchant.ErrInvitation) {
		return d.deadInvitation(r, err)
	}
	if err != nil {
		return err
	}
	page := r.Page(r.Loc.T("enroll.invitation.title"))
	page.NoIndex, page.Path = true, r.URL.Path
	return r.Render(invitationPage(page, invited, secret, r.Actor))
}

func (d Deps) deadInvitation(r *request.Request, err error) error {
	page := r.Page(r.Loc.T("enroll.invitation.title"))
	page.NoIndex, page.Path = true, r.URL.Path
	return r.RenderStatus(http.StatusGone, deadPage(page, r.Say(err)))
}

func (d Deps) invitationAccept(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	i, err := d.Enroll.Accept(r.Context(), r.Actor, form.Values().Get("t"))
	if errors.Is(err, merchant.ErrInvitation) {
		return d.deadInvitation(r, err)
	}
	if err != nil {
		return err
	}
	r.Flash(ui.Act, "enroll.invitation.done")
	if i.Role == market.RoleScan {
		return r.Redirect("/counter")
	}
	r.Keep(chosenKey, string(i.MerchantID))
	return r.Redirect("/office")
}
