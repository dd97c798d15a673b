package deal

import (
	"slices"

	"github.com/dure-commerce/dure/internal/kit/fail"
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
type Transition struct {
	From   State
	Action Action
	To     State
	By     []By
}

// Transitions is the whole life of a deal: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() []Transition {
	return []Transition{
		{Draft, ActSubmit, Submitted, []By{ByMerchant}},
		{Returned, ActSubmit, Submitted, []By{ByMerchant}},
		{Draft, ActWithdraw, Withdrawn, []By{ByMerchant}},
		{Submitted, ActWithdraw, Withdrawn, []By{ByMerchant}},
		{Returned, ActWithdraw, Withdrawn, []By{ByMerchant}},
		{Submitted, ActReturn, Returned, []By{ByOperator}},
		{Submitted, ActSchedule, Scheduled, []By{ByOperator}},
		{Scheduled, ActOpen, OnSale, []By{ByClock}},
		{Scheduled, ActCancel, Cancelled, []By{ByMerchant, ByOperator}},
		{OnSale, ActClose, Closing, []By{ByClock}},
		{OnSale, ActCancel, Cancelled, []By{ByOperator}},
		{Closing, ActEnd, Ended, []By{ByClock}},
		{Closing, ActAsk, Asking, []By{ByClock}},
		{Closing, ActFail, Failed, []By{ByClock}},
		{Asking, ActExtend, OnSale, []By{ByMerchant}},
		{Asking, ActAccept, Ended, []By{ByMerchant}},
		{Asking, ActFail, Failed, []By{ByMerchant, ByClock}},
	}
}

// ErrState refuses a step that the state does not allow.
var ErrState = fail.New(fail.Conflict, "deal.state")

// Next gives the state an action leads to.
func Next(from State, action Action, by By) (State, error) {
	for _, t := range Transitions() {
		if t.From == from && t.Action == action && slices.Contains(t.By, by) {
			return t.To, nil
		}
	}
	return from, ErrState.With("State", string(from), "Action", string(action))
}

// Terminal reports a state that nothing leaves.
func (s State) Terminal() bool {
	for _, t := range Transitions() {
		if t.From == s {
			return false
		}
	}
	return true
}
