package bid

// Reason is why a bid won or did not; every bid of an awarded auction has one, and the page says it.
type Reason string

// The reasons. Those up to ReasonLater have a place in the order of offers.
const (
	ReasonLowest  Reason = "lowest"
	ReasonPrice   Reason = "price" // dearer than the winner
	ReasonLater   Reason = "later" // as low, and came later
	ReasonMinimum Reason = "minimum"
	ReasonMaximum Reason = "maximum"
	ReasonLate    Reason = "late"  // the day it promised is over
	ReasonVoted   Reason = "voted" // members did not want it
	ReasonUnfit   Reason = "unfit" // its seller may not be paid; Line.Detail holds the refusal's code

	ReasonOperator  Reason = "operator" // Line.Detail holds the public reason
	ReasonSeal      Reason = "seal"     // its text is not what was committed to
	ReasonWithdrawn Reason = "withdrawn"
	ReasonReplaced  Reason = "replaced"
	ReasonFailed    Reason = "failed" // had won; Line.Detail holds why it did not go through
	ReasonLapsed    Reason = "lapsed" // of an earlier round
)

// Reasons lists all reasons.
func Reasons() []Reason {
	return []Reason{ReasonLowest, ReasonPrice, ReasonLater, ReasonMinimum, ReasonMaximum, ReasonLate, ReasonVoted,
		ReasonUnfit, ReasonOperator, ReasonSeal, ReasonWithdrawn, ReasonReplaced, ReasonFailed, ReasonLapsed}
}

// Ranked reports a reason of a bid that has a place in the order of offers.
func (r Reason) Ranked() bool { return r == ReasonLowest || r == ReasonPrice || r == ReasonLater }
