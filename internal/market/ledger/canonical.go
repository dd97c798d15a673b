package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Canonical bytes, version 1. They are kept beside the entry as they were made, and are what a log's leaf will hold:
// pseudonymous ids and amounts only, no sequence and no personal data (decision 9).
//
//	entry   = version text(id) integer(at) text(day) text(rule) text(scope) text(mirrors)
//	          text(deal) text(order) text(voucher) text(merchant) text(policy) count line*
//	line    = text(account) text(party) side integer(amount)
//	version = 1 byte, 1
//	text    = 2 bytes length, big-endian, and so many bytes of UTF-8
//	integer = 8 bytes two's complement, big-endian; at is in microseconds since 1970, UTC
//	count   = 2 bytes number of lines, big-endian
//	side    = 1 byte, 'D' or 'C'
//
// Every accepted text of bytes is the encoding of exactly one entry, and of no other.
const canonicalVersion = 1

// Canonical gives the canonical bytes of an entry.
func Canonical(e Entry) []byte {
	b := make([]byte, 0, 192+48*len(e.Lines))
	b = append(b, canonicalVersion)
	b = appendText(b, string(e.ID))
	b = binary.BigEndian.AppendUint64(b, uint64(db.Micros(e.At)))
	for _, s := range [...]string{e.Day, string(e.Rule), e.Scope, string(e.Mirrors), string(e.DealID),
		string(e.OrderID), string(e.VoucherID), string(e.MerchantID), e.PolicyID} {
		b = appendText(b, s)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(e.Lines)))
	for _, l := range e.Lines {
		b = appendText(b, string(l.Account))
		b = appendText(b, l.Party)
		b = append(b, l.Side[0])
		b = binary.BigEndian.AppendUint64(b, uint64(l.Amount))
	}
	return b
}

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
	return append(b, s...)
}

// Decode reads canonical bytes back; what it accepts encodes to the same bytes again. It answers ErrBytes.
func Decode(b []byte) (Entry, error) {
	r := reader{rest: b}
	if v := r.byte(); v != canonicalVersion && r.err == nil {
		return Entry{}, ErrBytes.Wrap(fmt.Errorf("version %d is not known", v))
	}
	e := Entry{ID: market.EntryID(r.text()), At: db.FromMicros(r.integer())}
	e.Day = r.text()
	e.Rule = Rule(r.text())
	e.Scope = r.text()
	e.Mirrors = market.EntryID(r.text())
	e.DealID = market.DealID(r.text())
	e.OrderID = market.OrderID(r.text())
	e.VoucherID = market.VoucherID(r.text())
	e.MerchantID = market.MerchantID(r.text())
	e.PolicyID = r.text()
	for n := r.count(); n > 0 && r.err == nil; n-- {
		l := Line{Account: Account(r.text()), Party: r.text()}
		l.Side = r.side()
		l.Amount = r.amount()
		e.Lines = append(e.Lines, l)
	}
	if r.err == nil && len(r.rest) > 0 {
		r.fail("%d bytes follow the entry", len(r.rest))
	}
	if r.err != nil {
		return Entry{}, ErrBytes.Wrap(r.err)
	}
	return e, nil
}

// reader takes parts off the front; after the first fault it gives zeros.
type reader struct {
	rest []byte
	err  error
}

var errCut = errors.New("bytes end within the entry")

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reader) take(n int) []byte {
	if r.err == nil && len(r.rest) < n {
		r.err = errCut
	}
	if r.err != nil {
		return make([]byte, n)
	}
	part := r.rest[:n]
	r.rest = r.rest[n:]
	return part
}

func (r *reader) byte() byte     { return r.take(1)[0] }
func (r *reader) count() int     { return int(binary.BigEndian.Uint16(r.take(2))) }
func (r *reader) integer() int64 { return int64(binary.BigEndian.Uint64(r.take(8))) }

func (r *reader) text() string {
	s := r.take(r.count())
	if !utf8.Valid(s) {
		r.fail("text is not UTF-8")
	}
	return string(s)
}

func (r *reader) side() Side {
	s := Side(r.take(1))
	if s != Debit && s != Credit {
		r.fail("side %q is neither D nor C", string(s))
	}
	return s
}

func (r *reader) amount() money.Won {
	n := r.integer()
	if n <= 0 {
		r.fail("amount %d is not above zero", n)
	}
	return n
}
