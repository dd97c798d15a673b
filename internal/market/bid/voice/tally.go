package voice

import "github.com/dure-commerce/dure/internal/market/bid"

// Tally is what the members said about a bid.
type Tally struct {
	Voters int64
	Flags  int64
}

// Quorum is how many voters decide, from the number of firm members: a part of them, rounded up.
func Quorum(r bid.Rules, firm int64) int64 { return max(1, (firm+r.QuorumPart-1)/r.QuorumPart) }

// Excludes reports that the members do not want the bid: a quorum voted, and enough of the voters flagged (decision
// 40).
func (t Tally) Excludes(r bid.Rules, firm int64) bool {
	return t.Voters >= Quorum(r, firm) && t.Flags*r.FlagsPart >= t.Voters
}
