// Package wanted is how people who want the same thing find each other: the wish, its crowd and the point from which
// sellers compete.
//
//	Post ──► people Join, look on or leave (a lane step) ──► the last missing firm member reaches the point, once
//	  ▲  └─ Withdraw (alone) · Expire (its time is over)
//	  └── Again: offers came to nothing ──► a pause ──► Resume, or the lead's GoOn, Fewer, Withdraw
//
// Whoever writes a wish is its first member. When the lead leaves, the firm member who has been there longest leads.
// In each round of a wish the point is passed, and told of, once.
package wanted
