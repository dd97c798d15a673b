package fault_test

import (
	"net/http"
	"testing"

	"github.com/dure-commerce/dure/internal/web/api"
)

// TestDiskFull is F04: while there is no room, writes are refused with 503 and a time to come again, reads go on, and
// once there is room again everything goes on without a restart.
func TestDiskFull(t *testing.T) {
	s := serve(t, found(t, plain(600)), nil)
	s.load.Buy(t.Context(), 12, 50)
	for _, name := range []string{"dure.db-wal", "dure.db"} {
		must(t, s.disk.Fill(name, 40_000)) // in the middle of a batch
	}
	before := s.load.Tally()
	s.load.Buy(t.Context(), 12, 100)
	refused := s.load.Tally()
	if refused.Busy == before.Busy {
		t.Error("nothing was refused: the disk is not full")
	}
	if refused.Blind > 0 || refused.Silent > 0 {
		t.Errorf("%d refusals without Retry-After, %d questions without an answer", refused.Blind, refused.Silent)
	}
	for _, path := range []string{api.Prefix + "/deals", api.Prefix + "/deals/" + string(s.world.Items[0].Deal)} {
		if status := s.get(t, path); status != http.StatusOK {
			t.Errorf("GET %s: %d", path, status)
		}
	}
	s.disk.Free()
	recovered(t, s.load)
	s.load.Buy(t.Context(), 12, 50)
	recovered(t, s.load)
	sound(t, s.DB, s.load.Journal.All())
}

// get asks for a page and gives the status of the answer.
func (s *site) get(t *testing.T, path string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Server.URL()+path, http.NoBody)
	must(t, err)
	got, err := (&http.Client{}).Do(r)
	must(t, err)
	must(t, got.Body.Close())
	return got.StatusCode
}
