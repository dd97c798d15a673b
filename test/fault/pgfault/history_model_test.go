package pgfault_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// verb is what a step of a history does.
type verb string

const (
	place   verb = "place"   // hold units of a deal
	release verb = "release" // give a hold up
	look    verb = "look"    // read how many units are left
	redeem  verb = "redeem"
	takenUp verb = "undo"
	peek    verb = "check" // read whether a voucher is usable
)

// step is an operation as it was asked for. Every step of the history of one deal or voucher names it.
type step struct {
	verb   verb
	of     string // deal or voucher
	person string
	units  int
	key    string // of the command; what is taken back is named by the key that made it
}

// outcome is how it was answered. An unknown outcome may have happened or not.
type outcome struct {
	code   string // "" done, "unknown", or the refusal
	left   int    // of look
	usable bool   // of peek
}

const unknown = "unknown"

// stock is the state of a deal: what is left, and what everybody holds by key.
type stock struct {
	left int
	held string // "person:key=units …", sorted: equal texts are equal states
}

// with is the stock after a hold, without after its end.
func (s stock) with(mark string, units int) stock {
	parts := append(strings.Fields(s.held), mark)
	slices.Sort(parts)
	return stock{left: s.left - units, held: strings.Join(parts, " ")}
}

func (s stock) without(mark string, units int) stock {
	parts := slices.DeleteFunc(strings.Fields(s.held), func(part string) bool { return part == mark })
	return stock{left: s.left + units, held: strings.Join(parts, " ")}
}

func (s stock) of(person string) (units int) {
	for part := range strings.FieldsSeq(s.held) {
		var n int
		if rest, ok := strings.CutPrefix(part, person+":"); ok {
			_, amount, _ := strings.Cut(rest, "=")
			_, _ = fmt.Sscan(amount, &n)
			units += n
		}
	}
	return units
}

// dealModel sells units of a deal: never more than there are, and never more to one person than the limit.
func dealModel(units, limit int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return stock{left: units} },
		Step: func(state, input, output any) (bool, any) {
			s, in, out := state.(stock), input.(step), output.(outcome)
			switch in.verb {
			case place:
				return s.place(in, out, limit)
			case release:
				return s.release(in, out)
			}
			return out.code != "" || out.left == s.left, s
		},
	}
}

func (s stock) place(in step, out outcome, limit int) (bool, any) {
	over := s.of(in.person)+in.units > limit
	next := s.with(fmt.Sprintf("%s:%s=%d", in.person, in.key, in.units), in.units)
	switch out.code {
	case "":
		return !over && s.left >= in.units, next
	case "deal.sold_out":
		return s.left == 0, s
	case "deal.fewer_left":
		return s.left > 0 && s.left < in.units, s
	case "order.limit":
		return over, s
	case unknown:
		if over || s.left < in.units {
			return true, s
		}
		return true, next
	}
	return false, s
}

func (s stock) release(in step, out outcome) (bool, any) {
	mark := fmt.Sprintf("%s:%s=%d", in.person, in.key, in.units)
	if !slices.Contains(strings.Fields(s.held), mark) {
		return out.code != "", s
	}
	return out.code == "" || out.code == unknown, s.without(mark, in.units)
}

// voucherModel is a voucher of one use: "" is unused, else the key of its use.
func voucherModel() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return "" },
		Step: func(state, input, output any) (bool, any) {
			used, in, out := state.(string), input.(step), output.(outcome)
			switch in.verb {
			case redeem:
				switch {
				case used == "" && (out.code == "" || out.code == unknown):
					return true, in.key
				case used != "":
					return out.code != "" || used == in.key, used
				}
				return false, used
			case takenUp:
				if used == in.key && (out.code == "" || out.code == unknown) {
					return true, ""
				}
				return used != in.key && out.code != "", used
			}
			return out.code != "" || out.usable == (used == ""), used
		},
	}
}

// recorded is a history being written.
type recorded []porcupine.Operation

func (h *recorded) add(client int, in step, out outcome, call, back time.Time) {
	op := porcupine.Operation{ClientId: client, Input: in, Output: out, Call: call.UnixNano(), Return: back.UnixNano()}
	if out.code == unknown {
		op.Return = math.MaxInt64 // it may take effect at any time from now on, or never
	}
	*h = append(*h, op)
}

// explains tells whether one order of the steps, each between its call and its answer, gives these answers.
func explains(t *testing.T, m porcupine.Model, h recorded) bool {
	t.Helper()
	switch porcupine.CheckOperationsTimeout(m, h, time.Minute) {
	case porcupine.Ok:
		return true
	case porcupine.Illegal:
		return false
	case porcupine.Unknown:
	}
	t.Fatalf("%d steps are too many to check", len(h))
	return false
}

// planted is a history written by hand: each step from..to in units of time.
func planted(steps ...any) (h recorded) {
	for i := 0; i < len(steps); i += 4 {
		h.add(i, steps[i].(step), steps[i+1].(outcome), time.Unix(0, int64(steps[i+2].(int))),
			time.Unix(0, int64(steps[i+3].(int))))
	}
	return h
}

// TestModelBites: the checker refuses histories that no shop may write, and takes those that a slow network may.
func TestModelBites(t *testing.T) {
	use := func(key string) step { return step{verb: redeem, key: key} }
	undone := func(key string) step { return step{verb: takenUp, key: key} }
	buy := func(person, key string, units int) step {
		return step{verb: place, person: person, key: key, units: units}
	}
	give := func(person, key string, units int) step {
		return step{verb: release, person: person, key: key, units: units}
	}
	ok, over := outcome{}, outcome{code: "redeem.already_used"}
	gone, limit, lost := outcome{code: "deal.sold_out"}, outcome{code: "order.limit"}, outcome{code: unknown}
	for _, c := range []struct {
		name  string
		model porcupine.Model
		h     recorded
		want  bool
	}{
		{"a double redeem", voucherModel(), planted(use("a"), ok, 1, 2, use("b"), ok, 3, 4), false},
		{"a double redeem at the same time", voucherModel(), planted(use("a"), ok, 1, 4, use("b"), ok, 2, 3), false},
		{"one wins", voucherModel(), planted(use("a"), ok, 1, 4, use("b"), over, 2, 3), true},
		{"refused before anybody used it", voucherModel(), planted(use("b"), over, 1, 2, use("a"), ok, 3, 4), false},
		{"the same scan again", voucherModel(), planted(use("a"), ok, 1, 2, use("a"), ok, 3, 4), true},
		{"an undo frees it", voucherModel(),
			planted(use("a"), ok, 1, 2, undone("a"), ok, 3, 4, use("b"), ok, 5, 6), true},
		{"a stale look after the use", voucherModel(),
			planted(use("a"), ok, 1, 2, step{verb: peek}, outcome{usable: true}, 3, 4), false},
		{"a look during the use", voucherModel(),
			planted(use("a"), ok, 1, 4, step{verb: peek}, outcome{usable: true}, 2, 3), true},
		{"a lost answer that happened", voucherModel(), planted(use("a"), lost, 1, 2, use("b"), over, 3, 4), true},
		{"a lost answer that did not", voucherModel(), planted(use("a"), lost, 1, 2, use("b"), ok, 3, 4), true},
		{"one unit too many", dealModel(2, 2), planted(buy("x", "a", 2), ok, 1, 2, buy("y", "b", 1), ok, 3, 4), false},
		{"sold out with units left", dealModel(2, 2), planted(buy("x", "a", 1), gone, 1, 2), false},
		{"sold out in time", dealModel(2, 2), planted(buy("x", "a", 2), ok, 1, 3, buy("y", "b", 1), gone, 2, 4), true},
		{"more than the limit", dealModel(9, 2), planted(buy("x", "a", 2), ok, 1, 2, buy("x", "b", 1), ok, 3, 4), false},
		{"fewer left than there were", dealModel(2, 3), planted(buy("x", "a", 2), outcome{code: "deal.fewer_left"}, 1, 2),
			false},
		{"limit too soon", dealModel(9, 2), planted(buy("x", "a", 1), limit, 1, 2), false},
		{"a unit given back is sold again", dealModel(1, 2), planted(buy("x", "a", 1), ok, 1, 2, give("x", "a", 1), ok,
			3, 4, buy("y", "b", 1), ok, 5, 6), true},
		{"a stale count", dealModel(2, 2), planted(buy("x", "a", 1), ok, 1, 2, step{verb: look}, outcome{left: 2}, 3, 4),
			false},
		{"a lost hold that took the last", dealModel(1, 2),
			planted(buy("x", "a", 1), lost, 1, 2, buy("y", "b", 1), gone, 3, 4), true},
	} {
		if got := explains(t, c.model, c.h); got != c.want {
			t.Errorf("%s: explained %t, want %t", c.name, got, c.want)
		}
	}
}
