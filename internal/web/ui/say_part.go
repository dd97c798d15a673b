package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Notice tells one thing in place: what happened, what it means, what to do.
type Notice struct {
	Title, Text string
	Tone        Tone // Quiet is informing
	Icon        string
	Act         templ.Component
	Alert       bool // read aloud at once
}

// Render writes the notice.
func (n Notice) Render(ctx context.Context, w io.Writer) error { return n.view().Render(ctx, w) }

func (n Notice) icon() string {
	if n.Icon != "" {
		return n.Icon
	}
	switch n.Tone {
	case Act:
		return "circle-check"
	case Gather:
		return "sparkles"
	case Loss:
		return "circle-alert"
	case Warn:
		return "triangle-alert"
	}
	return "info"
}

func (n Notice) role() string {
	if n.Alert {
		return "alert"
	}
	return "status"
}

// Empty is a page with nothing on it yet: a picture, why, and the way on.
type Empty struct {
	Scene       string // kind of ui/art, such as "noodle"
	Title, Text string
	Act         templ.Component
	Page        bool // it is all there is on the page, whose heading its title is
}

// Render writes the empty state.
func (e Empty) Render(ctx context.Context, w io.Writer) error { return e.view().Render(ctx, w) }

// Quote is somebody's own words with who said them.
type Quote struct{ Words, Who, Note string }

// Render writes the quotation.
func (q Quote) Render(ctx context.Context, w io.Writer) error { return q.view().Render(ctx, w) }

// Pager leads to earlier and later pages by key; empty addresses are ends.
type Pager struct{ Before, After string }

// Render writes the pager, or nothing where there is one page.
func (p Pager) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Lost is the content of an error page.
type Lost struct {
	Status    int    // 403, 404, 410, 429, 500, 503
	Reference string // number to tell the operator, on 500
	Retry     string // address to try again
	Links     []Link // ways on, near what was looked for
	Say       string // instead of the status's own sentence
}

// Render writes the error page's content; put it inside a layout.
func (l Lost) Render(ctx context.Context, w io.Writer) error { return l.view().Render(ctx, w) }

func (l Lost) key() string {
	switch l.Status {
	case 403, 404, 410, 429, 503:
		return "ui.lost." + whole(int64(l.Status))
	}
	return "ui.lost.500"
}

func (l Lost) scene() string {
	switch l.Status {
	case 403:
		return "door"
	case 410:
		return "night"
	case 500:
		return "rain"
	case 429, 503:
		return "queue"
	}
	return "lost"
}
