package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// line is one physical line without its end; text is valid until the next line is read.
type line struct {
	text   []byte
	number int
	long   bool // cut at RowBytesMax; the rest is gone
}

// lineReader gives lines, those pushed back first.
type lineReader struct {
	from   *bufio.Reader
	number int // of the line that comes next from the input
	queue  []line
	buffer []byte
}

func (l *lineReader) next() (line, error) {
	if len(l.queue) > 0 {
		first := l.queue[0]
		l.queue = l.queue[1:]
		return first, nil
	}
	out := line{number: l.number}
	l.buffer = l.buffer[:0]
	for {
		part, err := l.from.ReadSlice('\n')
		if len(l.buffer)+len(part) <= RowBytesMax {
			l.buffer = append(l.buffer, part...)
		} else {
			out.long = true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return out, err
		}
		if err != nil && len(l.buffer) == 0 && !out.long {
			return out, io.EOF
		}
		break
	}
	l.number++
	out.text = bytes.TrimSuffix(bytes.TrimSuffix(l.buffer, []byte("\n")), []byte("\r"))
	return out, nil
}

// pushBack returns lines to be read again before the others.
func (l *lineReader) pushBack(lines []line) {
	if len(lines) > 0 {
		l.queue = append(append([]line(nil), lines...), l.queue...)
	}
}

// state is how a scan stands at the end of a line.
type state uint8

const (
	done      state = iota // the row is whole
	open                   // inside quotes: the row goes on
	misplaced              // a quotation mark where none may stand
)

// scanner splits a row into cells, which it keeps end to end in one buffer.
type scanner struct {
	data   []byte
	ends   []int
	quotes bool   // inside quotes
	lines  []line // copies of the row's further lines, to be read again when the row is refused
}

func (s *scanner) begin() {
	s.data, s.ends, s.quotes, s.lines = s.data[:0], s.ends[:0], false, nil
}

// more keeps a further line of an open row.
func (s *scanner) more(next line) {
	next.text = bytes.Clone(next.text)
	s.lines = append(s.lines, next)
	s.data = append(s.data, '\n')
}

// take scans a line; after open, the next line goes on inside the quotes.
func (s *scanner) take(rest []byte) state {
	for {
		if s.quotes {
			var st state
			if rest, st = s.quoted(rest); st != done || rest == nil {
				return st
			}
		}
		if len(rest) > 0 && rest[0] == '"' {
			s.quotes, rest = true, rest[1:]
			continue
		}
		comma := bytes.IndexByte(rest, ',')
		if comma < 0 {
			s.data = append(s.data, rest...)
			s.end()
			return done
		}
		s.data = append(s.data, rest[:comma]...)
		s.end()
		rest = rest[comma+1:]
	}
}

// quoted reads on inside quotes. It gives what follows the comma after them, nil at the end of the line.
func (s *scanner) quoted(rest []byte) ([]byte, state) {
	for {
		quote := bytes.IndexByte(rest, '"')
		if quote < 0 {
			s.data = append(s.data, rest...)
			return nil, open
		}
		s.data = append(s.data, rest[:quote]...)
		rest = rest[quote+1:]
		switch {
		case len(rest) == 0:
			s.end()
			return nil, done
		case rest[0] == '"':
			s.data, rest = append(s.data, '"'), rest[1:]
		case rest[0] == ',':
			s.end()
			return rest[1:], done
		default:
			return nil, misplaced
		}
	}
}

func (s *scanner) end() {
	s.quotes = false
	s.ends = append(s.ends, len(s.data))
}

// isText reports a row without broken characters.
func (s *scanner) isText() bool {
	return utf8.Valid(s.data) && !bytes.ContainsRune(s.data, utf8.RuneError)
}
