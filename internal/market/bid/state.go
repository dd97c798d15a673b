package bid

import "slices"

// State is where an auction stands.
type State string

// The states of an auction.
const (
	Planned   State = "planned" // offers are taken, the crowd is not complete
	Open      State = "open"
	Revealing State = "revealing" // closed and sealed: nobody bids, nothing is shown
	Closed    State = "closed"    // everything is shown, members look and vote
	Awarded   State = "awarded"   // one won; the others stay in reserve
	Done      State = "done"      // the winner was paid, the others are free
	Void      State = "void"      // nobody won, all are free
)

// BidState is where a bid stands.
type BidState string

// The states of a bid. A standing bid binds its seller until it lapses.
const (
	Standing     BidState = "standing"
	Replaced     BidState = "replaced" // by a newer bid of the same seller
	Withdrawn    BidState = "withdrawn"
	Disqualified BidState = "disqualified"
	Winner       BidState = "winner"
	Failed       BidState = "failed" // won and did not go through
	Lapsed       BidState = "lapsed" // the auction ended without it
)

// Action is what moves an auction or a bid.
type Action string

// The actions.
const (
	ActOpen   Action = "open"
	ActClose  Action = "close"
	ActLock   Action = "lock" // the close of a sealed auction
	ActReveal Action = "reveal"
	ActAward  Action = "award"
	ActPass   Action = "pass" // the winner failed, the next one is asked
	ActFinish Action = "finish"
	ActVoid   Action = "void"
	ActReopen Action = "reopen"

	ActReplace    Action = "replace"
	ActWithdraw   Action = "withdraw"
	ActDisqualify Action = "disqualify"
	ActWin        Action = "win"
	ActFail       Action = "fail"
	ActLapse      Action = "lapse"
)

// By is who may take an action.
type By string

// Who acts.
const (
	ByClock    By = "clock"
	ByLead     By = "lead" // of the wish
	ByOperator By = "operator"
	BySeller   By = "seller"
	ByMembers  By = "members"
)

// Transition is one allowed step.
type Transition[S ~string] struct {
	From   S
	Action Action
	To     S
	By     []By
}

// Transitions is the whole life of an auction: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() []Transition[State] {
	return []Transition[State]{
		{Planned, ActOpen, Open, []By{ByClock}},
		{Planned, ActVoid, Void, []By{ByLead, ByOperator, ByClock}},
		{Open, ActClose, Closed, []By{ByClock}},
		{Open, ActLock, Revealing, []By{ByClock}},
		{Open, ActVoid, Void, []By{ByLead, ByOperator, ByClock}},
		{Revealing, ActReveal, Closed, []By{ByClock}},
		{Revealing, ActVoid, Void, []By{ByOperator}},
		{Closed, ActAward, Awarded, []By{ByClock, ByLead, ByOperator}},
		{Closed, ActVoid, Void, []By{ByLead, ByOperator, ByClock}},
		{Awarded, ActPass, Awarded, []By{ByClock, ByOperator, BySeller}},
		{Awarded, ActFinish, Done, []By{ByClock}},
		{Awarded, ActVoid, Void, []By{ByLead, ByOperator, ByClock}},
		{Void, ActReopen, Open, []By{ByLead, ByOperator}},
	}
}

// BidTransitions is the whole life of a bid, as Transitions is of an auction.
func BidTransitions() []Transition[BidState] {
	return []Transition[BidState]{
		{Standing, ActReplace, Replaced, []By{BySeller}},
		{Standing, ActWithdraw, Withdrawn, []By{BySeller}},
		{Standing, ActDisqualify, Disqualified, []By{ByOperator, ByMembers, ByClock}},
		{Standing, ActWin, Winner, []By{ByClock}},
		{Standing, ActLapse, Lapsed, []By{ByClock}},
		{Winner, ActFail, Failed, []By{ByClock, ByOperator, BySeller}},
		{Winner, ActLapse, Lapsed, []By{ByClock}},
	}
}

// Next gives the state an action leads an auction to.
func Next(from State, action Action, by By) (State, error) {
	return next(Transitions(), from, action, by)
}

// NextBid gives the state an action leads a bid to.
func NextBid(from BidState, action Action, by By) (BidState, error) {
	return next(BidTransitions(), from, action, by)
}

func next[S ~string](table []Transition[S], from S, action Action, by By) (S, error) {
	for _, t := range table {
		if t.From == from && t.Action == action && slices.Contains(t.By, by) {
			return t.To, nil
		}
	}
	return from, ErrState.With("State", string(from), "Action", string(action))
}
