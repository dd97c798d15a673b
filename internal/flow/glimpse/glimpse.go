package glimpse

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/fetch"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/kit/preview"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/linkcard"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Reader reads an address of the public web; fetch.Client does.
type Reader interface {
	Get(ctx context.Context, address, accept string) (fetch.Page, error)
}

// Deps are what the journey works with.
type Deps struct {
	DB     *db.DB
	Limits *limit.Counter
	Pages  Reader // bounded as pages are
	Photos Reader // bounded as photos are
	Maker  *picture.Maker
	Media  blob.Store
}

// Glimpse runs the journey.
type Glimpse struct{ Deps }

// New makes the journey.
func New(d Deps) *Glimpse { return &Glimpse{d} }

// Bounds of a client that reads photos.
const (
	PhotoBytes = 6 << 20
	photoTime  = 8 * time.Second
	PageTime   = 6 * time.Second
)

// Clients gives the two readers with which a server reads the web.
func Clients(agent string) (pages, photos *fetch.Client) {
	return fetch.New(fetch.Options{Timeout: PageTime, Agent: agent}),
		fetch.New(fetch.Options{Timeout: photoTime, BodyMax: PhotoBytes, Agent: agent})
}

// asks is how many links, not read lately, a person may have read.
func asks() limit.Rule { return limit.Rule{Name: "glimpse", Max: 20, Per: time.Hour} }

// Look gives what a link says of itself. The same link gives the same card until its time is over.
func (g *Glimpse) Look(ctx context.Context, actor market.Actor, link string) (linkcard.Card, error) {
	if err := right.Check(actor, right.WishPost, right.Mine(actor.AccountID)); err != nil {
		return linkcard.Card{}, err
	}
	card, err := linkcard.Begin(link)
	if err != nil {
		return card, err
	}
	known, ok, err := linkcard.Find(ctx, g.DB, card.ID)
	if err != nil {
		return card, err
	}
	if !ok || !known.Fresh(g.DB.Clock().Now()) {
		if err := g.Limits.Take(ctx, asks(), string(actor.AccountID)); err != nil {
			return card, err
		}
		if known, err = g.read(ctx, card); err != nil {
			return card, err
		}
	}
	return known, refusal(known)
}

// refusal is why a card says nothing.
func refusal(c linkcard.Card) error {
	for _, err := range []*fail.Error{fetch.ErrAddress, fetch.ErrLarge, fetch.ErrAnswer} {
		if c.Refused == err.Code {
			return err.On("link")
		}
	}
	return nil
}

// read asks the address and writes down what came of it.
func (g *Glimpse) read(ctx context.Context, card linkcard.Card) (linkcard.Card, error) {
	page, err := g.Pages.Get(ctx, card.URL, "text/html,application/xhtml+xml;q=0.9")
	switch {
	case errors.Is(err, fetch.ErrAddress), errors.Is(err, fetch.ErrLarge), errors.Is(err, fetch.ErrAnswer):
		if ctx.Err() != nil {
			return card, err // the reader has left: that says nothing of the page
		}
		card.Refused = fail.CodeOf(err)
	case err != nil:
		return card, err
	default:
		said := preview.Read(page.URL, page.Type, page.Body)
		card.Title, card.Description, card.Site = said.Title, said.Description, said.Site
		card.Photo = g.photo(ctx, said.Image)
	}
	err = g.DB.Write(ctx, func(tx *db.Tx) (err error) {
		card, err = linkcard.Put(ctx, tx, card)
		return err
	})
	return card, err
}

// photo makes a page's picture one of ours; a picture that cannot be had is none.
func (g *Glimpse) photo(ctx context.Context, address string) string {
	if address == "" {
		return ""
	}
	page, err := g.Photos.Get(ctx, address, "image/jpeg,image/png,image/webp")
	if err != nil || !strings.HasPrefix(strings.ToLower(page.Type), "image/") {
		return ""
	}
	ref, err := photo.Keep(ctx, g.Maker, g.Media, page.Body)
	if err != nil {
		return ""
	}
	return string(ref)
}

// forgetAtOnce bounds one step, so that it never keeps the writer for long.
const forgetAtOnce = 500

// ForgetOnce deletes cards past their time, and reports whether it deleted any.
func (g *Glimpse) ForgetOnce(ctx context.Context) (worked bool, err error) {
	if dead, err := linkcard.AnyDead(ctx, g.DB, g.DB.Clock().Now()); err != nil || !dead {
		return false, err
	}
	var gone int64
	err = g.DB.Write(ctx, func(tx *db.Tx) (err error) {
		gone, err = linkcard.Forget(ctx, tx, forgetAtOnce)
		return err
	})
	return gone > 0, err
}
