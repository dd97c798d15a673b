// Package art draws the product's own pictures as SVG: scenes for shops and deals, empty states, the sign, and the
// card shown when a page is shared. Everything is a pure function of a kind and a seed, so the same shop has the
// same picture on every machine.
//
// It owns the drawings and their addresses. It will not handle photographs; those are kit/picture's.
package art
