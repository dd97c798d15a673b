// Package follow is how a person keeps things near, and is told of them: a deal bookmarked (찜), with a wish to be told
// when its sale begins, and the deals of the shops that a person follows.
//
//	Keep(notify), a shop followed ──► the sale begins ──► Tell: a notice to each, a letter to whoever takes letters
//	Drop, Letters(off), EndLetters                        (in chunks, resumed, nobody twice)
//
// Keeping twice is keeping once; nothing here presses anybody to share or to come back.
package follow
