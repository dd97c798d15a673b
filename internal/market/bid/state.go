package bid

import "github.com/dure-commerce/dure/internal/kit/machine"

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

// Transitions is the whole life of an auction: the code follows this table, and the picture in docs/ is drawn from it.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Planned, ActOpen, Open, ByClock),
		allow(Planned, ActVoid, Void, ByLead, ByOperator, ByClock),
		allow(Open, ActClose, Closed, ByClock),
		allow(Open, ActLock, Revealing, ByClock),
		allow(Open, ActVoid, Void, ByLead, ByOperator, ByClock),
		allow(Revealing, ActReveal, Closed, ByClock),
		allow(Revealing, ActVoid, Void, ByOperator),
		allow(Closed, ActAward, Awarded, ByClock, ByLead, ByOperator),
		allow(Closed, ActVoid, Void, ByLead, ByOperator, ByClock),
		allow(Awarded, ActPass, Awarded, ByClock, ByOperator, BySeller),
		allow(Awarded, ActFinish, Done, ByClock),
		allow(Awarded, ActVoid, Void, ByLead, ByOperator, ByClock),
		allow(Void, ActReopen, Planned, ByClock),
	}
}

// BidTransitions is the whole life of a bid, as Transitions is of an auction.
func BidTransitions() machine.Table[BidState, Action, By] {
	allow := machine.Allow[BidState, Action, By]
	return machine.Table[BidState, Action, By]{
		allow(Standing, ActReplace, Replaced, BySeller),
		allow(Standing, ActWithdraw, Withdrawn, BySeller),
		allow(Standing, ActDisqualify, Disqualified, ByOperator, ByMembers, ByClock),
		allow(Standing, ActWin, Winner, ByClock),
		allow(Standing, ActLapse, Lapsed, ByClock),
		allow(Winner, ActFail, Failed, ByClock, ByOperator, BySeller),
		allow(Winner, ActLapse, Lapsed, ByClock),
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

func next[S ~string](table machine.Table[S, Action, By], from S, action Action, by By) (S, error) {
	to, ok := table.Next(from, action, by)
	if !ok {
		return from, ErrState.With("State", string(from), "Action", string(action))
	}
	return to, nil
}
