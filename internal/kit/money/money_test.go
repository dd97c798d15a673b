package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/money"
)

func TestWorkedCase(t *testing.T) {
	p := money.Won(19_900)
	c := money.Rate(p, 1200)
	v := money.VAT(c)
	if c != 2388 || v != 238 || p-c-v != 17_274 {
		t.Fatalf("c %d v %d n %d", c, v, p-c-v)
	}
	want := [3][3]money.Won{{6633, 796, 79}, {6633, 796, 79}, {6634, 796, 80}}
	for i := range int64(3) {
		got := [3]money.Won{money.Part(p, i+1, 3), money.Part(c, i+1, 3), money.Part(v, i+1, 3)}
		if got != want[i] {
			t.Errorf("use %d: %v, want %v", i+1, got, want[i])
		}
	}
	if got := money.RateUp(6634, 9000); got != 5971 {
		t.Errorf("claim %d", got)
	}
}

func TestSplitsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 1<<50).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 20).Draw(t, "weights")
		var sum money.Won
		for _, p := range money.Allocate(total, weights) {
			if p < 0 {
				t.Fatalf("negative part %d", p)
			}
			sum += p
		}
		if sum != total {
			t.Fatalf("parts add up to %d of %d", sum, total)
		}
		n := rapid.Int64Range(1, 60).Draw(t, "n")
		sum = 0
		for i := range n {
			sum += money.Part(total, i+1, n)
		}
		if sum != total {
			t.Fatalf("cumulative parts add up to %d of %d", sum, total)
		}
	})
}

func TestRateBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, 1<<53).Draw(t, "amount")
		bp := rapid.Int64Range(0, 10_000).Draw(t, "bp")
		down, up := money.Rate(a, bp), money.RateUp(a, bp)
		if down > up || up-down > 1 || up > a {
			t.Fatalf("%d at %d: %d..%d", a, bp, down, up)
		}
	})
}
