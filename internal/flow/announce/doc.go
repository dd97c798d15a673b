// Package announce tells people what happens to a wish: shops that follow its kind that it has reached its point, and
// its members each step that matters to them.
//
//	the feed (wish.reached, bid.placed, …) ──► a job a step, once ──► Tell: notices, and few letters
//	Follow, Unfollow, Letters, EndLetters: which kinds of wishes a shop is told of
//
// Telling goes in pieces that hold the writer for a moment only. Running again, after a crash or twice at once, tells
// nobody twice: a shop's row, a notice and a letter of one step are unique. Members get letters of two steps only, that
// their wish reached its point and how it ended; a bid is told once, the first.
package announce
