package escrow

import (
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine"
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
type Transition = machine.Step[State, Action, By]

// Transitions is the whole life of a share: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Held, ActShip, Shipped, BySeller),
		allow(Held, ActUse, Released, ByBranch),
		allow(Held, ActWithdraw, Refunded, ByBuyer),
		allow(Held, ActGiveBack, Refunded, BySeller, ByOperator),
		allow(Held, ActLapse, Refunded, ByClock),
		allow(Held, ActDispute, Disputed, ByBuyer),
		allow(Shipped, ActArrive, Delivered, ByCarrier),
		allow(Shipped, ActConfirm, Released, ByBuyer),
		allow(Shipped, ActGiveBack, Refunded, BySeller, ByOperator),
		allow(Shipped, ActLapse, Refunded, ByClock),
		allow(Shipped, ActDispute, Disputed, ByBuyer),
		allow(Delivered, ActBounce, Shipped, ByCarrier),
		allow(Delivered, ActConfirm, Released, ByBuyer),
		allow(Delivered, ActSilence, Released, ByClock),
		allow(Delivered, ActGiveBack, Refunded, BySeller, ByOperator),
		allow(Delivered, ActDispute, Disputed, ByBuyer),
		allow(Disputed, ActDecide, Decided, ByBuyer, BySeller, ByOperator, ByClock),
	}
}

// ErrState refuses a step that the share's state does not allow. Args: State, Action.
var ErrState = fail.New(fail.Conflict, "escrow.state")

// Next gives the state an action leads to.
func Next(from State, action Action, by By) (State, error) {
	to, ok := Transitions().Next(from, action, by)
	if !ok {
		return from, ErrState.With("State", string(from), "Action", string(action))
	}
	return to, nil
}

// Ended reports a state that nothing leaves.
func (s State) Ended() bool { return Transitions().Terminal(s) }

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
type DisputeStep = machine.Step[Turn, Say, By]

// DisputeSteps is the whole life of a dispute.
func DisputeSteps() machine.Table[Turn, Say, By] {
	allow := machine.Allow[Turn, Say, By]
	return machine.Table[Turn, Say, By]{
		allow(TurnSeller, SayAnswer, TurnBuyer, BySeller),
		allow(TurnSeller, SayGiveIn, TurnOver, ByBuyer, BySeller),
		allow(TurnSeller, SayMore, TurnSeller, ByBuyer),
		allow(TurnSeller, SayRule, TurnOver, ByOperator),
		allow(TurnSeller, SayNone, TurnOver, ByClock),
		allow(TurnBuyer, SayReply, TurnOperator, ByBuyer),
		allow(TurnBuyer, SayTake, TurnOver, ByBuyer),
		allow(TurnBuyer, SayGiveIn, TurnOver, ByBuyer, BySeller),
		allow(TurnBuyer, SayMore, TurnBuyer, BySeller),
		allow(TurnBuyer, SayRule, TurnOver, ByOperator),
		allow(TurnBuyer, SayNone, TurnOver, ByClock),
		allow(TurnOperator, SayTake, TurnOver, ByBuyer),
		allow(TurnOperator, SayGiveIn, TurnOver, ByBuyer, BySeller),
		allow(TurnOperator, SayMore, TurnOperator, ByBuyer, BySeller),
		allow(TurnOperator, SayRule, TurnOver, ByOperator),
		allow(TurnOperator, SayNone, TurnOver, ByClock),
	}
}

// ErrTurn refuses what is not said now, or not by this side. Args: Turn.
var ErrTurn = fail.New(fail.Conflict, "escrow.dispute_turn")

// NextTurn gives whose word a dispute waits for after something was said.
func NextTurn(from Turn, say Say, by By) (Turn, error) {
	to, ok := DisputeSteps().Next(from, say, by)
	if !ok {
		return from, ErrTurn.With("Turn", string(from))
	}
	return to, nil
}
