package collect

import (
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine"
)

// State is where the paying for a wish stands.
type State string

// The states.
const (
	Open   State = "open"   // members pay
	Asking State = "asking" // too few have paid: the seller is asked whether they will do
	Over   State = "over"   // the seller is at work, or everybody is paid back
)

// Action is what moves it.
type Action string

// The actions.
const (
	ActAsk    Action = "ask"    // the time is over, and too few have paid
	ActEnough Action = "enough" // enough have paid
	ActAccept Action = "accept" // the seller takes fewer
	ActNext   Action = "next"   // the seller fails, and the next one is asked
	ActFail   Action = "fail"   // nobody is left, or nobody has paid
	ActReopen Action = "reopen" // the wish has gathered on, and another offer has won
)

// By is who may take an action.
type By string

// Who acts.
const (
	ByClock  By = "clock"
	BySeller By = "seller"
	// ByOperator ends it with the wish that is taken down.
	ByOperator By = "operator"
)

// Transition is one allowed step.
type Transition = machine.Step[State, Action, By]

// Transitions is the whole life: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Open, ActEnough, Over, ByClock),
		allow(Open, ActAsk, Asking, ByClock),
		allow(Open, ActNext, Open, ByClock, BySeller),
		allow(Open, ActFail, Over, ByClock, BySeller, ByOperator),
		allow(Asking, ActEnough, Over, ByClock),
		allow(Asking, ActAccept, Over, BySeller),
		allow(Asking, ActNext, Open, ByClock, BySeller),
		allow(Asking, ActFail, Over, ByClock, BySeller, ByOperator),
		allow(Over, ActReopen, Open, ByClock),
	}
}

// ErrState refuses a step that the state does not allow. Args: State, Action.
var ErrState = fail.New(fail.Conflict, "fund.state")

// Next gives the state an action leads to.
func Next(from State, action Action, by By) (State, error) {
	to, ok := Transitions().Next(from, action, by)
	if !ok {
		return from, ErrState.With("State", string(from), "Action", string(action))
	}
	return to, nil
}

// OrderState is where a member's order stands.
type OrderState string

// The states of an order. A paid one is a share; a gone one came to nothing, or its share ended before all had paid.
const (
	OrderOpen OrderState = "open"
	OrderPaid OrderState = "paid"
	OrderGone OrderState = "gone"
)
