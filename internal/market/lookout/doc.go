// Package lookout is which kinds of wishes a shop follows: a category with all below it, a region with all inside it,
// or any. It also keeps which shops were told that a wish has reached its point, each once.
//
// It owns the tables lookout, lookout_off and lookout_told. It matches categories and places that it is given, knows
// neither wishes nor shops, and writes to nobody; flow/announce does.
package lookout
