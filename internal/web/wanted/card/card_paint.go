package card

import (
	"fmt"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// Deps are what pictures are painted with.
type Deps struct {
	DB      *db.DB
	Media   blob.Store
	Painter *poster.Painter
}

// Paint paints the picture that stands beside a wish's shared address.
func (d Deps) Paint(r *request.Request) error {
	id := market.WishID(r.PathValue("wish"))
	w, err := wish.Find(r.Context(), d.DB, id)
	if err == nil {
		err = w.Readable()
	}
	if err != nil {
		return err
	}
	where, kind, err := stage.NamesOf(r.Context(), d.DB, r.Loc.Lang(), w)
	if err != nil {
		return err
	}
	shares, err := escrow.Tallies(r.Context(), d.DB, id)
	if err != nil {
		return err
	}
	paid := stage.Paid(shares)
	text, _ := stage.Line(r.Loc, w)
	key := fmt.Sprintf("%s %s %d %d", r.Loc.Lang(), w.ID, w.Version, paid)
	return r.Card(d.Painter, key, func() (card poster.Card, err error) {
		card = poster.Card{Brand: r.Loc.T("wanted.card.brand", "Name", r.Loc.T("ui.name")), Title: w.Name,
			Foot: strings.Trim(stage.Counts(r.Loc, w)+" · "+strings.Trim(where+" · "+kind, " ·"), " ·"), Say: text,
			Goal: w.Threshold, Paid: paid, Firm: max(0, w.Firm-paid)}
		card.Photo, err = request.KeptPhoto(r.Context(), d.Media, photo.Ref(w.Photo))
		return card, err
	})
}
