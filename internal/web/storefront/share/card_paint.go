package share

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
)

// Deps are what the pictures are made of.
type Deps struct {
	Frame   *request.Frame
	DB      *db.DB
	Painter *poster.Painter
	Media   blob.Store // holds kept photos
}

// Routes mounts the pictures' addresses; without a painter there are none.
func Routes(mux *http.ServeMux, d Deps) {
	if d.Painter == nil {
		return
	}
	mux.Handle("GET /d/{deal}/card.png", d.Frame.Handle(d.deal))
	mux.Handle("GET /m/{slug}/card.png", d.Frame.Handle(d.merchant))
	mux.Handle("GET /r/{region}/card.png", d.Frame.Handle(d.place))
	mux.Handle("GET /card.png", d.Frame.Handle(d.place))
}

// deal paints the picture that stands beside a deal's shared address.
func (d Deps) deal(r *request.Request) error {
	s, err := catalog.Find(r.Context(), d.DB, market.DealID(r.PathValue("deal")), r.Now)
	if err != nil {
		return err
	}
	var where region.Region
	if len(s.Regions) > 0 {
		if where, err = d.region(r.Context(), s.Regions[0]); err != nil {
			return err
		}
	}
	line, _ := word.Line(r.Loc, s.Deal, r.Now)
	key := fmt.Sprintf("%s %s %d %s", r.Loc.Lang(), s.Deal.ID, s.Deal.Version, line)
	return r.Card(d.Painter, key, func() (poster.Card, error) {
		card := poster.Card{Brand: r.Loc.T("ui.name"), Title: s.Title, Price: r.Loc.Won(s.Price),
			Foot: strings.Trim(s.MerchantName+" · "+where.Label(r.Loc.Lang()), " ·"), Say: line, Goal: s.Deal.Threshold,
			Paid: s.Deal.Progress()}
		if off := s.Off(); off > 0 {
			card.Off = r.Loc.Percent(off)
		}
		if len(s.Terms.Pictures) > 0 {
			card.Photo, err = request.KeptPhoto(r.Context(), d.Media, photo.Ref(s.Terms.Pictures[0]))
		}
		return card, err
	})
}

// merchant paints the picture of a shop.
func (d Deps) merchant(r *request.Request) error {
	m, err := merchant.FindBySlug(r.Context(), d.DB, r.PathValue("slug"))
	if err != nil {
		return err
	}
	if !m.Public() {
		return merchant.ErrNotFound
	}
	kind, err := category.Find(r.Context(), d.DB, m.Profile.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return err
	}
	place, err := d.region(r.Context(), m.RegionID)
	if err != nil {
		return err
	}
	lang := r.Loc.Lang()
	return r.Card(d.Painter, fmt.Sprintf("%s %s %d", lang, m.ID, m.Version), func() (card poster.Card, err error) {
		card = poster.Card{Brand: r.Loc.T("ui.name"), Title: m.Business.Name,
			Foot: strings.Trim(place.Label(lang)+" · "+kind.Label(lang), " ·")}
		if len(m.Profile.Pictures) > 0 {
			card.Photo, err = request.KeptPhoto(r.Context(), d.Media, m.Profile.Pictures[0])
		}
		return card, err
	})
}

// place paints the picture of a neighbourhood's page, or of the whole country's.
func (d Deps) place(r *request.Request) error {
	lang, name := r.Loc.Lang(), r.Loc.T("storefront.everywhere")
	id := market.RegionID(r.PathValue("region"))
	if id != "" && id != region.Korea {
		of, err := region.Find(r.Context(), d.DB, id)
		if err != nil {
			return err
		}
		name = of.FullLabel(lang)
	}
	return r.Card(d.Painter, lang+" place "+string(id), func() (poster.Card, error) {
		return poster.Card{Brand: r.Loc.T("ui.name"), Title: r.Loc.T("storefront.home.title", "Place", name),
			Foot: r.Loc.T("storefront.card")}, nil
	})
}

// region finds where something is; what is in no list stays unsaid.
func (d Deps) region(ctx context.Context, id market.RegionID) (region.Region, error) {
	of, err := region.Find(ctx, d.DB, id)
	if errors.Is(err, region.ErrNotFound) {
		return region.Region{}, nil
	}
	return of, err
}
