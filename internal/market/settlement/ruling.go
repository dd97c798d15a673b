package settlement

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Ruling is the operator's answer to an objection. Refund goes to the buyer of the use and is taken back from the
// merchant; Compensation is the operator's own money to the merchant. Both in won, both 0 when the line stands.
type Ruling struct {
	Outcome      Outcome
	Reason       string
	Refund       int64
	Compensation int64
}

// Check refuses a ruling without a reason, or one that gives what its outcome does not.
func (r Ruling) Check() (Ruling, error) {
	reason, err := CheckReason(r.Reason)
	if err != nil {
		return r, err
	}
	r.Reason = reason
	switch {
	case r.Outcome != Upheld && r.Outcome != Granted:
		return r, ErrState.With("State", string(r.Outcome))
	case r.Refund < 0 || r.Compensation < 0:
		return r, ErrAmount
	case r.Outcome == Upheld && (r.Refund > 0 || r.Compensation > 0):
		return r, ErrAmount
	case r.Outcome == Granted && r.Refund == 0 && r.Compensation == 0:
		return r, ErrAmount
	}
	return r, nil
}

// MayRefund refuses to take back more than a use was sold for, or anything of a line that is no use.
func (l Line) MayRefund(won int64) error {
	if l.Kind != Use {
		return ErrLineKind
	}
	if won > l.Price {
		return ErrAmount.With("Max", l.Price).On("refund")
	}
	return nil
}

// Compensated is the row that shows the operator's own money to the merchant.
func (l Line) Compensated(r Ruling, now time.Time) Line {
	next := l
	next.Kind, next.SourceID, next.Units, next.At, next.Note = Compensation, l.ID, 0, now, r.Reason
	next.Price, next.Commission, next.CommissionVAT, next.Net = r.Compensation, 0, 0, r.Compensation
	return next
}

// LinesFor gives the named lines of a statement; ErrNothing without names, ErrNotFound when one is not of it.
func LinesFor(ctx context.Context, q db.Querier, s Statement, ids []string) ([]Line, error) {
	if len(ids) == 0 {
		return nil, ErrNothing
	}
	lines, err := LoadLines(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	if len(lines) != len(ids) {
		return nil, ErrNotFound
	}
	for _, l := range lines {
		if l.StatementID != s.ID {
			return nil, ErrNotFound
		}
	}
	return lines, nil
}

// Sweepable is how much of a sweep custody can pay, in won: what stands there less what is promised or on its way.
func Sweepable(limit, standing, promised, onWay int64) int64 {
	return max(0, min(limit, standing-promised-onWay))
}

// FreePayable is the part of a merchant's account 2150 that no payout was promised, in won.
func FreePayable(standing, promised int64) int64 { return max(0, standing-promised) }
