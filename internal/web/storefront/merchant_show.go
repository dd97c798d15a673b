package storefront

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// MerchantRoutes mounts the pages of member shops, and of what a person keeps near.
func MerchantRoutes(mux *http.ServeMux, d Deps, e *enroll.Enroll) {
	f := d.Frame
	mux.Handle("GET /kept", f.Signed(d.keptShow))
	mux.Handle("GET /m/{slug}", f.Handle(d.merchantShow))
	mux.Handle("GET /m/{slug}/colour.css", f.Handle(d.merchantColour))
	mux.Handle("POST /m/{slug}/follow", f.Signed(func(r *request.Request) error { return d.merchantFollow(r, e) }))
}

// member is a shop as its page shows it.
type member struct {
	merchant.Merchant
	Kind, Where string
	Branches    []catalog.Branch
	Deals, Past []catalog.Card
	Asked       catalog.Satisfaction
	Followers   int64
	Follows     bool
	Letters     bool // a follower who takes e-mails about new deals
	Now         time.Time
}

// pastMax is how many deals of former days stand on a shop's page.
const pastMax = 6

// public finds the shop of an address that everybody may see; a draft's does not exist.
func (d Deps) public(r *request.Request) (merchant.Merchant, error) {
	m, err := merchant.FindBySlug(r.Context(), d.DB, r.PathValue("slug"))
	if err == nil && !m.Public() {
		err = merchant.ErrNotFound
	}
	return m, err
}

func (d Deps) merchantShow(r *request.Request) error {
	m, err := d.public(r)
	if err != nil {
		return err
	}
	v := member{Merchant: m, Now: r.Now}
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) error { return v.load(r, q) })
	if err != nil {
		return err
	}
	page := r.Page(m.Business.Name)
	page.Description = firstLine(m.Profile.Story)
	page.Canonical = v.href()
	page.NoIndex = false
	page.Picture = v.href() + "/card.png?v=" + strconv.FormatInt(m.Version, 10)
	return r.Render(merchantPage(page, v))
}

// load reads everything around the shop from one consistent view.
func (v *member) load(r *request.Request, q db.Querier) error {
	ctx := r.Context()
	kind, err := category.Find(ctx, q, v.Profile.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return err
	}
	place, err := region.Find(ctx, q, v.RegionID)
	if err != nil && !errors.Is(err, region.ErrNotFound) {
		return err
	}
	v.Kind, v.Where = kind.Label(r.Loc.Lang()), place.Label(r.Loc.Lang())
	branches, err := catalog.Branches(ctx, q, []market.MerchantID{v.ID})
	if err != nil {
		return err
	}
	v.Branches = branches[v.ID]
	if err := v.loadDeals(ctx, q); err != nil {
		return err
	}
	if v.Asked, err = catalog.Of(ctx, q, "merchant:"+string(v.ID)); err != nil {
		return err
	}
	if v.Followers, err = merchant.Followers(ctx, q, v.ID); err != nil {
		return err
	}
	if r.Actor.SignedIn() {
		if v.Follows, err = merchant.Follows(ctx, q, r.Actor.AccountID, v.ID); err != nil {
			return err
		}
		v.Letters, err = merchant.TakesLetters(ctx, q, r.Actor.AccountID, v.ID)
	}
	return err
}

func (v *member) loadDeals(ctx context.Context, q db.Querier) error {
	cards, err := catalog.List(ctx, q, catalog.Filter{MerchantID: v.ID}, v.Now)
	for _, c := range cards {
		if word.PhaseOf(c.Deal, v.Now).Live() {
			v.Deals = append(v.Deals, c)
		} else if len(v.Past) < pastMax {
			v.Past = append(v.Past, c)
		}
	}
	return err
}

// href is the address of the page.
func (v member) href() string { return "/m/" + url.PathEscape(v.Slug) }

// colourHref is the shop's own style; its address changes with the colour, so that it may be kept.
func (v member) colourHref() string {
	return v.href() + "/colour.css?v=" + strings.TrimPrefix(string(v.Profile.Colour), "#")
}

func (v member) line() string {
	parts := []string{}
	for _, part := range []string{v.Kind, v.Where} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// pictures are the shop's photos, or a drawing of its kind.
func (v member) pictures(loc ui.Loc) []ui.Picture {
	var out []ui.Picture
	for i, ref := range v.Profile.Pictures {
		alt := loc.T("merchant.page.photo", "Shop", v.Business.Name, "Nth", strconv.Itoa(i+1))
		out = append(out, word.Picture(string(ref), alt, v.Profile.CategoryID, string(v.ID)))
	}
	if len(out) == 0 {
		out = append(out, word.Picture("", "", v.Profile.CategoryID, string(v.ID)))
	}
	return out
}

// places words the branches as a deal's page does, with the whole week beneath.
func (v member) places(loc ui.Loc) []branchLine {
	s := sheet{Branches: v.Branches, Now: v.Now}
	s.Seller.Phone = v.Business.Phone
	return s.places(loc)
}

// sellerPairs is who stands behind the shop, as the law wants a seller named.
func (v member) sellerPairs(loc ui.Loc) []ui.Pair {
	s := sheet{Branches: v.Branches}
	s.MerchantName = v.Business.Name
	s.Seller = catalog.Seller{Representative: v.Business.Representative, Number: v.Business.Number,
		Phone: v.Business.Phone, Email: v.Business.Email}
	return s.sellerPairs(loc)
}

// week lists what a branch's week looks like, Monday first, with today marked.
func week(loc ui.Loc, h merchant.Hours, now time.Time) []ui.Pair {
	local := now.In(deal.Zone)
	var pairs []ui.Pair
	for ahead := range 7 {
		date := local.AddDate(0, 0, ahead)
		day, note := h.On(date)
		words := loc.T("merchant.page.closed")
		if len(day) > 0 {
			spans := make([]string, len(day))
			for i, s := range day {
				spans[i] = merchant.Clock(s.From) + "–" + merchant.Clock(s.To)
			}
			words = strings.Join(spans, ", ")
		}
		pairs = append(pairs, ui.Pair{Key: loc.Day(date), Value: words, Note: note})
	}
	return pairs
}

// merchantColour paints the top of a shop's page in its own colour, with words that can be read on it. It is a style
// sheet of its own because the content policy allows no style within pages.
func (d Deps) merchantColour(r *request.Request) error {
	m, err := d.public(r)
	if err != nil {
		return err
	}
	colour := m.Profile.Colour
	r.W.Header().Set("Content-Type", "text/css; charset=utf-8")
	r.W.Header().Set("Cache-Control", "public, max-age=86400")
	if colour == "" {
		return nil
	}
	_, err = r.W.Write([]byte(".shop-colour{background:" + string(colour) + ";color:" + string(colour.Ink()) +
		"}\n.shop-colour .tap{color:inherit}\n"))
	return err
}

func (d Deps) merchantFollow(r *request.Request, e *enroll.Enroll) error {
	m, err := d.public(r)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	follows, letters := form.Bool("follows"), form.Values().Get("letters")
	if err := e.Follow(r.Context(), r.Actor, m.ID, follows); err != nil {
		return err
	}
	switch {
	case letters != "":
		if err := d.Follow.Letters(r.Context(), r.Actor, m.ID, letters == "on"); err != nil {
			return err
		}
	case follows:
		r.Flash(ui.Act, "merchant.page.followed", "Shop", m.Business.Name)
	}
	return r.Redirect(member{Merchant: m}.href())
}

// firstLine is the beginning of a story, for search engines and cards of other sites.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
