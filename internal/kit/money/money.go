package money

import (
	"math/bits"
	"sort"

	"github.com/dure-commerce/dure/internal/kit/assert"
)

// Won is an amount of Korean won; it has no smaller unit.
type Won = int64

// BasisPoints is a rate: 10,000 is the whole.
type BasisPoints = int64

const whole = 10_000

// Rate gives ⌊amount·bp/10,000⌋ for a non-negative amount and rate: what the operator takes.
func Rate(amount Won, bp BasisPoints) Won {
	q, _ := MulDiv(amount, bp, whole)
	return q
}

// RateUp gives ⌈amount·bp/10,000⌉ for a non-negative amount and rate: what is owed to a buyer.
func RateUp(amount Won, bp BasisPoints) Won {
	q, r := MulDiv(amount, bp, whole)
	if r > 0 {
		q++
	}
	return q
}

// MulDiv gives quotient and remainder of a·b/c over 128 bits, for non-negative a, b and positive c.
// It asserts that the arguments are in that range and the quotient fits.
func MulDiv(a, b, c int64) (quotient, remainder int64) {
	assert.That(a >= 0 && b >= 0 && c > 0, "60 MulDiv takes no negative amounts", "a", a, "b", b, "c", c)
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	assert.That(hi < uint64(c), "61 a product of won stays within 64 bits", "a", a, "b", b, "c", c)
	q, r := bits.Div64(hi, lo, uint64(c))
	assert.That(q <= 1<<63-1, "61 a product of won stays within 64 bits", "a", a, "b", b, "c", c)
	return int64(q), int64(r)
}

// Allocate splits total over weights by largest remainder; the parts add up to total, ties go to the first.
// Weights are non-negative; when all are zero everything goes to the first part.
func Allocate(total Won, weights []int64) []Won {
	parts := make([]Won, len(weights))
	if len(weights) == 0 {
		return parts
	}
	var sum int64
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		parts[0] = total
		return parts
	}
	type rest struct {
		index int
		left  int64
	}
	rests := make([]rest, len(weights))
	given := int64(0)
	for i, w := range weights {
		q, r := MulDiv(total, w, sum)
		parts[i], rests[i] = q, rest{i, r}
		given += q
	}
	sort.SliceStable(rests, func(i, j int) bool { return rests[i].left > rests[j].left })
	for i := int64(0); i < total-given; i++ {
		parts[rests[i].index]++
	}
	return parts
}

// Even splits total over n equal parts by largest remainder: the first parts carry the extra won.
func Even(total Won, n int) []Won {
	weights := make([]int64, n)
	for i := range weights {
		weights[i] = 1
	}
	return Allocate(total, weights)
}

// Part gives the i-th of n cumulative parts (i from 1): ⌊p·i/n⌋ − ⌊p·(i−1)/n⌋. All parts add up to p.
func Part(p Won, i, n int64) Won {
	to, _ := MulDiv(p, i, n)
	from, _ := MulDiv(p, i-1, n)
	return to - from
}

// VAT gives the value added tax on a supply, a tenth, down.
// Source: Value-Added Tax Act (부가가치세법) art. 30.
func VAT(supply Won) Won { return supply / 10 }

// Span gives the cumulative parts from+1 … to of n: ⌊p·to/n⌋ − ⌊p·from/n⌋.
func Span(p Won, from, to, n int64) Won {
	upper, _ := MulDiv(p, to, n)
	lower, _ := MulDiv(p, from, n)
	return upper - lower
}
