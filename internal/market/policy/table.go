package policy

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

//go:embed table.json
var embedded []byte

// Errors of the table.
var (
	// ErrTable is a table that cannot be used; the cause tells why.
	ErrTable = fail.New(fail.Internal, "policy.table")
	// ErrProfile is a refund profile that does not exist; Args: Name.
	ErrProfile = fail.New(fail.Invalid, "policy.profile")
	// ErrValidity is a validity below the profile's; Args: Days, the least number.
	ErrValidity = fail.New(fail.Invalid, "policy.validity")
)

// Row is the value of a policy from a day on, at 00:00 in Korea.
type Row[T any] struct {
	From   Day    `json:"from"`
	Source string `json:"source"`
	Value  T      `json:"value"`
}

// Table is all rows of all policies, each policy's youngest row first.
type Table struct {
	Refund     []Row[Refund]     `json:"refund"`
	Interest   []Row[Interest]   `json:"interest"`
	Commission []Row[Commission] `json:"commission"`
	Hold       []Row[Hold]       `json:"hold"`
	Tipping    []Row[Tipping]    `json:"tipping"`
	Settlement []Row[Settlement] `json:"settlement"`
	Undo       []Row[Undo]       `json:"undo"`
	Reminder   []Row[Reminder]   `json:"reminder"`
	Notice     []Row[Notice]     `json:"notice"`
	Queue      []Row[Queue]      `json:"queue"`
	Custody    []Row[Custody]    `json:"custody"`
	Payee      []Row[Payee]      `json:"payee"`
	Gateway    []Row[Gateway]    `json:"gateway"`
	Wanted     []Row[Wanted]     `json:"wanted"`
}

// Book is a checked table with the sets it yields, one for each day on which something changed.
type Book struct {
	Table Table
	sets  []Set // oldest first
}

// builtin reads the embedded table once.
var builtin = sync.OnceValues(func() (*Book, error) { return Read(embedded) })

// Check answers ErrTable when the program's own table cannot be used: the start stops there.
func Check() error {
	_, err := builtin()
	return err
}

// Builtin gives the program's own book. It must have passed Check.
func Builtin() *Book {
	b, err := builtin()
	assert.That(err == nil, "11 the policy table is checked at start", "error", err)
	return b
}

// At gives the policies in force at an instant, from the program's own table.
func At(t time.Time) Set { return Builtin().At(t) }

// ByID gives the policies of a snapshot id; false when no such snapshot ever was.
func ByID(id string) (Set, bool) { return Builtin().ByID(id) }

// At gives the policies in force at an instant; before the first row, the first.
func (b *Book) At(t time.Time) Set {
	for i := len(b.sets) - 1; i > 0; i-- {
		if !t.Before(b.sets[i].From) {
			return b.sets[i]
		}
	}
	return b.sets[0]
}

// ByID gives the policies of a snapshot id.
func (b *Book) ByID(id string) (Set, bool) {
	for _, s := range b.sets {
		if s.ID == id {
			return s, true
		}
	}
	return Set{}, false
}

// Read checks a table and lays out its sets. It answers ErrTable with the first fault as its cause.
func Read(raw []byte) (*Book, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	b := &Book{}
	if err := decoder.Decode(&b.Table); err != nil {
		return nil, ErrTable.Wrap(err)
	}
	if err := decoder.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		return nil, ErrTable.Wrap(errors.New("something follows the table"))
	}
	days, err := b.Table.days()
	if err != nil {
		return nil, ErrTable.Wrap(err)
	}
	for _, day := range days {
		s, err := b.Table.at(day)
		if err != nil {
			return nil, ErrTable.Wrap(err)
		}
		b.sets = append(b.sets, s)
	}
	return b, nil
}

// days gives every day from which all policies have a row and one changes, oldest first.
func (t Table) days() ([]time.Time, error) {
	var all []time.Time
	first := time.Time{}
	for _, p := range []struct {
		name string
		rows func() ([]time.Time, error)
	}{
		{"refund", starts(t.Refund)}, {"interest", starts(t.Interest)}, {"commission", starts(t.Commission)},
		{"hold", starts(t.Hold)}, {"tipping", starts(t.Tipping)}, {"settlement", starts(t.Settlement)},
		{"undo", starts(t.Undo)}, {"reminder", starts(t.Reminder)}, {"notice", starts(t.Notice)},
		{"queue", starts(t.Queue)},
		{"custody", starts(t.Custody)}, {"payee", starts(t.Payee)},
		{"gateway", starts(t.Gateway)}, {"wanted", starts(t.Wanted)},
	} {
		rows, err := p.rows()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		all = append(all, rows...)
		if oldest := rows[len(rows)-1]; oldest.After(first) {
			first = oldest
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	all = slices.CompactFunc(all, time.Time.Equal)
	return slices.DeleteFunc(all, func(d time.Time) bool { return d.Before(first) }), nil
}

func starts[T any](rows []Row[T]) func() ([]time.Time, error) {
	return func() ([]time.Time, error) {
		if len(rows) == 0 {
			return nil, errors.New("no row")
		}
		var out []time.Time
		for i, r := range rows {
			if r.Source == "" {
				return nil, fmt.Errorf("row from %s: no source", r.From)
			}
			if i > 0 && !r.From.start.Before(rows[i-1].From.start) {
				return nil, fmt.Errorf("row from %s: the youngest stands first", r.From)
			}
			out = append(out, r.From.start)
		}
		return out, nil
	}
}

func inForce[T any](rows []Row[T], at time.Time) T {
	for _, r := range rows {
		if !at.Before(r.From.start) {
			return r.Value
		}
	}
	return rows[len(rows)-1].Value
}

func (t Table) at(day time.Time) (Set, error) {
	s := Set{
		From: day, Refund: inForce(t.Refund, day), Interest: inForce(t.Interest, day),
		Commission: inForce(t.Commission, day), Hold: inForce(t.Hold, day), Tipping: inForce(t.Tipping, day),
		Settlement: inForce(t.Settlement, day), Undo: inForce(t.Undo, day), Reminder: inForce(t.Reminder, day),
		Notice: inForce(t.Notice, day),
		Queue:  inForce(t.Queue, day), Custody: inForce(t.Custody, day), Payee: inForce(t.Payee, day),
		Gateway: inForce(t.Gateway, day), Wanted: inForce(t.Wanted, day),
	}
	if err := s.check(); err != nil {
		return Set{}, fmt.Errorf("from %s: %w", day.In(Seoul).Format(time.DateOnly), err)
	}
	s.ID = "pol_" + day.In(Seoul).Format("20060102")
	return s, nil
}

// Digest is a hash of the figures of a set, for the test that holds what orders were made under.
func (s Set) Digest() (string, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), nil
}
