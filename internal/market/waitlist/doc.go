// Package waitlist is the line of those who want a unit of a deal that is sold out, when one comes back: a hold lapsed,
// or money went back.
//
//	waiting ──► offered (a unit is held for them) ──► paid or lapsed: the order's own life
//	   └──────► ended   (left, the sale is over, or they may not hold any more)
//
// The line follows arrival, an option at a time. An offer is an ordinary hold, so that no unit is lost or doubled: the
// deal's own guards count it. It owns the table waitlist; it holds nothing itself and tells nobody.
package waitlist
