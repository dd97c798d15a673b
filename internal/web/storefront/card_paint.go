package storefront

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
)

// cardAge lets messengers keep a picture for some minutes; the address of a deal's changes with the deal.
const cardAge = "public, max-age=300"

// dealCard paints the picture that stands beside a deal's shared address.
func (d Deps) dealCard(r *request.Request) error {
	s, err := d.load(r.Context(), market.Actor{}, r.Loc.Lang(), market.DealID(r.PathValue("deal")))
	if err != nil {
		return err
	}
	line, _ := word.Line(r.Loc, s.Deal, s.Now)
	key := fmt.Sprintf("%s %s %d %s", r.Loc.Lang(), s.Deal.ID, s.Deal.Version, line)
	return d.paint(r, key, func() (poster.Card, error) {
		card := poster.Card{Brand: r.Loc.T("ui.name"), Title: s.Title, Price: r.Loc.Won(s.Price),
			Foot: strings.Trim(s.MerchantName+" · "+s.Where, " ·"), Say: line, Goal: s.Deal.Threshold,
			Paid: s.Deal.Progress()}
		if off := s.Off(); off > 0 {
			card.Off = r.Loc.Percent(off)
		}
		if len(s.Terms.Pictures) > 0 {
			card.Photo, err = d.photoOf(r.Context(), photo.Ref(s.Terms.Pictures[0]))
		}
		return card, err
	})
}

// merchantCard paints the picture of a shop.
func (d Deps) merchantCard(r *request.Request) error {
	m, err := d.public(r)
	if err != nil {
		return err
	}
	kind, err := category.Find(r.Context(), d.DB, m.Profile.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return err
	}
	place, err := region.Find(r.Context(), d.DB, m.RegionID)
	if err != nil && !errors.Is(err, region.ErrNotFound) {
		return err
	}
	lang := r.Loc.Lang()
	return d.paint(r, fmt.Sprintf("%s %s %d", lang, m.ID, m.Version), func() (card poster.Card, err error) {
		card = poster.Card{Brand: r.Loc.T("ui.name"), Title: m.Business.Name,
			Foot: strings.Trim(place.Label(lang)+" · "+kind.Label(lang), " ·")}
		if len(m.Profile.Pictures) > 0 {
			card.Photo, err = d.photoOf(r.Context(), m.Profile.Pictures[0])
		}
		return card, err
	})
}

// placeCard paints the picture of a neighbourhood's page, or of the whole country's.
func (d Deps) placeCard(r *request.Request) error {
	of := country()
	if id := market.RegionID(r.PathValue("region")); id != "" && id != region.Korea {
		found, err := region.Find(r.Context(), d.DB, id)
		if err != nil {
			return err
		}
		of = found
	}
	lang := r.Loc.Lang()
	return d.paint(r, lang+" "+string(of.ID), func() (poster.Card, error) {
		return poster.Card{Brand: r.Loc.T("ui.name"),
			Title: r.Loc.T("storefront.home.title", "Place", of.FullLabel(lang)), Foot: r.Loc.T("storefront.card")}, nil
	})
}

func (d Deps) paint(r *request.Request, key string, make func() (poster.Card, error)) error {
	if d.Painter == nil {
		return request.ErrNoPage
	}
	file, err := d.Painter.PNG(r.Context(), key, make)
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

// cardHref is the address of a deal's picture, another after each change: messengers keep what they once fetched.
func cardHref(c catalog.Sheet) string {
	return fmt.Sprintf("/d/%s/card.png?v=%d", c.Deal.ID, c.Deal.Version)
}
