package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/transform"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Refusals of a whole file.
var (
	// ErrEmpty answers a file without a first line.
	ErrEmpty = fail.New(fail.Invalid, "sheet.empty")
	// ErrEncoding answers a file that is neither UTF-8 nor CP949, such as a spreadsheet's own format. Args: none.
	ErrEncoding = fail.New(fail.Invalid, "sheet.encoding")
	// ErrColumns answers a first line that lacks columns. Args: Columns, their names joined.
	ErrColumns = fail.New(fail.Invalid, "sheet.columns")
	// ErrHeader answers a first line that cannot be read as a row.
	ErrHeader = fail.New(fail.Invalid, "sheet.header")
)

// Refusals of a row; the reader goes on after them.
var (
	// ErrQuote answers a quotation mark that is never closed, or one in the middle of a value.
	ErrQuote = fail.New(fail.Invalid, "sheet.quote")
	// ErrWidth answers a row with more or fewer values than the first line. Args: Want, Got.
	ErrWidth = fail.New(fail.Invalid, "sheet.width")
	// ErrLong answers a row longer than RowBytesMax.
	ErrLong = fail.New(fail.Invalid, "sheet.long")
	// ErrText answers bytes that are no text in the file's encoding.
	ErrText = fail.New(fail.Invalid, "sheet.text")
)

const (
	// RowBytesMax bounds a row, and with it what a quotation mark that is never closed can swallow.
	RowBytesMax = 64 << 10
	// rowLinesMax bounds the line breaks inside one row for the same reason.
	rowLinesMax = 32
	// sniffBytes is how much is looked at to tell the encoding.
	sniffBytes = 64 << 10
)

// Column is a column the caller knows by name.
type Column struct {
	Name     string
	Required bool
}

// Row is one row of values; it is valid until the next call of Next.
type Row struct {
	Line int // where the row begins, the first line of the file being 1
	from *Reader
}

// Text gives the value of the i-th wanted column without surrounding blanks, "" when the file lacks the column.
func (r Row) Text(i int) string {
	at := r.from.index[i]
	if at < 0 {
		return ""
	}
	return string(bytes.TrimSpace(r.from.cell(at)))
}

// Reader reads rows one at a time.
type Reader struct {
	lines lineReader
	index []int
	width int
	count *countingReader
	scan  scanner
}

// Open reads the first line and finds the wanted columns in it by name. Columns that are not wanted are passed over.
func Open(r io.Reader, want []Column) (*Reader, error) {
	count := &countingReader{from: r}
	text, err := decoded(count)
	if err != nil {
		return nil, err
	}
	s := &Reader{lines: lineReader{from: text, number: 1}, count: count}
	_, err = s.record()
	var refused *fail.Error
	switch {
	case errors.Is(err, io.EOF):
		return nil, ErrEmpty
	case errors.As(err, &refused):
		return nil, ErrHeader.Wrap(err)
	case err != nil:
		return nil, err
	}
	s.width = len(s.scan.ends)
	names := make(map[string]int, s.width)
	for i := range s.width {
		name := columnName(string(s.cell(i)))
		if _, twice := names[name]; !twice {
			names[name] = i
		}
	}
	var missing []string
	for _, column := range want {
		at, found := names[columnName(column.Name)]
		if !found {
			at = -1
			if column.Required {
				missing = append(missing, column.Name)
			}
		}
		s.index = append(s.index, at)
	}
	if len(missing) > 0 {
		return nil, ErrColumns.With("Columns", strings.Join(missing, ", "))
	}
	return s, nil
}

// columnName drops blanks, in which editions of the same file differ.
func columnName(s string) string { return strings.Join(strings.Fields(s), "") }

// Next gives the next row. A *fail.Error refuses this row only, and its Line is set; io.EOF ends the file; any other
// error is the input's own.
func (s *Reader) Next() (Row, error) {
	for {
		row, err := s.record()
		if err != nil {
			return row, err
		}
		got := len(s.scan.ends)
		if got == 1 && len(bytes.TrimSpace(s.cell(0))) == 0 {
			continue // a blank line
		}
		if got != s.width {
			return s.refuse(row, ErrWidth.With("Want", s.width, "Got", got))
		}
		return row, nil
	}
}

// Bytes tells how much of the input has been taken so far, for progress.
func (s *Reader) Bytes() int64 { return s.count.n }

// record reads one row, which may span lines.
func (s *Reader) record() (Row, error) {
	line, err := s.lines.next()
	row := Row{Line: line.number, from: s}
	if err != nil {
		return row, err
	}
	s.scan.begin()
	for {
		if line.long || len(s.scan.data)+len(line.text) > RowBytesMax {
			return s.refuse(row, ErrLong)
		}
		state := s.scan.take(line.text)
		if state == done {
			break
		}
		if state == misplaced || len(s.scan.lines) >= rowLinesMax {
			return s.refuse(row, ErrQuote)
		}
		line, err = s.lines.next()
		if errors.Is(err, io.EOF) {
			return s.refuse(row, ErrQuote)
		}
		if err != nil {
			return row, err
		}
		s.scan.more(line)
	}
	if !s.scan.isText() {
		return s.refuse(row, ErrText)
	}
	return row, nil
}

// refuse answers a bad row. Only its first line is lost: the lines after it are read again as rows of their own, so a
// quotation mark that is never closed costs one row and not the rest of the file.
func (s *Reader) refuse(row Row, why *fail.Error) (Row, error) {
	s.lines.pushBack(s.scan.lines)
	return row, why
}

func (s *Reader) cell(i int) []byte {
	from := 0
	if i > 0 {
		from = s.scan.ends[i-1]
	}
	return s.scan.data[from:s.scan.ends[i]]
}

// countingReader counts what is taken from the input.
type countingReader struct {
	from io.Reader
	n    int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

var (
	markUTF8        = []byte{0xef, 0xbb, 0xbf}
	markUTF16Little = []byte{0xff, 0xfe}
	markUTF16Big    = []byte{0xfe, 0xff}
	markZip         = []byte("PK\x03\x04") // a spreadsheet's own format
)

// decoded gives the input as UTF-8. A file whose beginning is not UTF-8 is taken for CP949, in which Korean
// spreadsheets save; bytes that are no text show up as U+FFFD and refuse their row.
func decoded(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, sniffBytes)
	head, err := in.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for _, mark := range [][]byte{markUTF16Little, markUTF16Big, markZip} {
		if bytes.HasPrefix(head, mark) {
			return nil, ErrEncoding
		}
	}
	if bytes.HasPrefix(head, markUTF8) {
		_, _ = in.Discard(len(markUTF8)) // it was peeked: it is there
		return in, nil
	}
	if utf8.Valid(wholeRunes(head)) {
		return in, nil
	}
	return bufio.NewReaderSize(transform.NewReader(in, korean.EUCKR.NewDecoder()), sniffBytes), nil
}

// wholeRunes cuts off a character that the end of the buffer split.
func wholeRunes(head []byte) []byte {
	for back := 1; back < utf8.UTFMax && back <= len(head); back++ {
		at := len(head) - back
		if utf8.RuneStart(head[at]) {
			if !utf8.FullRune(head[at:]) {
				return head[:at]
			}
			break
		}
	}
	return head
}
