// Package rooms shows the operator the waiting rooms: which are on and why, who arrives, how many can be served, who
// was called and chooses; and switches one by hand, with a reason that is written down.
package rooms
