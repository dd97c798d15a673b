package wanted

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui/poster"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// cardAge lets messengers keep a picture for some minutes; its address changes with the wish.
const cardAge = "public, max-age=300"

// card paints the picture that stands beside a wish's shared address.
func (d Deps) card(r *request.Request) error {
	id := market.WishID(r.PathValue("wish"))
	w, err := wish.Find(r.Context(), d.DB, id)
	if err != nil {
		return err
	}
	where, kind, err := namesOf(r.Context(), d.DB, r.Loc.Lang(), w)
	if err != nil {
		return err
	}
	v := view{Wish: w}
	if v.Shares, err = escrow.Tallies(r.Context(), d.DB, id); err != nil {
		return err
	}
	text, _ := stage.Line(r.Loc, w)
	key := fmt.Sprintf("%s %s %d %d", r.Loc.Lang(), w.ID, w.Version, v.paid())
	file, err := d.Painter.PNG(r.Context(), key, func() (card poster.Card, err error) {
		card = poster.Card{Brand: r.Loc.T("wanted.card.brand", "Name", r.Loc.T("ui.name")), Title: w.Name,
			Foot: strings.Trim(stage.Counts(r.Loc, w)+" · "+strings.Trim(where+" · "+kind, " ·"), " ·"), Say: text,
			Goal: w.Threshold, Paid: v.paid(), Firm: max(0, w.Firm-v.paid())}
		card.Photo, err = d.photoOf(r.Context(), photo.Ref(w.Photo))
		return card, err
	})
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

// photoOf reads a kept photo; a shipped drawing, or a photo that is no more, is none.
func (d Deps) photoOf(ctx context.Context, ref photo.Ref) (image.Image, error) {
	name, kept := strings.CutPrefix(ref.Src(), photo.Prefix)
	if !kept || d.Media == nil {
		return nil, nil
	}
	file, err := d.Media.Get(ctx, blob.Key(strings.TrimSuffix(name, ".jpg")))
	if errors.Is(err, blob.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return jpeg.Decode(file)
}
