// Package right answers one question: may this actor do this action on this resource?
//
// The answer is one table (rights.go), pure and complete: every flow asks it before it does anything, and a page
// asks it to know which buttons to show. There are four answers: allowed; sign in first; forbidden (the actor may
// know that the thing exists, but not do this); hidden (the actor may not even know: the same 404 as for an id
// that never was).
//
// It owns no data and reads none: who belongs to which merchant stands in the Actor, whom a thing belongs to in
// the Resource. It will not judge states ("already redeemed"), limits or amounts: those are rules of the nouns.
package right
