// Package parcel knows how parcels are named and followed: carriers, the shape of their 송장 numbers, the sheet by which
// a seller hands in many at once, and what a carrier's events say together.
//
// All of it is pure. It asks no carrier anything, keeps nothing, and knows no money: what an arrival is worth is a
// rule of package escrow.
package parcel
