package parcel

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sheet"
)

// Limits of a sheet.
const (
	BytesMax = 4 << 20
	RowsMax  = 20_000
)

// Refusals of a sheet and of its rows.
var (
	ErrLarge = fail.New(fail.TooLarge, "escrow.parcel.large") // Args: Rows
	ErrOrder = fail.New(fail.Invalid, "escrow.parcel.order")  // no order's number can look like this
	ErrTwice = fail.New(fail.Invalid, "escrow.parcel.twice")  // the order stands in an earlier line; Args: Line
	ErrSame  = fail.New(fail.Invalid, "escrow.parcel.same")   // another order has this parcel; Args: Line
	// ErrUnknown is an order that is not among those to be sent.
	ErrUnknown = fail.New(fail.NotFound, "escrow.unknown_order")
	errRow     = fail.New(fail.Invalid, "escrow.parcel.bad_row") // for what the reader refuses without a reason of its own
)

// Row is one parcel of a sheet.
type Row struct {
	Line  int
	Order string // an order's id, or the number people read out: see OrderKey
	Name
}

// Fault is a row that was not taken, by the line of the file in which it begins, the first being 1.
type Fault struct {
	Line int
	Err  *fail.Error
}

// Sheet is what was read: good rows are kept whatever the others are.
type Sheet struct {
	Rows   []Row
	Faults []Fault
}

// headers are the first lines that are understood: order, carrier, number.
func headers() [][3]string {
	return [][3]string{
		{"주문번호", "택배사", "송장번호"},
		{"주문번호", "택배사", "운송장번호"},
		{"order", "carrier", "number"},
	}
}

// ReadSheet reads a seller's CSV with the columns 주문번호, 택배사 and 송장번호, in UTF-8 with or without a mark or in CP949.
// Only a file that cannot be read at all is an error: sheet's own refusals, and ErrLarge.
func ReadSheet(data []byte) (Sheet, error) {
	if len(data) > BytesMax {
		return Sheet{}, ErrLarge.With("Rows", int64(RowsMax))
	}
	reader, err := open(data)
	if err != nil {
		return Sheet{}, err
	}
	out, orders, names := Sheet{}, map[string]int{}, map[Name]int{}
	for {
		raw, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if len(out.Rows)+len(out.Faults) >= RowsMax {
			return Sheet{}, ErrLarge.With("Rows", int64(RowsMax))
		}
		row := Row{Line: raw.Line}
		if err == nil {
			row, err = readRow(raw)
		} else if _, refused := fail.As(err); !refused {
			return Sheet{}, err
		}
		if err == nil {
			err = row.alone(orders, names)
		}
		if err != nil {
			out.Faults = append(out.Faults, Fault{Line: row.Line, Err: reason(err)})
			continue
		}
		out.Rows = append(out.Rows, row)
	}
}

func open(data []byte) (*sheet.Reader, error) {
	var first error
	for _, names := range headers() {
		columns := make([]sheet.Column, len(names))
		for i, name := range names {
			columns[i] = sheet.Column{Name: name, Required: true}
		}
		reader, err := sheet.Open(bytes.NewReader(data), columns)
		if !errors.Is(err, sheet.ErrColumns) {
			return reader, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

func readRow(raw sheet.Row) (Row, error) {
	row := Row{Line: raw.Line}
	var err error
	if row.Order, err = OrderKey(raw.Text(0)); err != nil {
		return row, err
	}
	row.Name, err = Read(raw.Text(1), raw.Text(2))
	return row, err
}

// alone refuses an order's second row and a second order's parcel.
func (r Row) alone(orders map[string]int, names map[Name]int) error {
	if line, known := orders[r.Order]; known {
		return ErrTwice.With("Line", int64(line))
	}
	if line, known := names[r.Name]; known && r.Traced() {
		return ErrSame.With("Line", int64(line))
	}
	orders[r.Order], names[r.Name] = r.Line, r.Line
	return nil
}

func reason(err error) *fail.Error {
	if why, ok := fail.As(err); ok {
		return why
	}
	return errRow.Wrap(err)
}

// orderPrefix begins an order's whole id.
const orderPrefix = "ord_"

// OrderKey reads an order's id, or the number that people read out ("4KXQ-9M2P"), in the form that KeysOf gives; it
// answers ErrOrder.
func OrderKey(text string) (string, error) {
	plain := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), "-", ""))
	code, whole := strings.CutPrefix(plain, orderPrefix)
	const idLength, numberLength = 26, 8
	if whole && len(code) != idLength || !whole && len(code) != numberLength {
		return "", ErrOrder.On("order")
	}
	for _, c := range []byte(code) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return "", ErrOrder.On("order")
		}
	}
	return plain, nil
}

// KeysOf gives the keys under which a sheet may name an order: its id, and its number.
func KeysOf(id string) (whole, number string) {
	whole = strings.ToLower(id)
	return whole, whole[max(0, len(whole)-8):]
}

// Match gives each row the whole id of its order among those to be sent; a row whose order is not there becomes a
// fault. Two orders whose numbers are alike are told apart by their whole ids only.
func (s Sheet) Match(ids []string) Sheet {
	orders := map[string]string{}
	for _, id := range ids {
		whole, number := KeysOf(id)
		orders[whole] = id
		if _, twice := orders[number]; twice {
			id = ""
		}
		orders[number] = id
	}
	out, lines := Sheet{Faults: slices.Clone(s.Faults)}, map[string]int{}
	for _, row := range s.Rows {
		id := orders[row.Order]
		first, twice := lines[id]
		switch {
		case id == "":
			out.Faults = append(out.Faults, Fault{Line: row.Line, Err: ErrUnknown})
		case twice:
			out.Faults = append(out.Faults, Fault{Line: row.Line, Err: ErrTwice.With("Line", int64(first))})
		default:
			lines[id], row.Order = row.Line, id
			out.Rows = append(out.Rows, row)
		}
	}
	slices.SortStableFunc(out.Faults, func(a, b Fault) int { return a.Line - b.Line })
	return out
}
