// Package choice finds the shop whose desk somebody opens, and asks who leads several for which of them they come.
//
//	/office/choose    the shops one leads; ?next= is where they were going, and go on to
package choice
