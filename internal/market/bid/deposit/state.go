package deposit

import "github.com/dure-commerce/dure/internal/kit/machine"

// State is where a deposit stands.
type State string

// The states.
const (
	Open     State = "open" // nobody has paid it yet
	Gone     State = "gone" // nobody will
	Held     State = "held"
	Returned State = "returned"
	Kept     State = "kept"
)

// NameKey is the catalogue key of the state's name.
func (s State) NameKey() string { return "deposit.state." + string(s) }

// Action is what moves a deposit.
type Action string

// The actions.
const (
	ActPay    Action = "pay"
	ActLeave  Action = "leave"  // its money came when no bid could be made any more, and goes back
	ActReturn Action = "return" // its bid is over, by no fault of its seller
	ActKeep   Action = "keep"   // its seller failed by its own fault
)

// By is who may take an action.
type By string

// Who acts: sellers pay, and everything else comes by itself.
const (
	BySeller By = "seller"
	ByClock  By = "clock"
)

// Transition is one allowed step.
type Transition = machine.Step[State, Action, By]

// Transitions is the whole life: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Open, ActPay, Held, BySeller),
		allow(Open, ActLeave, Gone, ByClock),
		allow(Held, ActReturn, Returned, ByClock),
		allow(Held, ActKeep, Kept, ByClock),
	}
}

// to gives the state an action leads to; ErrMoved when the state does not allow it.
func (d Deposit) to(action Action) (State, error) {
	state, ok := Transitions().NextBy(d.State, action)
	if !ok {
		return d.State, ErrMoved
	}
	return state, nil
}
