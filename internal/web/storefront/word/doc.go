// Package word says what several pages say of a deal: where it stands, how many are missing, when its vouchers can be
// used, what goes back when, and what its picture is. It turns facts into sentences of the catalogue and decides
// nothing: the rules it words stand in market/deal, market/policy and kit/hours.
package word
