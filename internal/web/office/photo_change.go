package office

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// uploadsMax is how many photos one form carries: each is held in memory until it is made anew.
const uploadsMax = 4

func (d Deps) photoForm(r *request.Request) error {
	m, err := d.shop(r, right.MerchantEdit)
	if err != nil {
		return err
	}
	return r.Render(photoPage(d.page(r, m, "enroll.step.photos"), m, nil))
}

func (d Deps) photoAdd(r *request.Request) error {
	m, err := d.shop(r, right.MerchantEdit)
	if err != nil {
		return err
	}
	files, err := r.FormOf(form.Options{Files: uploadsMax, FileBytes: picture.BytesMaxDefault})
	if err == nil {
		err = d.keepPhotos(r, m, files.Files("pictures"))
	}
	if err != nil {
		if fresh, findErr := d.shop(r, right.MerchantEdit); findErr == nil {
			m = fresh // the photos before the bad one are kept
		}
		return r.Fail(err, func(p request.Problems) templ.Component {
			for i := range p {
				p[i].Field = "pictures"
			}
			return photoPage(d.page(r, m, "enroll.step.photos"), m, p)
		})
	}
	r.Flash(ui.Act, "enroll.photos.added")
	return r.Redirect(base(m.ID) + "/photos")
}

func (d Deps) keepPhotos(r *request.Request, m merchant.Merchant, files []form.File) error {
	if len(files) == 0 {
		return form.ErrRequired.On("pictures")
	}
	for _, file := range files {
		if _, err := d.Enroll.AddPicture(r.Context(), r.Actor, m.ID, file.Data); err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) photoChange(r *request.Request) error {
	m, err := d.shop(r, right.MerchantEdit)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	ref := photo.Ref(form.Values().Get("picture"))
	change := d.Enroll.RemovePicture
	if form.Choice("do", "remove", "first") == "first" {
		change = d.Enroll.PictureFirst
	}
	if err := form.Err(); err != nil {
		return err
	}
	if _, err := change(r.Context(), r.Actor, m.ID, ref); err != nil {
		return err
	}
	return r.Redirect(base(m.ID) + "/photos")
}
