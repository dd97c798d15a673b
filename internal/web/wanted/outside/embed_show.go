package outside

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// card is a wish as foreign pages show it.
type card struct {
	Name, Stage, Photo, Href, Lang string
	Threshold, Firm, Watching      int64
	Open                           bool
}

func cardOf(loc ui.Loc, base string, w wish.Wish, now time.Time) card {
	c := card{Name: w.Name, Stage: loc.T("outside.embed.stage." + string(w.State)), Href: base + "/w/" + string(w.ID),
		Threshold: w.Threshold, Firm: w.Firm, Watching: w.Watching, Open: w.Open(now) == nil, Lang: loc.Lang()}
	if ref := photo.Ref(w.Photo); w.Photo != "" && ref.Check() == nil {
		c.Photo = ref.Thumb()
	}
	return c
}

// embed answers the page that may stand in a foreign frame: the only one.
func (d Deps) embed(r *request.Request) error {
	w, err := wish.Find(r.Context(), d.DB, market.WishID(r.PathValue("wish")))
	if err == nil {
		err = w.Readable()
	}
	if err != nil {
		return err
	}
	r.Allow(asset.Policy{Frame: true})
	public(r, "text/html; charset=utf-8")
	r.W.Header().Set("Cache-Control", "public, max-age=60")
	return document(cardOf(r.Loc, r.Base(), w, r.Now)).Render(ui.WithLoc(r.Context(), r.Loc), r.W)
}

// description is an answer of oEmbed 1.0 of the type rich.
type description struct {
	Version         string `json:"version"`
	Type            string `json:"type"`
	Title           string `json:"title"`
	ProviderName    string `json:"provider_name"`
	ProviderURL     string `json:"provider_url"`
	CacheAge        int    `json:"cache_age"`
	HTML            string `json:"html"`
	Width           int64  `json:"width"`
	Height          int64  `json:"height"`
	ThumbnailURL    string `json:"thumbnail_url"`
	ThumbnailWidth  int64  `json:"thumbnail_width"`
	ThumbnailHeight int64  `json:"thumbnail_height"`
}

// Sizes of the frame, and of the picture beside a shared address.
const (
	frameWidth, frameHeight = 360, 460
	frameLeast              = 200
	cardWidth, cardHeight   = 1200, 630
	cacheSeconds            = 600
)

// describe tells a foreign page how to show the address of a wish of ours.
func (d Deps) describe(r *request.Request) error {
	query := r.URL.Query()
	if format := query.Get("format"); format != "" && format != "json" {
		r.W.WriteHeader(http.StatusNotImplemented) // as the standard asks for a format that is not made
		return nil
	}
	id, ok := ours(r.Base(), query.Get("url"))
	if !ok {
		return wish.ErrNotFound
	}
	w, err := wish.Find(r.Context(), d.DB, id)
	if err == nil {
		err = w.Readable()
	}
	if err != nil {
		return err
	}
	width, height := bounded(query.Get("maxwidth"), frameWidth), bounded(query.Get("maxheight"), frameHeight)
	page := r.Base() + EmbedHref(id)
	out := description{Version: "1.0", Type: "rich", Title: w.Name, ProviderName: r.Loc.T("ui.name"),
		ProviderURL: r.Base(), CacheAge: cacheSeconds, Width: width, Height: height,
		ThumbnailURL: r.Base() + "/w/" + string(id) + "/card.png", ThumbnailWidth: cardWidth, ThumbnailHeight: cardHeight,
		HTML: `<iframe src="` + html.EscapeString(page) + `" title="` + html.EscapeString(w.Name) + `" width="` +
			strconv.FormatInt(width, 10) + `" height="` + strconv.FormatInt(height, 10) +
			`" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox" style="border:0"></iframe>`}
	public(r, "application/json; charset=utf-8")
	return json.NewEncoder(r.W).Encode(out)
}

// ours reads the wish out of an address of ours.
func ours(base, address string) (market.WishID, bool) {
	rest, ok := strings.CutPrefix(address, base+"/w/")
	if !ok || base == "" {
		return "", false
	}
	u, err := url.Parse("/" + rest)
	if err != nil {
		return "", false
	}
	id, more, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return market.WishID(id), id != "" && (more == "" || more == "embed")
}

// bounded is the usual size, or the smaller one that is asked for.
func bounded(text string, usual int64) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > usual {
		return usual
	}
	return max(n, frameLeast)
}

// apart opens our own page in a window of its own, which knows nothing of the foreign page.
func apart() templ.Attributes { return templ.Attributes{"target": "_blank", "rel": "noopener"} }
