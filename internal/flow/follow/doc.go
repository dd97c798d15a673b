// Package follow is how a person keeps things near: a deal bookmarked (찜), with a wish to be told when its sale begins.
//
//	Keep(notify) ──► the sale begins ──► Tell: a letter to everyone who asked, in chunks
//	Drop
//
// Keeping twice is keeping once; nothing here presses anybody to share or to come back.
package follow
