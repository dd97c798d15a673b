// Package crowd is the half of a history that buyers begin: wishes, their crowds, auctions and the money that waits.
//
// Its actions are taken by the history it lives in (Host), among all others; it brings what must hold after each of
// them, what must be over at rest, and what a complete simulation must have met.
package crowd
