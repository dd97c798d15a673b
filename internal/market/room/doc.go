// Package room is the waiting room in front of a hot deal: who waits, at which place, and who may go and choose now.
//
//	gathering ──► drawing ──► open ──► closed ──► open …
//	(before the   (the draw   (first come,
//	 start)        is made)    first served)
//
// Before the start everybody present has the same chance: places are drawn with a seed whose hash was public before,
// and which is public afterwards, so that anybody can draw again (draw.go). From the start on, places follow arrival. A
// place is bound to an account; a ticket says so without a look into the database (ticket.go). The rules say when a
// room is needed and how many are called (rules.go).
//
// It owns the tables room and room_place. It sells nothing and keeps nobody from paying: units are guarded by the deal
// whether there is a room or not, so that a room protects only patience and fairness.
package room
