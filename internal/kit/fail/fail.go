package fail

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Kind says what a program may do about an error.
type Kind uint8

// The kinds, from the caller's fault to ours.
const (
	Internal Kind = iota
	Invalid
	Unauthenticated
	Forbidden
	NotFound
	Conflict
	Gone
	TooLarge
	TooMany
	Unavailable
)

var kindNames = [...]string{
	"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "gone", "too_large",
	"too_many", "unavailable",
}

// String names the kind as logs and the API write it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Error is a refusal that a person can read in their own language.
type Error struct {
	Kind  Kind
	Code  string         // catalogue key and the API's code
	Field string         // form field the message belongs to, "" when it belongs to the whole
	Args  map[string]any // values for the catalogue text
	Err   error          // cause, for operators only
}

// New makes a sentinel; derive answers from it with With, On and Wrap.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Error writes the code, the field and the cause: text for logs, never for people.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if e.Field != "" {
		b.WriteString(" (" + e.Field + ")")
	}
	if len(e.Args) > 0 {
		fmt.Fprintf(&b, " %v", e.Args)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports equality of codes, so that a derived error still matches its sentinel.
func (e *Error) Is(target error) bool {
	var other *Error
	if t, ok := target.(*Error); ok {
		other = t
	}
	return other != nil && other.Code == e.Code
}

// With copies the error with values for its text, given as name, value, name, value.
func (e *Error) With(pairs ...any) *Error {
	c := *e
	c.Args = maps.Clone(e.Args)
	if c.Args == nil {
		c.Args = make(map[string]any, len(pairs)/2)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		c.Args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return &c
}

// On copies the error bound to a form field.
func (e *Error) On(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Wrap copies the error with a cause that only operators see.
func (e *Error) Wrap(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// As finds the first *Error in a chain; a List answers with its first.
func As(err error) (*Error, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e, true
	}
	var list List
	if errors.As(err, &list) && len(list) > 0 {
		return list[0], true
	}
	return nil, false
}

// KindOf gives the kind of an error; a foreign one is Internal.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf gives the code of an error, "" for a foreign one.
func CodeOf(err error) string {
	if e, ok := As(err); ok {
		return e.Code
	}
	return ""
}

// List is several refusals at once, one a field.
type List []*Error

// Error joins the texts of all members.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Is reports whether any member matches the target.
func (l List) Is(target error) bool {
	for _, e := range l {
		if e.Is(target) {
			return true
		}
	}
	return false
}

// Err gives the list as an error, nil when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All gives every *Error of an error: the members of a List, or the one error.
func All(err error) []*Error {
	var list List
	if errors.As(err, &list) {
		return list
	}
	if e, ok := As(err); ok {
		return []*Error{e}
	}
	return nil
}
