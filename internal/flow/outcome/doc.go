// Package outcome carries out in won what became of members' shares of a wish: the entries of the book (R14, R15, R16)
// and the refunds that go through the same sending as every other.
//
// Shares end in several journeys: a window to pay that fails (fund), a receipt, a silence or a dispute (deliver). Each
// takes its step on the noun and hands the answer over here, in the same transaction; so there is one place that turns
// a share into entries, and nobody's won is posted twice or not at all. It opens no transaction of its own.
package outcome
