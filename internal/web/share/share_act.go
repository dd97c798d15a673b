package share

import (
	"context"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

type act func(context.Context, market.Actor, market.OrderID) (escrow.Share, error)

func (d Deps) confirm(r *request.Request) error {
	return d.do(r, d.Deliver.Confirm, "share.confirm.done")
}

func (d Deps) wait(r *request.Request) error { return d.do(r, d.Deliver.Wait, "share.wait.done") }

func (d Deps) withdraw(r *request.Request) error {
	return d.do(r, d.Deliver.Withdraw, "share.withdraw.done")
}

// do takes one step of a member. Sending the form again is answered as the first time.
func (d Deps) do(r *request.Request, step act, said string) error {
	id := market.OrderID(r.PathValue("order"))
	in, err := r.Form()
	if err != nil {
		return err
	}
	in.Text("key", 1, keyMax)
	if err := in.Err(); err != nil {
		return d.failed(r, err)
	}
	if _, err := step(r.Context(), r.Actor, id); err != nil {
		return d.failed(r, err)
	}
	r.Flash(ui.Act, said)
	return r.Redirect("/shares/" + string(id))
}

func (d Deps) addressShow(r *request.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if !x.May.Address {
		return r.Redirect("/shares/" + string(x.OrderID))
	}
	a := address.Address{}
	if x.Address != nil {
		a = *x.Address
	}
	return r.Render(d.addressForm(r, x, a)(nil))
}

func (d Deps) addressForm(
	r *request.Request, x deliver.Detail, a address.Address,
) func(request.Problems) templ.Component {
	page := r.Page(r.Loc.T("share.address.title"))
	page.Back, page.NoIndex = "/shares/"+string(x.OrderID), true
	v := addressView{Wish: x.Wish.Name, Action: "/shares/" + string(x.OrderID) + "/address", Key: r.NewKey(), Address: a}
	return func(p request.Problems) templ.Component {
		v.Problems = p
		return addressPage(page, v)
	}
}

// The longest parts of an address that are read at all; market/escrow/address says what is too long.
const partMax = 400

func (d Deps) addressKeep(r *request.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	in, err := r.Form()
	if err != nil {
		return err
	}
	in.Text("key", 1, keyMax)
	a := address.Address{Name: in.Text("name", 0, partMax), Phone: in.Text("phone", 0, partMax),
		Postcode: in.Text("postcode", 0, partMax), Line: in.Text("line", 0, partMax),
		Detail: in.Text("detail", 0, partMax), Note: in.Text("note", 0, partMax)}
	err = in.Err()
	if err == nil {
		err = d.Deliver.PutAddress(r.Context(), r.Actor, x.OrderID, a)
	}
	if err != nil {
		return r.Fail(err, d.addressForm(r, x, a))
	}
	r.Flash(ui.Act, "share.address.done")
	return r.Redirect("/shares/" + string(x.OrderID))
}

// photos bounds uploads: each file in bytes, and how many.
func photos() form.Options {
	return form.Options{FileBytes: 12 << 20, Files: escrow.PicturesMax + 1}
}

func files(in *form.Form) (out [][]byte) {
	for _, f := range in.Files("pictures") {
		if len(f.Data) > 0 {
			out = append(out, f.Data)
		}
	}
	return out
}
