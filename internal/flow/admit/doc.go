// Package admit is the way through the waiting room of a hot deal, and the waiting list of one that is sold out.
//
//	Join before the start ──► the start: draw ──┐
//	arrivals outrun the rate ──► open ──────────┴─► Join: next number ──► call, place by place ──► checkout
//	sold out ──► Wish ──► a unit comes back ──► Offer: a hold for the first in line, and a letter
//
// Checkout asks Pass before it holds units. While no deal is shut that is a look into memory and nothing else; who
// holds units or repeats a purchase is never kept. Each node measures itself (arrivals, and what its lanes commit);
// whether a room is shut stands in SQL, is shared by all nodes and remembered for a second at most. Whatever is
// remembered wrongly costs fairness for a moment, never a unit: those are guarded where they are sold.
package admit
