package sim

import (
	"encoding/json"
	"slices"

	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/sim/crowd"
)

func readMove(payload string) (string, error) {
	var m event.DealMoved
	err := json.Unmarshal([]byte(payload), &m)
	return m.From + ">" + m.To, err
}

// Unvisited lists the transitions, reason codes and faults that no history met: a simulation that never goes somewhere
// proves nothing about it.
func Unvisited(visited map[string]int) []string {
	var out []string
	want := append(reasonCodes(), crowd.Wanted()...)
	for _, t := range deal.Transitions() {
		want = append(want, "move."+string(t.From)+">"+string(t.To))
	}
	for _, what := range want {
		if visited[what] == 0 && !slices.Contains(out, what) {
			out = append(out, what)
		}
	}
	return out
}
