// Package money holds the arithmetic of won: whole numbers only, splits that add up, rates in basis points.
//
// Owed to a buyer is rounded up, taken by the operator down. There is no fraction type and no float.
package money
