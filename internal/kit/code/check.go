package code

import "strings"

// Check gives the check character of folded text: a weighted sum over the field of 32 elements, the weights being the
// powers of a generator. Since all weights differ and none is zero, one wrong character always shows; since neighbours'
// weights differ, so does every swap of neighbours, and of any two places less than 31 apart. Unlike Crockford's own
// check (modulo 37) it needs no signs outside the alphabet. Text outside the alphabet counts as zeros.
func Check(folded string) byte {
	sum := byte(0)
	for i := range len(folded) {
		value := max(strings.IndexByte(Alphabet, folded[i]), 0)
		sum = double(sum ^ byte(value))
	}
	return Alphabet[sum]
}

// double multiplies by x in GF(32) modulo x⁵+x²+1, which is primitive: doubling runs through all 31 elements but zero.
func double(element byte) byte {
	element <<= 1
	if element&32 != 0 {
		element ^= 0b100101
	}
	return element
}
