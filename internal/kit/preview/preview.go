package preview

import (
	"bytes"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// Card is what a page says of itself; what it does not say is "".
type Card struct {
	Title       string
	Description string
	Site        string
	Image       string // a whole address, of the web
}

const (
	titleMax       = 120 // letters
	descriptionMax = 300
	siteMax        = 60
	addressMax     = 2_000 // bytes
	tokensMax      = 5_000 // of a head: what comes later is nobody's card
)

// Read reads a page that came from an address. What is no HTML gives an empty card.
func Read(address, contentType string, body []byte) Card {
	if !strings.Contains(strings.ToLower(contentType), "html") {
		return Card{}
	}
	letters, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil {
		return Card{}
	}
	said := head(html.NewTokenizer(letters))
	first := func(names ...string) string {
		for _, name := range names {
			if said[name] != "" {
				return said[name]
			}
		}
		return ""
	}
	return Card{
		Title:       short(first("og:title", "twitter:title", titleName), titleMax),
		Description: short(first("og:description", "twitter:description", "description"), descriptionMax),
		Site:        short(first("og:site_name", "application-name"), siteMax),
		Image:       whole(address, first("og:image:secure_url", "og:image", "og:image:url", "twitter:image")),
	}
}

// titleName is the title element among what is said: no meta element can have that name.
const titleName = "<title>"

// head reads the meta elements, the first of each name, and the title, until the page's body begins.
func head(z *html.Tokenizer) map[string]string {
	said, inTitle := map[string]string{}, false
	for range tokensMax {
		switch kind := z.Next(); kind {
		case html.TextToken:
			if inTitle && said[titleName] == "" {
				said[titleName] = string(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			t := z.Token()
			switch ends := kind == html.EndTagToken; {
			case t.DataAtom == atom.Title:
				inTitle = !ends
			case t.DataAtom == atom.Body, t.DataAtom == atom.Head && ends:
				return said
			case t.DataAtom == atom.Meta:
				if name, content := meta(t); name != titleName && said[name] == "" {
					said[name] = content
				}
			}
		case html.ErrorToken:
			return said
		case html.CommentToken, html.DoctypeToken:
		}
	}
	return said
}

func meta(t html.Token) (name, content string) {
	for _, a := range t.Attr {
		switch a.Key {
		case "property", "name":
			if name == "" {
				name = strings.ToLower(strings.TrimSpace(a.Val))
			}
		case "content":
			content = a.Val
		}
	}
	return name, content
}

// short makes a text one line of so many letters: without what steers a screen or turns the direction of writing.
func short(text string, most int) string {
	var b strings.Builder
	n, blank := 0, false
	for _, r := range strings.ToValidUTF8(text, "") {
		switch {
		case unicode.IsSpace(r):
			blank = n > 0
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar:
		default:
			if blank {
				b.WriteByte(' ')
				n++
			}
			blank = false
			if n >= most {
				return strings.TrimRight(b.String(), " ") + "…"
			}
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

// whole completes an address by the page's own; "" is what leads nowhere on the web.
func whole(page, address string) string {
	base, err := url.Parse(page)
	if err != nil || address == "" || len(address) > addressMax {
		return ""
	}
	u, err := base.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
