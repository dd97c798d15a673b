package wish

import (
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine"
)

// State is where a wish stands.
type State string

// The states.
const (
	Gathering  State = "gathering"  // people join; sellers may offer already
	Bidding    State = "bidding"    // enough are firm: sellers compete until a time
	Choosing   State = "choosing"   // bids are closed: members look, ask and flag
	Paying     State = "paying"     // a bid has won: firm members pay
	Fulfilling State = "fulfilling" // the seller delivers, the money waits
	Done       State = "done"       // every share is released or paid back
	Closed     State = "closed"     // nothing came of it, and nobody has lost a won
	Merged     State = "merged"     // its members were asked over to a like wish
)

// States lists them in the order of a wish's life.
func States() []State {
	return []State{Gathering, Bidding, Choosing, Paying, Fulfilling, Done, Closed, Merged}
}

// Action is what moves a wish.
type Action string

// The actions.
const (
	ActReach    Action = "reach"     // enough are firm: the last missing one came, or the pause of a new round is over
	ActExpire   Action = "expire"    // its time is over
	ActWithdraw Action = "withdraw"  // by its lead, while nobody else is firm
	ActMerge    Action = "merge"     // into a like wish
	ActCloseBid Action = "close"     // the time for bids is over
	ActNoBid    Action = "no_bid"    // no bid that counts, and no round is left
	ActAgain    Action = "again"     // its offers came to nothing, and it gathers on
	ActAward    Action = "award"     // the lowest accepted bid has won
	ActNext     Action = "next"      // the winner failed, the next bid stands
	ActEnough   Action = "enough"    // enough have paid, or the seller takes fewer
	ActTooFew   Action = "too_few"   // too few have paid, and nobody takes fewer
	ActFinish   Action = "finish"    // the last share has ended
	ActTakeDown Action = "take_down" // by the operator, on legal ground, with a public reason
)

// Actions lists them.
func Actions() []Action {
	return []Action{ActReach, ActExpire, ActWithdraw, ActMerge, ActCloseBid, ActNoBid, ActAgain, ActAward, ActNext,
		ActEnough, ActTooFew, ActFinish, ActTakeDown}
}

// By is who may take an action.
type By string

// Who acts.
const (
	ByMembers  By = "members" // by joining
	ByLead     By = "lead"
	ByClock    By = "clock"
	BySeller   By = "seller"
	ByOperator By = "operator"
)

// Transition is one allowed step.
type Transition = machine.Step[State, Action, By]

// Transitions is the whole life of a wish: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Gathering, ActReach, Bidding, ByMembers, ByLead, ByClock),
		allow(Gathering, ActExpire, Closed, ByClock),
		allow(Gathering, ActWithdraw, Closed, ByLead),
		allow(Gathering, ActMerge, Merged, ByLead),
		allow(Gathering, ActTakeDown, Closed, ByOperator),
		allow(Bidding, ActCloseBid, Choosing, ByClock),
		allow(Bidding, ActTakeDown, Closed, ByOperator),
		allow(Choosing, ActAward, Paying, ByClock),
		allow(Choosing, ActNoBid, Closed, ByClock),
		allow(Choosing, ActAgain, Gathering, ByClock),
		allow(Choosing, ActTakeDown, Closed, ByOperator),
		allow(Paying, ActNext, Paying, ByClock),
		allow(Paying, ActEnough, Fulfilling, ByClock, BySeller),
		allow(Paying, ActTooFew, Closed, ByClock, BySeller),
		allow(Paying, ActAgain, Gathering, ByClock),
		allow(Paying, ActTakeDown, Closed, ByOperator),
		allow(Fulfilling, ActFinish, Done, ByClock),
	}
}

// ErrState refuses a step that the state does not allow.
var ErrState = fail.New(fail.Conflict, "wish.state")

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

// Chooses reports the stage at which members look at the bids.
func (s State) Chooses() bool { return s == Choosing }

// Fruitless reports an end at which nobody got anything, and nobody has lost a won.
func (s State) Fruitless() bool { return s == Closed }
