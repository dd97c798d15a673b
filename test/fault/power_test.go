package fault_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/test/fault/load"
)

const cutsInCI = 40

// TestPowerCut is F03: at any moment the power may go. What was not flushed is then lost, kept or torn; what was
// acknowledged is there. Of all that is written during a run, cuts are made at many moments.
func TestPowerCut(t *testing.T) {
	s := serve(t, found(t, plain(400)), nil)
	stop := folding(t, s)
	s.load.Buy(t.Context(), 12, 400)
	stop()
	cuts := many(t, "DURE_FAULT_CUTS", cutsInCI)
	for i := range cuts {
		lost, kept := s.cut(t, uint64(i+1), int64(i+1)*s.disk.Mark()/int64(cuts))
		for _, what := range lost {
			t.Errorf("cut %d: %s", i+1, what)
		}
		if t.Failed() {
			return
		}
		if i == cuts-1 && kept == 0 {
			t.Error("nothing had been acknowledged: this cuts the power of an idle server")
		}
	}
}

// TestPowerCutBites shows that the cuts would be noticed: without flushes acknowledged commands are lost.
func TestPowerCutBites(t *testing.T) {
	s := serve(t, found(t, plain(200)), func(o *app.ServerOptions) { o.Relaxed = true })
	s.load.Buy(t.Context(), 12, 200)
	bitten := 0
	for i := range 8 {
		if lost, _ := s.cut(t, uint64(i+1), s.disk.Mark()); len(lost) > 0 {
			bitten++
		}
	}
	if bitten < 4 {
		t.Errorf("%d of 8 power cuts lost something although nothing was ever flushed", bitten)
	}
}

// cut opens what a power cut at a mark left, and gives what is wrong with it and how much had been acknowledged.
func (s *site) cut(t *testing.T, seed uint64, mark int64) (wrong []string, acknowledged int) {
	t.Helper()
	place := stage.Place{Data: t.TempDir()}
	place.URL = place.Config().DatabaseURL()
	must(t, s.disk.Cut(mark, place.Data, dice(seed)))
	promised := s.load.Journal.Until(mark)
	for _, p := range promised {
		if p.Order.Answered {
			acknowledged++
		}
	}
	d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + filepath.Join(place.Data, "dure.db")})
	if err != nil {
		return []string{err.Error()}, acknowledged
	}
	wrong, err = load.Verify(t.Context(), d, promised)
	if err = errors.Join(err, d.Close()); err != nil {
		wrong = append(wrong, err.Error())
	}
	return wrong, acknowledged
}
