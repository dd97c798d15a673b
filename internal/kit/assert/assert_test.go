package assert

import "testing"

func TestThatPanicsOnlyWhenBroken(t *testing.T) {
	rows := []struct {
		name  string
		holds bool
		pairs []any
		want  string
	}{
		{"holds", true, nil, ""},
		{"broken", false, nil, "invariant broken: I-1 sums to zero"},
		{"with figures", false, []any{"sum", -1, "entry", "ent_1"},
			"invariant broken: I-1 sums to zero (sum=-1 entry=ent_1)"},
		{"odd pair", false, []any{"sum", -1, "entry"}, "invariant broken: I-1 sums to zero (sum=-1 entry)"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := failureOf(row.holds, row.pairs); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func failureOf(holds bool, pairs []any) (message string) {
	defer func() {
		if failure, ok := recover().(*Failure); ok {
			message = failure.Error()
		}
	}()
	That(holds, "I-1 sums to zero", pairs...)
	return ""
}
