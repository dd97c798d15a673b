package export

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Widths of columns, in characters.
const (
	widthText   = 24
	widthNumber = 14
	widthMoment = 20
)

// sheetMax is the longest name of a sheet.
const sheetMax = 31

// XLSX writes a table as a workbook of one sheet. Rows go to a temporary file when there are many.
func XLSX(to io.Writer, t Table) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	sheet := sheetName(t.Sheet)
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("sheet name: %w", err)
	}
	head, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	form := "#,##0;[Red]-#,##0"
	number, err := book.NewStyle(&excelize.Style{CustomNumFmt: &form})
	if err != nil {
		return err
	}
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := widths(out, t.Columns); err != nil {
		return err
	}
	if err := fill(out, t, head, number); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return book.Write(to)
}

func widths(out *excelize.StreamWriter, columns []Column) error {
	for i, c := range columns {
		var err error
		switch c.Kind {
		case Number:
			err = out.SetColWidth(i+1, i+1, widthNumber)
		case Moment:
			err = out.SetColWidth(i+1, i+1, widthMoment)
		case Text:
			err = out.SetColWidth(i+1, i+1, widthText)
		}
		if err != nil {
			return err
		}
	}
	return out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func fill(out *excelize.StreamWriter, t Table, head, number int) error {
	line := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = excelize.Cell{StyleID: head, Value: clean(c.Name)}
	}
	if err := out.SetRow("A1", line); err != nil {
		return err
	}
	at := 1
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		at++
		for i, c := range t.Columns {
			switch c.Kind {
			case Number:
				line[i] = excelize.Cell{StyleID: number, Value: row[i].Number}
			case Moment:
				line[i] = moment(row[i].Moment)
			case Text:
				line[i] = clean(row[i].Text) // a typed text cell: never read as a formula
			}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", at), line); err != nil {
			return err
		}
	}
	return nil
}

// sheetName is a name that spreadsheets take.
func sheetName(name string) string {
	var out []rune
	for _, r := range clean(name) {
		switch r {
		case ':', '\\', '/', '?', '*', '[', ']', '\'':
			r = ' '
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		out = []rune("1")
	}
	return string(out[:min(len(out), sheetMax)])
}
