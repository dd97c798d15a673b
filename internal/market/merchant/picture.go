package merchant

import (
	"slices"

	"github.com/dure-commerce/dure/internal/kit/photo"
)

// WithPicture adds a photo at the end; ErrPictures when there are as many as there may be. The same photo twice is
// once.
func (m Merchant) WithPicture(ref photo.Ref) (Merchant, error) {
	list := slices.DeleteFunc(slices.Clone(m.Profile.Pictures), func(r photo.Ref) bool { return r == ref })
	if len(list) >= PicturesMax {
		return m, ErrPictures.On("pictures").With("Max", PicturesMax)
	}
	m.Profile.Pictures = append(list, ref)
	return m, nil
}

// WithoutPicture takes a photo away; one that is not there is no error.
func (m Merchant) WithoutPicture(ref photo.Ref) Merchant {
	m.Profile.Pictures = slices.DeleteFunc(slices.Clone(m.Profile.Pictures), func(r photo.Ref) bool { return r == ref })
	return m
}

// WithPictureFirst puts a photo in front: it becomes the picture of the shop's card.
func (m Merchant) WithPictureFirst(ref photo.Ref) Merchant {
	if !slices.Contains(m.Profile.Pictures, ref) {
		return m
	}
	without := m.WithoutPicture(ref)
	m.Profile.Pictures = append([]photo.Ref{ref}, without.Profile.Pictures...)
	return m
}
