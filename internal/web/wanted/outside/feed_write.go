package outside

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const (
	entriesMax = 50
	idMax      = 60
)

// channel is a feed before it has a form.
type channel struct {
	Title, About, Lang string
	Self, Page         string // whole addresses
	Entries            []entry
	Updated            time.Time // of the newest entry; the server's birth when there is none
}

// entry is one step of one wish.
type entry struct {
	ID, Title, Summary, Link, Category string
	At                                 time.Time
}

// channelOf reads what is new, of a place and a kind when the address names them.
func (d Deps) channelOf(r *request.Request, path string) (channel, error) {
	query, err := r.Query()
	if err != nil {
		return channel{}, err
	}
	of := catalog.NewsOf{CategoryID: market.CategoryID(query.Text("category", 0, idMax)), Limit: entriesMax}
	place := market.RegionID(query.Text("region", 0, idMax))
	if err := query.Err(); err != nil {
		return channel{}, err
	}
	var news []catalog.News
	title, keep, shown := r.Loc.T("outside.feed.title"), url.Values{}, url.Values{}
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		if place != "" {
			where, err := region.Find(r.Context(), q, place)
			if err != nil {
				return err
			}
			title = r.Loc.T("outside.feed.title_in", "Place", where.Label(r.Loc.Lang()))
			keep.Set("region", string(place))
			shown.Set("region", string(place))
			if of.Regions, err = region.Concerning(r.Context(), q, place); err != nil {
				return err
			}
		}
		kind, err := category.Find(r.Context(), q, of.CategoryID)
		if err == nil {
			title += " · " + kind.Label(r.Loc.Lang())
		} else if !errors.Is(err, category.ErrNotFound) {
			return err
		}
		news, err = catalog.WishNews(r.Context(), q, of)
		return err
	})
	if of.CategoryID != "" {
		keep.Set("category", string(of.CategoryID))
		shown.Set("kind", string(of.CategoryID)) // as the list calls it
	}
	c := channel{Title: title, About: r.Loc.T("outside.feed.about"), Lang: r.Loc.Lang(),
		Self: r.Base() + path + asked(keep), Page: r.Base() + "/wanted" + asked(shown), Updated: time.Unix(0, 0).UTC()}
	for _, n := range news {
		c.Entries = append(c.Entries, entryOf(r.Loc, r.Base(), n))
	}
	if len(news) > 0 {
		c.Updated = news[0].At
	}
	return c, err
}

func asked(v url.Values) string {
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// entryOf words a step. Its id stays the same for ever, whatever becomes of the address (RFC 4151).
func entryOf(loc ui.Loc, base string, n catalog.News) entry {
	host := base
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	e := entry{ID: "tag:" + host + "," + n.At.UTC().Format(time.DateOnly) + ":" + string(n.WishID) + "/" + string(n.Step),
		Title: loc.T("outside.feed."+string(n.Step), "Title", n.Name, "Threshold", n.Threshold, "Price", n.Price),
		Link:  base + "/w/" + string(n.WishID), Category: string(n.CategoryID), At: n.At.UTC().Truncate(time.Second)}
	e.Summary = loc.T("outside.feed.crowd", "Firm", n.Firm, "Threshold", n.Threshold)
	if n.Details != "" {
		e.Summary += "\n" + n.Details
	}
	e.Title, e.Summary = clean(e.Title), clean(e.Summary)
	return e
}

// clean takes out what no XML document may hold.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF {
			return r
		}
		return -1
	}, text)
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string        `xml:"id"`
	Title     string        `xml:"title"`
	Link      atomLink      `xml:"link"`
	Published string        `xml:"published"`
	Updated   string        `xml:"updated"`
	Category  *atomCategory `xml:"category"`
	Summary   string        `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  string      `xml:"updated"`
	Author   string      `xml:"author>name"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

func (d Deps) atom(r *request.Request) error {
	c, err := d.channelOf(r, "/wanted.atom")
	if err != nil {
		return err
	}
	f := atomFeed{Lang: c.Lang, ID: c.Self, Title: c.Title, Subtitle: c.About, Updated: c.Updated.Format(time.RFC3339),
		Author: r.Loc.T("ui.name"), Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: c.Self},
			{Rel: "alternate", Type: "text/html", Href: c.Page}}}
	for _, e := range c.Entries {
		at := e.At.Format(time.RFC3339)
		one := atomEntry{ID: e.ID, Title: e.Title, Link: atomLink{Rel: "alternate", Type: "text/html", Href: e.Link},
			Published: at, Updated: at, Summary: e.Summary}
		if e.Category != "" {
			one.Category = &atomCategory{Term: e.Category}
		}
		f.Entries = append(f.Entries, one)
	}
	return serve(r, "application/atom+xml; charset=utf-8", c.Updated, f)
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	Description string  `xml:"description"`
	Category    string  `xml:"category,omitempty"`
	GUID        rssGUID `xml:"guid"`
	PubDate     string  `xml:"pubDate"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	ID          string `xml:",chardata"`
}

type rssChannel struct {
	Title         string    `xml:"title"`
	Link          string    `xml:"link"`
	Description   string    `xml:"description"`
	Language      string    `xml:"language"`
	LastBuildDate string    `xml:"lastBuildDate"`
	TTL           int       `xml:"ttl"`
	Self          atomLink  `xml:"http://www.w3.org/2005/Atom link"`
	Items         []rssItem `xml:"item"`
}

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Channel rssChannel `xml:"channel"`
}

// minutesFresh is for how long a reader need not ask again.
const minutesFresh = 10

func (d Deps) rss(r *request.Request) error {
	c, err := d.channelOf(r, "/wanted.rss")
	if err != nil {
		return err
	}
	f := rssFeed{Version: "2.0", Channel: rssChannel{Title: c.Title, Link: c.Page, Description: c.About, Language: c.Lang,
		LastBuildDate: c.Updated.Format(time.RFC1123Z), TTL: minutesFresh,
		Self: atomLink{Rel: "self", Type: "application/rss+xml", Href: c.Self}}}
	for _, e := range c.Entries {
		f.Channel.Items = append(f.Channel.Items, rssItem{Title: e.Title, Link: e.Link, Description: e.Summary,
			Category: e.Category, GUID: rssGUID{ID: e.ID}, PubDate: e.At.Format(time.RFC1123Z)})
	}
	return serve(r, "application/rss+xml; charset=utf-8", c.Updated, f)
}

// serve writes a feed with the marks by which a reader asks only for what is new.
func serve(r *request.Request, kind string, updated time.Time, feed any) error {
	var out bytes.Buffer
	out.WriteString(xml.Header)
	encoder := xml.NewEncoder(&out)
	encoder.Indent("", " ")
	if err := encoder.Encode(feed); err != nil {
		return err
	}
	sum := sha256.Sum256(out.Bytes())
	public(r, kind)
	r.W.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(r.W, r.Request, "", updated, bytes.NewReader(out.Bytes()))
	return nil
}

// public lets everybody keep an answer that is the same for all who read this language.
func public(r *request.Request, kind string) {
	h := r.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, max-age=600")
	h.Set("Vary", "Accept-Language")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
