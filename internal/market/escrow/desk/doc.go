// Package desk reads escrows as their seller, and whoever ends them, works through them: the wishes a seller serves,
// where their won stands, its disputes, and escrows that have nothing left to do.
//
// It owns no table and changes nothing.
package desk
