package ui

import (
	"context"
	"io"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Column is one column of a Table.
type Column struct {
	Label  string
	Num    bool // right-aligned tabular figures
	Centre bool
	Narrow bool // label is for listeners only
}

// Cell is one value of a Table; a Content component goes before Text.
type Cell struct {
	Text, Note, Href string
	Strong           bool
	Keep             bool // is not broken over lines, but where the table folds
	Long             bool // a sentence or more: takes the whole breadth where the table folds
	Tone             Tone
	Content          templ.Component
}

// Table shows rows; on a phone it folds into one card a row, or rolls sideways with the first column kept.
type Table struct {
	Caption     string
	HideCaption bool
	Columns     []Column
	Rows        [][]Cell
	Foot        []Cell // sums
	Roll        bool   // roll sideways instead of folding
	Before      string // keyset pages
	After       string
	Empty       templ.Component // shown instead of a table without rows
}

// Render writes the table.
func (t Table) Render(ctx context.Context, w io.Writer) error { return t.view().Render(ctx, w) }

func (t Table) class() string {
	if t.Roll {
		return "table roll"
	}
	return "table fold-up"
}

func (c Column) class() string {
	switch {
	case c.Num:
		return "n"
	case c.Centre:
		return "mid"
	}
	return ""
}

func (t Table) cellClass(i int, c Cell) string {
	class := ""
	if i < len(t.Columns) {
		class = t.Columns[i].class()
	}
	if c.Strong {
		class += " strong"
	}
	if c.Keep {
		class += " unbroken"
	}
	if c.Long {
		class += " long"
	}
	if c.Tone != Quiet {
		class += " " + string(c.Tone)
	}
	return class
}

func (t Table) label(i int) string {
	if i < len(t.Columns) && !t.Columns[i].Narrow {
		return t.Columns[i].Label
	}
	return ""
}

// Text makes cells of plain words.
func Text(words ...string) []Cell {
	cells := make([]Cell, len(words))
	for i, one := range words {
		cells[i] = Cell{Text: one}
	}
	return cells
}

// Stat is one strong number with what it is and what it means.
type Stat struct {
	Of, Number, Unit, Meaning string
	Tone                      Tone
	Trend                     []int64 // a sparkline beside it
}

// Render writes the number.
func (s Stat) Render(ctx context.Context, w io.Writer) error { return s.view().Render(ctx, w) }

// longNumber is how many signs of a number still stand in one line on a phone.
const longNumber = 12

// long tells that the number takes smaller signs: it is never broken within its digits.
func (s Stat) long() bool { return utf8.RuneCountInString(s.Number) > longNumber }

// Progress is how far a piece of work is; people gathering are a Meter.
type Progress struct {
	Label     string
	Done, All int64
	Gather    bool
	Text      string // beneath; "12 / 40" unless set
}

// Render writes the progress bar.
func (p Progress) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

func (p Progress) percent() string {
	if p.All <= 0 || p.Done <= 0 {
		return "0%"
	}
	return whole(min(p.Done, p.All)*100/p.All) + "%"
}

func (p Progress) text(ctx context.Context) string {
	if p.Text != "" {
		return p.Text
	}
	return L(ctx).Count(p.Done) + " / " + L(ctx).Count(p.All)
}
