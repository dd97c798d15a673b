package earned_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/ledger/earned"
)

// TestSharesAreTheSumOfTheirParts: units that are a share each earn what so many calls of Earn add up to, and however
// members divide them, the sum lies between that and what one share of all would earn.
func TestSharesAreTheSumOfTheirParts(t *testing.T) {
	seed := int64(1)
	next := func(below int64) int64 { // any sequence will do: what holds, holds of all
		seed = (seed*1_103_515_245 + 12_345) % (1 << 31)
		return (seed >> 4) % below
	}
	for range 2_000 {
		price, units, bp := next(200_000)+100, next(40)+1, next(5_001)
		each, less := earned.Shares(price, units, bp)
		var one, mixed money.Won
		for range units {
			one += ledger.Earn(price, bp).Net()
		}
		for left := units; left > 0; {
			n := next(left) + 1
			mixed += ledger.Earn(price*n, bp).Net()
			left -= n
		}
		if each.Net() != one || each.Price != price*units || less < 0 {
			t.Fatalf("%d won, %d units, %d bp: %+v, not %d; less %d", price, units, bp, each, one, less)
		}
		if mixed > each.Net() || mixed < each.Net()-less {
			t.Fatalf("%d won, %d units, %d bp: %d is outside %d to %d", price, units, bp, mixed, each.Net()-less, each.Net())
		}
	}
}
