// Package live tells browsers that something they show has changed.
//
// A committed transaction touches topics; the hub says "this topic, this version" to everyone who watches it, at once
// for the first change and then at most four times a second, and the page fetches the fragment. What is said is a hint:
// it may be lost or come twice, so nothing that matters lives here. A reader that cannot follow is cut off and comes
// back with its last event id; the hub then repeats what it missed, or, where it cannot know, says everything again.
//
// It owns no table. Across nodes a Bus carries the hints; the one in memory serves a single process.
package live
