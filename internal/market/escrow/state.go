package escrow

import (
	"slices"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Phase is where the escrow of a wish stands as a whole.
type Phase string

// The phases. Members pay, and may still be given back or get another seller; then the seller serves them; then every
// share has ended. A void escrow gives everything back.
const (
	Paying     Phase = "paying"
	Fulfilling Phase = "fulfilling"
	Done       Phase = "done"
	Void       Phase = "void"
)

// State is where one member's share stands.
type State string

// The states.
const (
	Held      State = "held"
	Shipped   State = "shipped"
	Delivered State = "delivered"
	Released  State = "released"
	Refunded  State = "refunded"
	Disputed  State = "disputed"
	Decided   State = "decided"
)

// NameKey is the catalogue key of the state's name.
func (s State) NameKey() string { return "escrow.state." + string(s) }

// Action is what moves a share.
type Action string

// The actions.
const (
	ActShip     Action = "ship"
	ActUse      Action = "use"
	ActArrive   Action = "arrive"
	ActBounce   Action = "bounce"
	ActConfirm  Action = "confirm"
	ActSilence  Action = "silence"
	ActWithdraw Action = "withdraw"
	ActGiveBack Action = "give_back"
	ActLapse    Action = "lapse"
	ActDispute  Action = "dispute"
	ActDecide   Action = "decide"
)

// By is who may take an action.
type By string

// Who acts. A branch acts by scanning the member's voucher, a carrier by its events.
const (
	ByBuyer    By = "buyer"
	BySeller   By = "seller"
	ByBranch   By = "branch"
	ByCarrier  By = "carrier"
	ByOperator By = "operator"
	ByClock    By = "clock"
)

// Transition is one allowed step of a share.
type Transition struct {
	From   State
	Action Action
	To     State
	By     []By
}

// Transitions is the whole life of a share: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() []Transition {
	return []Transition{
		{Held, ActShip, Shipped, []By{BySeller}},
		{Held, ActUse, Released, []By{ByBranch}},
		{Held, ActWithdraw, Refunded, []By{ByBuyer}},
		{Held, ActGiveBack, Refunded, []By{BySeller, ByOperator}},
		{Held, ActLapse, Refunded, []By{ByClock}},
		{Held, ActDispute, Disputed, []By{ByBuyer}},
		{Shipped, ActArrive, Delivered, []By{ByCarrier}},
		{Shipped, ActConfirm, Released, []By{ByBuyer}},
		{Shipped, ActGiveBack, Refunded, []By{BySeller, ByOperator}},
		{Shipped, ActLapse, Refunded, []By{ByClock}},
		{Shipped, ActDispute, Disputed, []By{ByBuyer}},
		{Delivered, ActBounce, Shipped, []By{ByCarrier}},
		{Delivered, ActConfirm, Released, []By{ByBuyer}},
		{Delivered, ActSilence, Released, []By{ByClock}},
		{Delivered, ActGiveBack, Refunded, []By{BySeller, ByOperator}},
		{Delivered, ActDispute, Disputed, []By{ByBuyer}},
		{Disputed, ActDecide, Decided, []By{ByBuyer, BySeller, ByOperator, ByClock}},
	}
}

// ErrState refuses a step that the share's state does not allow. Args: State, Action.
var ErrState = fail.New(fail.Conflict, "escrow.state")

// Next gives the state an action leads to.
func Next(from State, action Action, by By) (State, error) {
	for _, t := range Transitions() {
		if t.From == from && t.Action == action && slices.Contains(t.By, by) {
			return t.To, nil
		}
	}
	return from, ErrState.With("State", string(from), "Action", string(action))
}

// Ended reports a state that nothing leaves.
func (s State) Ended() bool {
	return !slices.ContainsFunc(Transitions(), func(t Transition) bool { return t.From == s })
}

// Turn is whose word a dispute waits for.
type Turn string

// The turns of a dispute.
const (
	TurnSeller   Turn = "seller"
	TurnBuyer    Turn = "buyer"
	TurnOperator Turn = "operator"
	TurnOver     Turn = "over"
)

// NameKey is the catalogue key of the turn's name.
func (t Turn) NameKey() string { return "escrow.turn." + string(t) }

// Say is what moves a dispute.
type Say string

// What may be said in a dispute. Words and pictures alone move nothing (SayMore).
const (
	SayAnswer Say = "answer"  // the seller's side, with or without an offer
	SayReply  Say = "reply"   // the buyer's answer to it
	SayMore   Say = "more"    // more evidence
	SayTake   Say = "take"    // the buyer takes the seller's offer
	SayGiveIn Say = "give_in" // one side leaves the share to the other
	SayRule   Say = "rule"    // the operator decides
	SayNone   Say = "silence" // the time has run out
)

// DisputeStep is one allowed step of a dispute.
type DisputeStep struct {
	From Turn
	Say  Say
	To   Turn
	By   []By
}

// DisputeSteps is the whole life of a dispute.
func DisputeSteps() []DisputeStep {
	both := []By{ByBuyer, BySeller}
	return []DisputeStep{
		{TurnSeller, SayAnswer, TurnBuyer, []By{BySeller}},
		{TurnSeller, SayGiveIn, TurnOver, both},
		{TurnSeller, SayMore, TurnSeller, []By{ByBuyer}},
		{TurnSeller, SayRule, TurnOver, []By{ByOperator}},
		{TurnSeller, SayNone, TurnOver, []By{ByClock}},
		{TurnBuyer, SayReply, TurnOperator, []By{ByBuyer}},
		{TurnBuyer, SayTake, TurnOver, []By{ByBuyer}},
		{TurnBuyer, SayGiveIn, TurnOver, both},
		{TurnBuyer, SayMore, TurnBuyer, []By{BySeller}},
		{TurnBuyer, SayRule, TurnOver, []By{ByOperator}},
		{TurnBuyer, SayNone, TurnOver, []By{ByClock}},
		{TurnOperator, SayTake, TurnOver, []By{ByBuyer}},
		{TurnOperator, SayGiveIn, TurnOver, both},
		{TurnOperator, SayMore, TurnOperator, both},
		{TurnOperator, SayRule, TurnOver, []By{ByOperator}},
		{TurnOperator, SayNone, TurnOver, []By{ByClock}},
	}
}

// ErrTurn refuses what is not said now, or not by this side. Args: Turn.
var ErrTurn = fail.New(fail.Conflict, "escrow.dispute_turn")

// NextTurn gives whose word a dispute waits for after something was said.
func NextTurn(from Turn, say Say, by By) (Turn, error) {
	for _, s := range DisputeSteps() {
		if s.From == from && s.Say == say && slices.Contains(s.By, by) {
			return s.To, nil
		}
	}
	return from, ErrTurn.With("Turn", string(from))
}
