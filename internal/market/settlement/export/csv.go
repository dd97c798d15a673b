package export

import (
	"encoding/csv"
	"io"
	"strconv"
)

// mark tells Excel that a CSV file is UTF-8.
const mark = "\uFEFF"

// CSV writes a table as comma-separated values.
func CSV(to io.Writer, t Table) error {
	if _, err := io.WriteString(to, mark); err != nil {
		return err
	}
	out := csv.NewWriter(to)
	out.UseCRLF = true
	line := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = harmless(c.Name)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		for i, c := range t.Columns {
			line[i] = c.Kind.text(row[i])
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// text is a cell as CSV writes it. A number's minus is no formula: it stands before digits only.
func (k Kind) text(c Cell) string {
	switch k {
	case Number:
		return strconv.FormatInt(c.Number, 10)
	case Moment:
		return moment(c.Moment)
	case Text:
	}
	return harmless(c.Text)
}
