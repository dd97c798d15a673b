package db

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrText is a text that PostgreSQL does not keep and SQLite keeps without a murmur: one with a NUL or with bytes that
// are no UTF-8. Both engines refuse it here, before a statement runs, also where it is only looked for.
var ErrText = fail.New(fail.Invalid, "db.text")

// checkTexts looks at every text among the parameters.
func checkTexts(args []any) error {
	for _, arg := range args {
		text, plain := arg.(string)
		if !plain {
			switch arg.(type) {
			case nil, int64, bool, []byte:
				continue
			}
			if value := reflect.ValueOf(arg); value.Kind() == reflect.String {
				text = value.String()
			}
		}
		if err := checkText(text); err != nil {
			return err
		}
	}
	return nil
}

func checkText(text string) error {
	if strings.IndexByte(text, 0) >= 0 || !utf8.ValidString(text) {
		return ErrText
	}
	return nil
}
