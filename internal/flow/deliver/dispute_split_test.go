package deliver_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// TestASplitLosesNoWon: what goes to both sides and the fee is what was frozen, to the won.
func TestASplitLosesNoWon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := escrow.Dispute{Amount: rapid.Int64Range(1, 100_000_000).Draw(t, "amount")}
		back := rapid.Int64Range(-1, 100_000_001).Draw(t, "back")
		got, err := deliver.SplitOf(x, rapid.Int64Range(0, 2_000).Draw(t, "rate"), back)
		if back < 0 || back > x.Amount {
			if !errors.Is(err, escrow.ErrRuling) {
				t.Fatalf("%d of %d: %v", back, x.Amount, err)
			}
			return
		}
		if err != nil || got.ToBuyer != back || got.ToBuyer+got.ToSeller+got.Commission+got.VAT != x.Amount {
			t.Fatalf("%d of %d: %+v %v", back, x.Amount, got, err)
		}
	})
}
