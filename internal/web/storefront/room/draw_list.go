package room

import (
	"bufio"
	"fmt"
	"net/http"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/web/request"
)

func kindOf(err error) fail.Kind { return fail.KindOf(err) }

// drawList writes the draw as text: seed and digest, then the marks in the order of their places. Before the draw there
// is only what was promised.
func (d Deps) drawList(r *request.Request) error {
	v, err := d.load(r)
	if err != nil {
		return err
	}
	marks, err := room.DrawnMarks(r.Context(), d.DB, v.Sheet.Deal.ID)
	if err != nil {
		return err
	}
	r.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
	r.W.WriteHeader(http.StatusOK)
	out := bufio.NewWriter(r.W)
	_, _ = fmt.Fprintf(out, "deal %s\ncommitment %s\nseed %s\ndigest %s\n", v.Sheet.Deal.ID, v.commitment(), v.Room.Seed,
		v.Room.Digest)
	for i, mark := range marks {
		_, _ = fmt.Fprintf(out, "%d %s\n", i+1, mark)
	}
	return out.Flush()
}
