package room

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals of rooms.
var (
	// ErrWaiting sends a buyer into the room. Its arguments are RetryAfter (seconds), Ticket, Place and Before.
	ErrWaiting   = fail.New(fail.Unavailable, "room.waiting")
	ErrDrawing   = fail.New(fail.Unavailable, "room.drawing") // the places of those present are being drawn
	ErrNotOpen   = fail.New(fail.Conflict, "room.not_open")   // nobody needs to wait for this deal
	ErrTooEarly  = fail.New(fail.Conflict, "room.too_early")  // the doors open shortly before the sale
	ErrTicket    = fail.New(fail.Forbidden, "room.ticket")    // forged, somebody else's, or for another deal
	ErrOldTicket = fail.New(fail.Forbidden, "room.ticket_old")
	ErrChanged   = fail.New(fail.Conflict, "room.changed") // somebody else moved the room meanwhile
	ErrNotFound  = fail.New(fail.NotFound, "room.not_found")
)
