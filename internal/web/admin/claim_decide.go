package admin

import (
	"context"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// keyMax bounds an idempotency key and an id of a form.
const keyMax = 64

func (d Deps) claimGrant(r *request.Request) error {
	return d.claimStep(r, "grant", d.Enroll.GrantClaim)
}

func (d Deps) claimRefuse(r *request.Request) error {
	return d.claimStep(r, "refuse", d.Enroll.RefuseClaim)
}

func (d Deps) claimRelease(r *request.Request) error {
	return d.claimStep(r, "release", d.Enroll.ReleaseClaim)
}

// claimStep reads which claim and why, and takes one step with it.
func (d Deps) claimStep(
	r *request.Request, name string, step func(context.Context, market.Actor, enroll.ClaimStep) error,
) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	reason := form.Values().Get("reason")
	cmd := enroll.ClaimStep{
		MerchantID: shopOf(r), ClaimID: directory.ClaimID(form.Text("claim", 1, keyMax)), Reason: reason,
		Key: form.Text("key", 0, keyMax),
	}
	if err = form.Err(); err == nil {
		err = step(r.Context(), r.Actor, cmd)
	}
	if err != nil {
		return d.refused(r, err, name+string(cmd.ClaimID), reason)
	}
	m, err := merchant.Find(r.Context(), d.DB, cmd.MerchantID)
	if err != nil {
		return err
	}
	r.Flash(ui.Act, "admin.claim.done."+name, "Shop", m.Business.Name)
	return r.Redirect(home + "/" + string(m.ID))
}
