package machine

import "slices"

// Step is one allowed change of state, with all who may make it.
type Step[S, A, B ~string] struct {
	From   S
	Action A
	To     S
	By     []B
}

// Allow writes a step.
func Allow[S, A, B ~string](from S, action A, to S, by ...B) Step[S, A, B] {
	return Step[S, A, B]{From: from, Action: action, To: to, By: by}
}

// Table is a whole life.
type Table[S, A, B ~string] []Step[S, A, B]

// Next gives the state an action leads to; false, and the same state, when it leads nowhere for who acts.
func (t Table[S, A, B]) Next(from S, action A, by B) (S, bool) {
	return t.next(from, func(s Step[S, A, B]) bool { return s.Action == action && slices.Contains(s.By, by) })
}

// NextBy is Next for whoever may take the action: for a noun whose rights are judged elsewhere.
func (t Table[S, A, B]) NextBy(from S, action A) (S, bool) {
	return t.next(from, func(s Step[S, A, B]) bool { return s.Action == action })
}

func (t Table[S, A, B]) next(from S, fits func(Step[S, A, B]) bool) (S, bool) {
	for _, s := range t {
		if s.From == from && fits(s) {
			return s.To, true
		}
	}
	return from, false
}

// Terminal reports a state that nothing leaves.
func (t Table[S, A, B]) Terminal(state S) bool {
	return !slices.ContainsFunc(t, func(s Step[S, A, B]) bool { return s.From == state })
}
