package request

import (
	"context"
	"errors"
	"image"
	"image/jpeg"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
)

// cardAge lets messengers keep a picture for some minutes; its address changes with what it shows.
const cardAge = "public, max-age=300"

// Card answers with the picture that stands beside a shared address, painted once for a key.
func (r *Request) Card(painter *poster.Painter, key string, paint func() (poster.Card, error)) error {
	file, err := painter.PNG(r.Context(), key, paint)
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", cardAge)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, err = r.W.Write(file)
	return err
}

// KeptPhoto reads a kept photo for such a picture; a shipped drawing, or a photo that is no more, is none.
func KeptPhoto(ctx context.Context, media blob.Store, ref photo.Ref) (image.Image, error) {
	name, kept := strings.CutPrefix(ref.Src(), photo.Prefix)
	if !kept || media == nil {
		return nil, nil
	}
	file, err := media.Get(ctx, blob.Key(strings.TrimSuffix(name, ".jpg")))
	if errors.Is(err, blob.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return jpeg.Decode(file)
}
