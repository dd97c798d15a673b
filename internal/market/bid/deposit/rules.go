package deposit

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/bid"
)

// Rules are the dated figures of policy.
type Rules struct {
	Max     money.Won
	Unused  time.Duration     // for so long a deposit waits for a bid
	FaultBP money.BasisPoints // of a winner's units: when more failed by its fault, it has not served
}

// Want is a seller who puts won down: Total is what should be down together.
type Want struct {
	Total money.Won
	Down  money.Won
}

// Missing is what is still to be paid, or why nothing is.
func (r Rules) Missing(w Want) (money.Won, error) {
	switch {
	case r.Max == 0:
		return 0, ErrNone
	case w.Total < 1 || w.Total > r.Max:
		return 0, ErrTotal.With("Max", r.Max)
	case w.Total <= w.Down:
		return 0, ErrDown
	}
	return w.Total - w.Down, nil
}

// Service is how a winner served those who had paid it. Units of a wish that is not over are not known.
type Service struct {
	Over  bool
	Units int64 // that it was to serve
	Fault int64 // that went back by its fault
}

// Failed reports a winner who has not served.
func (s Service) Failed(r Rules) bool {
	allowed, _ := money.MulDiv(s.Units, r.FaultBP, 10_000)
	return s.Fault > allowed
}

// Standing is all that decides about a seller's deposits in one auction.
type Standing struct {
	Bids    []bid.Bid // of this seller
	Takes   bool      // the auction takes bids
	Service Service   // of the winner
}

// Verdict is what becomes of a deposit; without a cause it waits. Of one that is kept, At is the instant of the
// failure: who had paid then is wronged by it, when the failure is no matter of single shares.
type Verdict struct {
	Cause Cause
	Keep  bool
	At    time.Time
}

// Waits reports a deposit that stays where it is.
func (v Verdict) Waits() bool { return v.Cause == "" }

// action is what carries the verdict out.
func (v Verdict) action() Action {
	if v.Keep {
		return ActKeep
	}
	return ActReturn
}

// Judge decides about one deposit that is down.
func (s Standing) Judge(d Deposit, r Rules, now time.Time) Verdict {
	if v, bound := s.bound(r); bound {
		return v
	}
	last := Verdict{Cause: CauseUnused}
	for _, b := range s.Bids {
		if b.EndedAt.Before(d.PaidAt) {
			continue // what happened before it was put down
		}
		v := ended(b)
		if v.Keep {
			return v
		}
		last = v
	}
	if last.Cause == CauseUnused && s.Takes && now.Before(d.PaidAt.Add(r.Unused)) {
		return Verdict{}
	}
	return last
}

// bound answers for a seller whose bid stands or has won.
func (s Standing) bound(r Rules) (Verdict, bool) {
	for _, b := range s.Bids {
		switch {
		case b.Stands(), b.Won() && !s.Service.Over:
			return Verdict{}, true
		case b.Won() && s.Service.Failed(r):
			return Verdict{Cause: CauseNotServed, Keep: true}, true
		case b.Won():
			return Verdict{Cause: CauseServed}, true
		}
	}
	return Verdict{}, false
}

// ended is what the end of a bid means for what was put down for it.
func ended(b bid.Bid) Verdict {
	switch b.State {
	case bid.Withdrawn:
		return Verdict{Cause: CauseWithdrawn}
	case bid.Failed:
		if ownFault(b.Reason) {
			return Verdict{Cause: CauseUnfit, Keep: true, At: b.EndedAt}
		}
		return Verdict{Cause: CauseNoFault}
	case bid.Disqualified:
		// Votes of members cost a seller the place, not won: a vote is no proof.
		if b.Outcome == bid.ReasonOperator || b.Outcome == bid.ReasonSeal {
			return Verdict{Cause: CauseFake, Keep: true, At: b.EndedAt}
		}
	case bid.Lapsed:
		if b.Outcome == bid.ReasonLowest { // it won, and not one member paid
			return Verdict{Cause: CauseNoFault}
		}
	case bid.Standing, bid.Winner, bid.Replaced:
	}
	return Verdict{Cause: CauseLost}
}

// ownFault names what keeps a winner from being paid that it has to answer for: all else is the crowd's, or time's.
func ownFault(reason string) bool {
	for _, e := range []*fail.Error{bid.ErrNotRegistered, bid.ErrUnverified, bid.ErrOwnCrowd} {
		if e.Code == reason {
			return true
		}
	}
	return false
}

// Parts shares a kept deposit out: equal parts for as many members, the first ones by their order having a won more
// where it does not come out even. Without members there are none, and all of it is the operator's.
func (d Deposit) Parts(members int) []money.Won {
	if members == 0 {
		return nil
	}
	weights := make([]int64, members)
	for i := range weights {
		weights[i] = 1
	}
	return money.Allocate(d.Amount, weights)
}
