package routetable

import (
	"errors"
	"net/http"
	"reflect"
	"slices"
)

// ErrUnknown is a http.ServeMux that is built otherwise than this package knows.
var ErrUnknown = errors.New("http.ServeMux keeps its patterns elsewhere now")

// Patterns gives every pattern that was registered, "GET /deals/{deal}", sorted.
func Patterns(mux *http.ServeMux) ([]string, error) {
	index := reflect.ValueOf(mux).Elem().FieldByName("index")
	if index.Kind() != reflect.Struct {
		return nil, ErrUnknown
	}
	segments, multis := index.FieldByName("segments"), index.FieldByName("multis")
	if segments.Kind() != reflect.Map || multis.Kind() != reflect.Slice {
		return nil, ErrUnknown
	}
	lists := []reflect.Value{multis}
	for each := segments.MapRange(); each.Next(); {
		lists = append(lists, each.Value())
	}
	var found []string
	for _, list := range lists {
		for i := range list.Len() {
			text := list.Index(i).Elem().FieldByName("str")
			if text.Kind() != reflect.String {
				return nil, ErrUnknown
			}
			found = append(found, text.String())
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}
