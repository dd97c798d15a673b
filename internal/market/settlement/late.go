package settlement

import (
	"cmp"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
)

// InterestNote is what a merchant reads beside the interest on a payout that left late.
const InterestNote = "지급이 늦어 더한 이자"

// Interest adds up what a payout that leaves now bears, in won: each part from the end of the day on which it was
// payable. Parts are taken from the youngest statement on, so that what older ones owed stays out of it. What waited
// for the merchant's own bank account bears none.
func (p Payout) Interest(stated []Statement, of func(won int64, due time.Time) int64) int64 {
	if p.Replaces != "" || p.HeldFor == HoldBank {
		return 0
	}
	stated = slices.Clone(stated)
	slices.SortFunc(stated, func(a, b Statement) int { return cmp.Compare(b.PayableDay, a.PayableDay) })
	sum, rest := int64(0), p.Amount
	for _, s := range stated {
		if won := min(s.Body(), rest); won > 0 {
			sum, rest = sum+of(won, endOf(s.PayableDay)), rest-won
		}
	}
	if rest > 0 {
		sum += of(rest, endOf(p.Day))
	}
	return sum
}

// endOf gives the first instant after a day.
func endOf(day string) time.Time {
	_, end := DayBounds(day)
	return end
}

// InterestLine is the row of the next statement that pays it.
func (p Payout) InterestLine(won int64, now time.Time) Line {
	return Line{Kind: Compensation, SourceID: string(p.ID), Price: won, Net: won, At: now,
		Note: InterestNote + " (" + bizday.Day(p.DueAt) + ")"}
}
