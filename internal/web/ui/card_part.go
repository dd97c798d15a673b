package ui

import (
	"context"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// CardOf is a surface that holds one thing.
type CardOf struct {
	Title string // heading inside, optional
	Side  string // quiet words beside the heading
	Href  string // the whole card leads there
	Tone  string // act, gather, info, loss, warn, sunk, flat
	ID    string
	Loose bool // no padding: the content brings its own
	Attrs templ.Attributes
}

func (c CardOf) class() string {
	class := "card"
	if c.Tone != "" {
		class += " tone-" + c.Tone
	}
	return class
}

// Avatar is a face, or the first letter of a name on a colour of its own.
type Avatar struct {
	Name, Src string
	Size      string // "s", "" or "l"
}

// Render writes the avatar; it is decoration, the name stands beside it.
func (a Avatar) Render(ctx context.Context, w io.Writer) error { return a.view().Render(ctx, w) }

func (a Avatar) class() string {
	tones := [...]string{"", " gather", " info", " warn"}
	sum := 0
	for _, letter := range a.Name {
		sum += int(letter)
	}
	class := "ava" + tones[sum%len(tones)]
	if a.Size != "" {
		class += " " + a.Size
	}
	return class
}

func (a Avatar) letter() string {
	letter, size := utf8.DecodeRuneInString(a.Name)
	if size == 0 || letter == utf8.RuneError {
		return "·"
	}
	return string(letter)
}

// Fact is one plain truth with its icon: what happens if, until when, where the money is.
type Fact struct {
	Icon string
	Text string
	Bold string // the words in Text that carry the weight; put in front when Text does not hold them
	More Link
}

// Pair is one line of a key-value list.
type Pair struct {
	Key, Value, Note string
	Total            bool
	Tone             Tone
	Content          templ.Component // instead of Value
}

// Event is one line of what happened: a dot, who did what, and the won.
type Event struct {
	Who   string // the words in Text set bold; put in front when Text does not hold them
	Text  string
	Sub   string
	Won   string
	Tone  Tone // of the dot
	Plus  bool // the won came in
	Minus bool // the won went out
	New   bool // shown softly lit, once
	Todo  bool // not yet happened (Story only)
	At    time.Time
	Now   time.Time
	Act   templ.Component // a button at the end
	Href  string
}

func (e Event) wonClass() string {
	switch {
	case e.Plus:
		return "won plus"
	case e.Minus:
		return "won minus"
	}
	return "won"
}

func (e Event) itemClass() string {
	class := ""
	if e.New {
		class = "new"
	}
	if e.Todo {
		class += " todo"
	}
	return class
}

// Picture is an image with its room kept, so that nothing moves when it arrives.
type Picture struct {
	Src, Alt      string
	Srcset, Sizes string
	Width, Height int64
	Shape         string // "", square, wide, tall, thumb, and "round" added with a space
	Eager         bool   // the first picture of a page
}

// Render writes the picture.
func (p Picture) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

func (p Picture) width() string  { return whole(orDefault(p.Width, 800)) }
func (p Picture) height() string { return whole(orDefault(p.Height, 520)) }

func orDefault(n, otherwise int64) int64 {
	if n == 0 {
		return otherwise
	}
	return n
}

// weighed splits text around the words that carry the weight, so that one sentence of a catalogue stays whole.
func weighed(text, bold string) (before, strong, after string) {
	if bold == "" {
		return text, "", ""
	}
	if before, after, found := strings.Cut(text, bold); found {
		return before, bold, after
	}
	if text == "" {
		return "", bold, ""
	}
	return "", bold, " " + text
}

func (e Event) before() string { before, _, _ := weighed(e.Text, e.Who); return before }
func (e Event) strong() string { _, strong, _ := weighed(e.Text, e.Who); return strong }
func (e Event) after() string  { _, _, after := weighed(e.Text, e.Who); return after }

func (f Fact) before() string { before, _, _ := weighed(f.Text, f.Bold); return before }
func (f Fact) strong() string { _, strong, _ := weighed(f.Text, f.Bold); return strong }
func (f Fact) after() string  { _, _, after := weighed(f.Text, f.Bold); return after }
