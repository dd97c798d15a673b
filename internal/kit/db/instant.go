package db

import (
	"database/sql"
	"fmt"
	"time"
)

// Micros is an instant as the database keeps it: microseconds since 1970, UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// FromMicros is the instant of a kept value.
func FromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// TimeArg binds an instant; the zero time becomes NULL.
func TimeArg(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

type timeScanner struct{ to *time.Time }

// Time scans a bigint of microseconds; NULL becomes the zero time.
func Time(to *time.Time) sql.Scanner { return timeScanner{to} }

func (s timeScanner) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.to = time.Time{}
	case int64:
		*s.to = FromMicros(v)
	default:
		return fmt.Errorf("instant from %T", src)
	}
	return nil
}

// TextArg binds an optional text; "" becomes NULL.
func TextArg[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

type textScanner[S ~string] struct{ to *S }

// Text scans a text that may be NULL; NULL becomes "".
func Text[S ~string](to *S) sql.Scanner { return textScanner[S]{to} }

func (s textScanner[S]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.to = ""
	case string:
		*s.to = S(v)
	case []byte:
		*s.to = S(v)
	default:
		return fmt.Errorf("text from %T", src)
	}
	return nil
}
