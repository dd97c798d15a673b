package api

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/web/request"
)

// errCursor refuses a place in the feed that is no number.
var errCursor = fail.New(fail.Invalid, "request.invalid")

// line is one operation on the readable page.
type line struct {
	Method, Path, Summary string
	Signed, Keyed         bool
}

// page is the interface for people: what there is, how to begin, and the description for machines.
func (a *api) page(r *request.Request) error {
	var lines []line
	for path, item := range a.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post} {
			if op == nil {
				continue
			}
			one := line{Method: method, Path: Prefix + path, Summary: op.Summary, Signed: len(op.Security) > 0}
			for _, p := range op.Parameters {
				one.Keyed = one.Keyed || p.Name == "Idempotency-Key"
			}
			lines = append(lines, one)
		}
	}
	slices.SortFunc(lines, func(x, y line) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Method, y.Method))
	})
	page := r.Page(r.Loc.T("api.title"))
	return r.Render(about(page, lines, Prefix+"/openapi.json"))
}
