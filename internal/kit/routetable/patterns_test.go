package routetable_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/routetable"
)

func TestEveryKindOfPatternIsFound(t *testing.T) {
	want := []string{"/", "GET /d/{deal}", "GET /d/{deal}/part/{part}", "GET /files/{rest...}", "GET /tree/",
		"GET /{$}", "POST /d/{deal}"}
	mux := http.NewServeMux()
	for _, pattern := range want {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	got, err := routetable.Patterns(mux)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	if none, err := routetable.Patterns(http.NewServeMux()); err != nil || len(none) > 0 {
		t.Errorf("an empty one: %q, %v", none, err)
	}
}
