package notice

import (
	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/web/request"
)

func wishOffOf(get func(string) string) announce.Off {
	off := offOf(get)
	return announce.Off{AccountID: off.AccountID, MerchantID: off.MerchantID, Mark: off.Mark}
}

// wishOffForm asks once, as offForm does.
func (d Deps) wishOffForm(r *request.Request) error {
	off := wishOffOf(r.URL.Query().Get)
	m, err := d.Announce.CheckOff(r.Context(), off)
	if err != nil {
		return err
	}
	return r.Render(wishOffPage(d.page(r), m, off, false))
}

func (d Deps) wishOff(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	off := wishOffOf(form.Values().Get)
	m, err := d.Announce.CheckOff(r.Context(), off)
	if err != nil {
		return err
	}
	if err := d.Announce.EndLetters(r.Context(), off); err != nil {
		return err
	}
	return r.Render(wishOffPage(d.page(r), m, off, true))
}
