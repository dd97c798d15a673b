// Package stage says what several pages say of a wish: where it stands, how many belong to it, and what its picture is.
//
// It turns facts into sentences of the catalogue and decides nothing: the rules it words stand in market/wish.
package stage
