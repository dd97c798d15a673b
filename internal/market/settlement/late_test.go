package settlement_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/settlement"
)

// TestPayoutInterest: each part bears interest from the end of its day, the youngest statements first.
func TestPayoutInterest(t *testing.T) {
	stated := []settlement.Statement{{Net: 700, PayableDay: "2026-03-10"}, {Net: -100, PayableDay: "2026-03-11"},
		{Net: 400, Apart: 100, PayableDay: "2026-03-12"}}
	// A won a day: the parts and their days show in the sum.
	of := func(won int64, due time.Time) int64 {
		return won * int64(time.Date(2026, 3, 20, 15, 0, 0, 0, time.UTC).Sub(due)/(24*time.Hour))
	}
	for name, row := range map[string]struct {
		payout settlement.Payout
		want   int64
	}{
		"all parts":            {settlement.Payout{Day: "2026-03-12", Amount: 1_000}, 300*8 + 700*10},
		"old debts stay out":   {settlement.Payout{Day: "2026-03-12", Amount: 250}, 250 * 8},
		"lines apart":          {settlement.Payout{Day: "2026-03-12", Amount: 1_100}, 300*8 + 700*10 + 100*8},
		"their own account":    {settlement.Payout{Day: "2026-03-12", Amount: 900, HeldFor: settlement.HoldBank}, 0},
		"after a return":       {settlement.Payout{Day: "2026-03-12", Amount: 900, Replaces: "out_1"}, 0},
		"held by the operator": {settlement.Payout{Day: "2026-03-12", Amount: 300, HeldFor: settlement.HoldBooks}, 300 * 8},
	} {
		if got := row.payout.Interest(stated, of); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}
