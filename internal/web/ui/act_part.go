package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Tone colours a part by what it means: pine acts, persimmon gathers, indigo informs, red is loss.
type Tone string

// The tones; the zero value is quiet.
const (
	Quiet  Tone = ""
	Act    Tone = "act"
	Gather Tone = "gather"
	Info   Tone = "info"
	Loss   Tone = "loss"
	Warn   Tone = "warn"
)

// Look is how loud a button is. A screen has one Primary.
type Look string

// The looks of a button; the zero value is soft.
const (
	Soft    Look = ""
	Primary Look = "act"
	Danger  Look = "danger"
	Outline Look = "line"
	Plain   Look = "plain"
)

// Button is a button that submits its form, a link with Href, or a script hook with Type "button".
type Button struct {
	Label       string
	Look        Look
	Icon        string // lucide name, before the label
	IconEnd     string
	Href        string // makes it a link
	Type        string // "submit" unless set
	Name, Value string
	Form        string // id of a form elsewhere on the page
	Small       bool
	Large       bool // the one big button of a counter screen
	Wide        bool
	Disabled    bool
	Open        string           // id of the Sheet it opens
	Attrs       templ.Attributes // hx-*, data-*
}

// Render writes the button.
func (b Button) Render(ctx context.Context, w io.Writer) error { return b.view().Render(ctx, w) }

func (b Button) class() string {
	class := "btn"
	if b.Look != "" {
		class += " " + string(b.Look)
	}
	for _, flag := range []struct {
		on   bool
		name string
	}{{b.Small, " s"}, {b.Large, " xl"}, {b.Wide, " wide"}} {
		if flag.on {
			class += flag.name
		}
	}
	return class
}

func (b Button) kind() string {
	if b.Type == "" {
		return "submit"
	}
	return b.Type
}

// Icon draws one symbol of the sprite; with a Title it is read aloud, without it is decoration.
type Icon struct {
	Name, Title string
	Small, Big  bool
	Full        bool // filled with its colour
}

// Render writes the icon.
func (i Icon) Render(ctx context.Context, w io.Writer) error { return i.view().Render(ctx, w) }

func (i Icon) class() string {
	class := "icon"
	if i.Small {
		class += " s"
	}
	if i.Big {
		class += " l"
	}
	if i.Full {
		class += " full"
	}
	return class
}

// Chip is a small label; with Href it is a filter one can tap.
type Chip struct {
	Label, Href, Icon string
	Tone              Tone
	Here              bool
}

// Render writes the chip.
func (c Chip) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Tab is one link of Tabs.
type Tab struct {
	Label, Href string
	Count       int64
	Here        bool
}

// Stepper asks for a small number with minus and plus; without script it is a number field.
type Stepper struct {
	ID, Name, Label string
	Value, Min, Max int64
	Form            string
}

// Render writes the stepper.
func (s Stepper) Render(ctx context.Context, w io.Writer) error { return s.view().Render(ctx, w) }

// Share is a button that offers the device's share sheet, or copies the address where there is none.
type Share struct {
	URL, Title, Text, Label string
	IconOnly                bool
}

// Render writes the share button.
func (s Share) Render(ctx context.Context, w io.Writer) error { return s.view().Render(ctx, w) }

// Copy is a button that copies a text.
type Copy struct{ Text, Label string }

// Render writes the copy button.
func (c Copy) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

func toned(base string, tone Tone) string {
	if tone == Quiet {
		return base
	}
	return base + " " + string(tone)
}
