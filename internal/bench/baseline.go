package bench

import (
	_ "embed" // the baseline is part of the program
	"encoding/json"
	"fmt"
)

//go:embed baseline.json
var baselineText []byte

// fallMax is how much of a ratio may be lost to noise: what falls further has become slower.
const fallMax = 1.0 / 3

// Fallen is a ratio that is much smaller than it was.
type Fallen struct {
	Name     string
	Was, Got float64
}

// Baseline gives the ratios that each bench had, by "bench/engine".
func Baseline() (map[string]map[string]float64, error) {
	var all map[string]map[string]float64
	if err := json.Unmarshal(baselineText, &all); err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	return all, nil
}

// Fallen compares a report with the baseline: ratios alone, for rates depend on the machine.
func (r *Report) Fallen() ([]Fallen, error) {
	all, err := Baseline()
	if err != nil {
		return nil, err
	}
	var fallen []Fallen
	known := all[r.Bench+"/"+r.Engine]
	for _, name := range Names(known) {
		if got := r.Ratios[name]; got < known[name]*(1-fallMax) {
			fallen = append(fallen, Fallen{Name: name, Was: known[name], Got: got})
		}
	}
	return fallen, nil
}
