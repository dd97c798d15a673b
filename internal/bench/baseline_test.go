package bench_test

import (
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/bench"
)

func TestTheBaselineSpeaksOfBenchesThatThereAre(t *testing.T) {
	all, err := bench.Baseline()
	if err != nil {
		t.Fatal(err)
	}
	for of, ratios := range all {
		name, engine, _ := strings.Cut(of, "/")
		if _, err := bench.Find(name); err != nil || engine != "sqlite" && engine != "postgres" || len(ratios) == 0 {
			t.Errorf("%s: %v %v", of, ratios, err)
		}
	}
}

func TestARatioThatFallsByMoreThanAThirdIsFound(t *testing.T) {
	all, err := bench.Baseline()
	if err != nil {
		t.Fatal(err)
	}
	for part, found := range map[float64]bool{1.2: false, 1: false, 0.7: false, 0.6: true, 0: true} {
		r := bench.Report{Bench: "hot-deal", Engine: "sqlite", Ratios: map[string]float64{}}
		for name, was := range all["hot-deal/sqlite"] {
			r.Ratios[name] = was * part
		}
		fallen, err := r.Fallen()
		if err != nil || (len(fallen) == len(all["hot-deal/sqlite"])) != found || !found && len(fallen) > 0 {
			t.Errorf("%.1f of the baseline: %v, %v", part, fallen, err)
		}
	}
}
