package export

import (
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/bizday"
)

// Kind is what a column holds.
type Kind uint8

// The kinds of columns.
const (
	Text Kind = iota
	Number
	Moment
)

// Column is a column of a table.
type Column struct {
	Name string
	Kind Kind
}

// Cell is a value; the column's kind says which field counts. The zero Moment stays empty.
type Cell struct {
	Text   string
	Number int64
	Moment time.Time
}

// Of makes a text cell, Count a number, and At an instant.
func Of(text string) Cell { return Cell{Text: text} }

// Count makes a number cell: won, uses, a place in a sequence.
func Count(n int64) Cell { return Cell{Number: n} }

// At makes a cell of an instant, written as a clock on a Korean wall shows it.
func At(t time.Time) Cell { return Cell{Moment: t} }

// Table is what is written. Rows may end with an error, which ends the file.
type Table struct {
	Sheet   string // name of the sheet in XLSX
	Columns []Column
	Rows    iter.Seq2[[]Cell, error]
}

const (
	momentForm = "2006-01-02 15:04:05"
	// textMax is what a cell of a spreadsheet holds, in characters.
	textMax = 32_767
)

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(bizday.Seoul()).Format(momentForm)
}

// clean drops what no spreadsheet shows, and cuts what none holds.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) || r == '\uFEFF' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(text); len(runes) > textMax {
		return string(runes[:textMax])
	}
	return text
}

// harmless keeps a spreadsheet from reading a text as a formula: programs look at the first character that is not a
// blank, and some read the full-width signs as well.
func harmless(text string) string {
	text = clean(text)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, unicode.IsSpace))
	if strings.ContainsRune("=+-@|%＝＋－＠", first) {
		return "'" + text
	}
	return text
}
