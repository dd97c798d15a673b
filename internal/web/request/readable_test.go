package request_test

import (
	"net/http"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

func TestAddressesThatAreNoTextAreNowhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		f := requesttest.Frame(t, d)
		mux := http.NewServeMux()
		mux.Handle("GET /thing/{id}", f.Handle(func(r *request.Request) error {
			_, err := db.One(r.Context(), d, db.Scalar[int64], `SELECT count(*) FROM account WHERE id = $1`, r.PathValue("id"))
			return err
		}))
		b := requesttest.Open(t, f, mux)
		for path, want := range map[string]int{"/thing/x": http.StatusOK, "/thing/%EB%91%90": http.StatusOK,
			"/thing/%00": http.StatusNotFound, "/thing/a%ff": http.StatusNotFound} {
			if a := b.Get(path); a.Status != want {
				t.Errorf("%s: %d, want %d", path, a.Status, want)
			}
		}
	})
}
