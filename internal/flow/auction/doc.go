// Package auction is how sellers compete for a wish, and how one of them wins.
//
//	Place, Withdraw (offers come before the point too) ──► Close (a late bid moves it) ──► reveal, if it was sealed
//	    ──► members Ask, Vote, sellers Answer; the operator may Disqualify
//	    ──► Award: the lowest bid that nothing speaks against, or another round of the wish, or its end
//
// Placing is a lane step. Every deadline is a job that can run twice: a step that finds its work done, or its time
// moved, does nothing. Nobody at the operator's has to act.
package auction
