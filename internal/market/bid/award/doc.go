// Package award decides who wins the auction of a wish, and says of every bid why it won or did not.
//
// The lowest bid that nothing speaks against wins, at the price members would pay at the number of firm members; the
// earliest, where prices tie. A bid far below the median is marked and stays: whether it is good is for the members to
// say (package voice), whose votes are counted once, here. When a winner does not go through, the next one is asked.
// What was decided can be decided again from what is public after the close (prove.go).
//
// It writes the tables of market/bid through that package's own verbs. Who is firm and which seller is fit come in as
// Facts.
package award
