// Package draw is how an operator draws areas: groups of regions with a name of their own (강남, 분당), to which deals and
// pages may belong like to any region.
//
//	Area    a new area, or an area drawn anew    the id stays, and with it every deal and link
//
// Rules of what an area may hold live in market/region.
package draw
