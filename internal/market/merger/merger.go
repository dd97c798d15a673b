package merger

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine"
	"github.com/dure-commerce/dure/internal/market"
)

// Prefix of the identifiers.
const Prefix = "mrg"

// State is where a proposal stands.
type State string

// The states.
const (
	Asked     State = "asked"
	TakenBack State = "taken_back"
	Refused   State = "refused"
	Lapsed    State = "lapsed"
	Agreed    State = "agreed"
)

// States lists them in the order of a proposal's life.
func States() []State { return []State{Asked, TakenBack, Refused, Lapsed, Agreed} }

// Action is what moves a proposal.
type Action string

// The actions.
const (
	ActTakeBack Action = "take_back"
	ActRefuse   Action = "refuse"
	ActLapse    Action = "lapse"
	ActAgree    Action = "agree"
)

// Actions lists them.
func Actions() []Action { return []Action{ActTakeBack, ActRefuse, ActLapse, ActAgree} }

// By is who may take an action.
type By string

// Who acts.
const (
	ByAsker By = "asker" // the lead of the wish that would go over
	ByOther By = "other" // the lead of the wish that would take it in
	ByClock By = "clock"
)

// Transitions is the whole life of a proposal.
func Transitions() machine.Table[State, Action, By] {
	allow := machine.Allow[State, Action, By]
	return machine.Table[State, Action, By]{
		allow(Asked, ActTakeBack, TakenBack, ByAsker),
		allow(Asked, ActRefuse, Refused, ByOther),
		allow(Asked, ActAgree, Agreed, ByOther),
		allow(Asked, ActLapse, Lapsed, ByClock),
	}
}

// Refusals.
var (
	ErrNotFound = fail.New(fail.NotFound, "merger.not_found")
	// ErrAsked refuses a second open proposal of a wish.
	ErrAsked = fail.New(fail.Conflict, "merger.asked")
	// ErrOver refuses a step on a proposal that has ended.
	ErrOver = fail.New(fail.Gone, "merger.over")
	// ErrNobody refuses to ask a wish that nobody speaks for.
	ErrNobody = fail.New(fail.Conflict, "merger.nobody").On("into")
	// ErrAnswer refuses an answer of somebody who was not asked.
	ErrAnswer = fail.New(fail.Forbidden, "merger.answer")
	// ErrAgain asks to look again: something moved meanwhile.
	ErrAgain = fail.New(fail.Conflict, "wish.changed")
)

// AnswerTime is how long the other lead has to answer.
const AnswerTime = 3 * 24 * time.Hour

// Merger is one proposal.
type Merger struct {
	ID      string
	FromID  market.WishID
	IntoID  market.WishID
	AskedBy market.AccountID
	State   State
	At      time.Time
	Until   time.Time
	EndedAt time.Time
}

// Next is the proposal after an action.
func (m Merger) Next(action Action, by By) (Merger, error) {
	to, ok := Transitions().Next(m.State, action, by)
	if !ok {
		return m, ErrOver
	}
	m.State = to
	return m, nil
}

// Open reports a proposal that waits for its answer.
func (m Merger) Open() bool { return m.State == Asked }

// Overdue reports an open proposal whose time is over.
func (m Merger) Overdue(now time.Time) bool { return m.Open() && !now.Before(m.Until) }

// Answer is what a member said when asked to come over; "" is nothing.
type Answer string

// The answers.
const (
	Silent Answer = ""
	Yes    Answer = "yes"
	No     Answer = "no"
)
