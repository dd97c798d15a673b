package deal

import (
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine"
)

// State is where a deal stands in its life.
type State string

// The states. Tipping is a fact beside them (Deal.TippedAt): a deal tips while it is on sale or closing.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Withdrawn State = "withdrawn"
	Scheduled State = "scheduled"
	OnSale    State = "on_sale"
	Closing   State = "closing"
	Asking    State = "asking"
	Ended     State = "ended"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Action is what moves a deal.
type Action string

// The actions.
const (
	ActSubmit   Action = "submit"
	ActReturn   Action = "return"
	ActWithdraw Action = "withdraw"
	ActSchedule Action = "schedule"
	ActOpen     Action = "open"
	ActClose    Action = "close"
	ActAsk      Action = "ask"
	ActExtend   Action = "extend"
	ActAccept   Action = "accept"
	ActEnd      Action = "end"
	ActFail     Action = "fail"
	ActCancel   Action = "cancel"
)

// By is who may take an action.
type By string

// Who acts.
const (
	ByMerchant By = "merchant"
	ByOperator By = "operator"
	ByClock    By = "clock"
)

// Transition is one allowed step.
type Transition = machine.Step[State, Action, By]

// Transitions is the whole life of a deal: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Draft, ActSubmit, Submitted, ByMerchant),
		allow(Returned, ActSubmit, Submitted, ByMerchant),
		allow(Draft, ActWithdraw, Withdrawn, ByMerchant),
		allow(Submitted, ActWithdraw, Withdrawn, ByMerchant),
		allow(Returned, ActWithdraw, Withdrawn, ByMerchant),
		allow(Submitted, ActReturn, Returned, ByOperator),
		allow(Submitted, ActSchedule, Scheduled, ByOperator),
		allow(Scheduled, ActOpen, OnSale, ByClock),
		allow(Scheduled, ActCancel, Cancelled, ByMerchant, ByOperator),
		allow(OnSale, ActClose, Closing, ByClock),
		allow(OnSale, ActCancel, Cancelled, ByOperator),
		allow(Closing, ActEnd, Ended, ByClock),
		allow(Closing, ActAsk, Asking, ByClock),
		allow(Closing, ActFail, Failed, ByClock),
		allow(Asking, ActExtend, OnSale, ByMerchant),
		allow(Asking, ActAccept, Ended, ByMerchant),
		allow(Asking, ActFail, Failed, ByMerchant, ByClock),
	}
}

// ErrState refuses a step that the state does not allow.
var ErrState = fail.New(fail.Conflict, "deal.state")

// Next gives the state an action leads to.
func Next(from State, action Action, by By) (State, error) {
	to, ok := Transitions().Next(from, action, by)
	if !ok {
		return from, ErrState.With("State", string(from), "Action", string(action))
	}
	return to, nil
}

// Terminal reports a state that nothing leaves.
func (s State) Terminal() bool { return Transitions().Terminal(s) }
