package tender

import (
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/web/request"
)

// FieldOf names a field of one form among several alike.
func FieldOf(field, of string) string { return field + "-" + of }

// Among binds refusals to the fields of one form among several alike.
func Among(list request.Problems, of string) request.Problems {
	for i, one := range list {
		if one.Field != "" {
			list[i].Field = FieldOf(one.Field, of)
		}
	}
	return list
}

// FormOptions bound a form with photos of today's phones.
func FormOptions() form.Options {
	return form.Options{TextBytes: textBytes, FileBytes: fileBytes, Files: filesMax}
}

// KeptPictures are the photos that a form sends back because they are kept already.
func KeptPictures(f *form.Form) []string { return typed(f).Pictures }
