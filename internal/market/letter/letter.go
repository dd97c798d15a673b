package letter

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"maps"
	"net/url"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/queue"
)

// Kind is the queue's name of a letter that waits to be mailed.
const Kind = "mail.send"

// Letter is one mail to one person, before it has words.
type Letter struct {
	To     string         `json:"to"` // address
	Name   string         `json:"name"`
	Locale string         `json:"locale"`
	Key    string         `json:"key"` // catalogue key without .subject, .body, .button
	Args   map[string]any `json:"args,omitempty"`
	Href   string         `json:"href,omitempty"` // local address behind the button
	Off    string         `json:"off,omitempty"`  // local address at which the reader ends letters of this sort
	Once   string         `json:"-"`              // the same Once is mailed once; "" mails each time
}

// Send writes a letter with the transaction. Nothing secret belongs into it.
func Send(tx *db.Tx, l Letter) {
	tx.Enqueue(db.Job{Kind: Kind, Key: l.Once, Payload: l})
}

// Post composes and mails letters.
type Post struct {
	Mailer mail.Mailer
	Words  *i18n.Bundle
	Base   string // public origin in front of Letter.Href
	DB     *db.DB // for the clock
}

// Deliver does the job mail.send.
func (p Post) Deliver(ctx context.Context, job queue.Job) error {
	l, err := read(job.Payload)
	if err != nil {
		return queue.Hopeless(err)
	}
	return p.Mail(ctx, job.ID, l)
}

// read gives a letter as it was written: its whole numbers are whole numbers again, which catalogues write as such.
func read(payload string) (Letter, error) {
	var l Letter
	in := json.NewDecoder(strings.NewReader(payload))
	in.UseNumber()
	if err := in.Decode(&l); err != nil {
		return l, err
	}
	for key, value := range l.Args {
		number, ok := value.(json.Number)
		if !ok {
			continue
		}
		whole, err := number.Int64()
		if err != nil {
			return l, err
		}
		l.Args[key] = whole
	}
	return l, nil
}

// Mail composes and mails a letter now; the same id is kept once by a mailer that can tell. What trying again cannot
// mend comes back as queue.Hopeless.
func (p Post) Mail(ctx context.Context, id string, l Letter) error {
	err := p.Mailer.Send(ctx, p.compose(id, l))
	if errors.Is(err, mail.ErrMalformed) || errors.Is(err, mail.ErrRefused) || fail.KindOf(err) == fail.Invalid {
		return queue.Hopeless(err)
	}
	return err
}

// compose writes the letter's words in the reader's language, as text and as HTML.
func (p Post) compose(id string, l Letter) mail.Message {
	loc := p.Words.For(l.Locale)
	args := map[string]any{"Name": l.Name}
	maps.Copy(args, l.Args)
	var paragraphs []string
	for _, paragraph := range strings.Split(loc.Render(l.Key+".body", args), "\n\n") {
		paragraphs = append(paragraphs, strings.TrimSpace(paragraph))
	}
	button, href := "", ""
	if l.Href != "" {
		button, href = loc.Render(l.Key+".button", args), p.Base+l.Href
	}
	sheet := page{lang: loc.Lang(), brand: loc.T("ui.name"), foot: loc.T("mail.foot", "Base", host(p.Base)),
		paragraphs: paragraphs, button: button, href: href}
	if l.Off != "" {
		sheet.end, sheet.off = loc.T("mail.off"), p.Base+l.Off
	}
	return mail.Message{
		ID: id, To: l.To, Name: l.Name, Subject: oneLine(loc.Render(l.Key+".subject", args)),
		Text: sheet.text(), HTML: sheet.html(), At: p.DB.Clock().Now(),
	}
}

// oneLine keeps what became part of a subject from becoming a header; values come from people.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func host(base string) string {
	parsed, err := url.Parse(base)
	if err != nil || parsed.Host == "" {
		return base
	}
	return parsed.Host
}

// page is what a mail shows.
type page struct {
	lang, brand, foot, button, href string
	end, off                        string // the words and the address that end letters of this sort, "" for none
	paragraphs                      []string
}

func (p page) text() string {
	parts := append([]string(nil), p.paragraphs...)
	if p.href != "" {
		parts = append(parts, p.button+"\n"+p.href)
	}
	foot := "-- \n" + p.foot
	if p.off != "" {
		foot += "\n" + p.end + "\n" + p.off
	}
	return strings.Join(append(parts, foot), "\n\n") + "\n"
}

// html is one calm card. Mail programs read no style sheets: what it looks like stands on each element.
func (p page) html() string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + p.lang + `"><head><meta charset="utf-8">` +
		`<meta name="color-scheme" content="light dark"></head>` +
		`<body style="margin:0;padding:24px;background:#faf7f2;color:#2a2620;` +
		`font-family:Pretendard,'Apple SD Gothic Neo','Malgun Gothic',sans-serif;line-height:1.6">` +
		`<div style="max-width:520px;margin:0 auto;background:#ffffff;border-radius:20px;padding:28px">` +
		`<p style="margin:0 0 20px;font-weight:700;color:#1f6f54">` + html.EscapeString(p.brand) + `</p>`)
	for _, paragraph := range p.paragraphs {
		b.WriteString(`<p style="margin:0 0 14px">` +
			strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>") + `</p>`)
	}
	if p.href != "" {
		href := html.EscapeString(p.href)
		b.WriteString(`<p style="margin:22px 0"><a href="` + href + `" style="display:inline-block;padding:13px 22px;` +
			`border-radius:14px;background:#1f6f54;color:#ffffff;text-decoration:none;font-weight:700">` +
			html.EscapeString(p.button) + `</a></p><p style="margin:0;font-size:13px;color:#6b6458;` +
			`word-break:break-all">` + href + `</p>`)
	}
	b.WriteString(`</div><p style="max-width:520px;margin:16px auto 0;font-size:13px;color:#6b6458">` +
		html.EscapeString(p.foot))
	if p.off != "" {
		b.WriteString(`<br><a href="` + html.EscapeString(p.off) + `" style="color:#6b6458">` +
			html.EscapeString(p.end) + `</a>`)
	}
	b.WriteString(`</p></body></html>`)
	return b.String()
}
