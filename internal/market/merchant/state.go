package merchant

import (
	"slices"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine"
)

// State is where a shop's registration stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Approved  State = "approved"
	Suspended State = "suspended"
)

// Action is what moves a shop.
type Action string

// The actions.
const (
	ActSubmit    Action = "submit"
	ActReturn    Action = "return"
	ActApprove   Action = "approve"
	ActSuspend   Action = "suspend"
	ActReinstate Action = "reinstate"
)

// By is who takes an action.
type By string

// Who acts.
const (
	ByOwner    By = "owner"
	ByOperator By = "operator"
)

// Transition is one allowed step.
type Transition = machine.Step[State, Action, By]

// Transitions is the whole life of a shop: the code follows this table, and docs/states is drawn from it.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Draft, ActSubmit, Submitted, ByOwner),
		allow(Returned, ActSubmit, Submitted, ByOwner),
		allow(Submitted, ActReturn, Returned, ByOperator),
		allow(Submitted, ActApprove, Approved, ByOperator),
		allow(Approved, ActSuspend, Suspended, ByOperator),
		allow(Suspended, ActReinstate, Approved, ByOperator),
	}
}

// ErrState refuses a step that the state does not allow. Args: State, Action.
var ErrState = fail.New(fail.Conflict, "merchant.state")

// Next gives the state an action leads to, or ErrState.
func (s State) Next(action Action) (State, error) {
	to, ok := Transitions().NextBy(s, action)
	if !ok {
		return s, ErrState.With("State", string(s), "Action", string(action))
	}
	return to, nil
}

// Open reports a registration that its owner may still write: business number, bank and slug included.
func (m Merchant) Open() bool { return slices.Contains([]State{Draft, Returned}, m.State) }

// Public reports a shop whose page everybody may see. A suspended shop stays visible: people hold its vouchers.
func (m Merchant) Public() bool { return slices.Contains([]State{Approved, Suspended}, m.State) }

// MaySell reports a shop that may open deals.
func (m Merchant) MaySell() bool { return m.State == Approved }

// CheckSell refuses with ErrNotApproved a shop that may not open deals.
func (m Merchant) CheckSell() error {
	if m.MaySell() {
		return nil
	}
	return ErrNotApproved
}
