// Package room shows a deal's waiting room and its waiting list: one's own place, how many stand in front, how long it
// may take and how that was reckoned, what is left, and the draw before the start with what is needed to draw again.
//
//	GET  /d/{deal}/room       the place; the page asks again by itself, with script and without
//	POST /d/{deal}/room       come in, or leave
//	POST /d/{deal}/wait       onto the waiting list of a deal that is sold out, or off it
//	GET  /d/{deal}/draw       the draw, and how to check it; draw.txt is its list
//
// It decides nothing: it words what flow/admit answers.
package room
