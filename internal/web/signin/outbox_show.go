package signin

import (
	"regexp"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/web/request"
)

// outboxMax is how many mails the page lists.
const outboxMax = 100

func (d Deps) outboxList(r *request.Request) error {
	mails, err := d.Box.Newest(r.Context(), outboxMax)
	if err != nil {
		return err
	}
	return r.Render(outboxPage(page(r, "signin.outbox.title"), mails, r.Now))
}

func (d Deps) outboxShow(r *request.Request) error {
	m, err := d.Box.Find(r.Context(), r.PathValue("mail"))
	if db.IsNoRow(err) {
		return request.ErrNoPage
	}
	if err != nil {
		return err
	}
	p := page(r, "signin.outbox.title")
	p.Title, p.Back, p.Heading = m.Subject, "/outbox", r.Loc.T("signin.outbox.title")
	return r.Render(mailPage(p, m, piecesOf(r.Base(), m)))
}

// piece is text, or a link of ours in it: links of a mail can be followed here, foreign ones stay words.
type piece struct{ Text, Href string }

var address = regexp.MustCompile(`https?://\S+`)

func piecesOf(base string, m mail.Message) []piece {
	var pieces []piece
	at := 0
	for _, hit := range address.FindAllStringIndex(m.Text, -1) {
		url := m.Text[hit[0]:hit[1]]
		if base == "" || len(url) <= len(base) || url[:len(base)+1] != base+"/" {
			continue
		}
		pieces = append(pieces, piece{Text: m.Text[at:hit[0]]}, piece{Text: url, Href: url[len(base):]})
		at = hit[1]
	}
	return append(pieces, piece{Text: m.Text[at:]})
}
