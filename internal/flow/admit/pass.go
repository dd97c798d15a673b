package admit

import (
	"context"

	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/waitlist"
)

// Pass answers whether somebody may go and hold units now; turn tells that they were called, so that the purchase ends
// their turn. In the normal case, no room and nobody in line, it is a look into memory. Who holds units of the deal, or
// sends a purchase again, always passes. Everybody else is given a place, and ErrWaiting.
func (a *Admit) Pass(ctx context.Context, from room.Arrival) (turn bool, err error) {
	a.counts.add(from.DealID)
	known := a.known.Load()
	door, shut := known.rooms[from.DealID]
	if !shut && !known.lines[line{from.DealID, from.OptionID}] {
		return false, nil
	}
	now := a.DB.Clock().Now()
	if shut && door.Room.Calls() && from.Ticket != "" {
		// Those who ask again and again are answered from memory.
		k, err := a.tickets.Read(from.Ticket, from.DealID, from.Actor.AccountID, now)
		if err == nil && k.Number > door.Room.Called {
			return false, a.waiting(door.Room, room.Place{DealID: k.DealID, AccountID: k.AccountID, Number: k.Number})
		}
	}
	buying, err := a.buying(ctx, from)
	switch {
	case err != nil || buying:
		return false, err
	case !shut:
		return false, waitlist.ErrFirst
	}
	return a.passRoom(ctx, from, door.Room)
}

// passRoom looks up the place, or gives one.
func (a *Admit) passRoom(ctx context.Context, from room.Arrival, m room.Room) (bool, error) {
	p, err := room.FindPlace(ctx, a.DB, from.DealID, from.Actor.AccountID)
	if err != nil {
		return false, err
	}
	now := a.DB.Clock().Now()
	if p.Standing(now).MayJoin() {
		if p, err = a.Join(ctx, JoinCmd{Actor: from.Actor, DealID: from.DealID}); err != nil {
			return false, err
		}
	}
	if p.Standing(now) == room.Turn {
		return true, nil
	}
	return false, a.waiting(m, p)
}

// waiting is the answer to somebody who has a place and was not called yet.
func (a *Admit) waiting(m room.Room, p room.Place) error {
	if p.Number == 0 {
		return room.ErrDrawing.With("RetryAfter", 1)
	}
	before := m.Before(p.Number)
	return room.ErrWaiting.With("Place", p.Number, "Before", before, "RetryAfter", int(m.RetryAfter(before)),
		"Ticket", a.Ticket(p))
}

// Ticket writes a fresh ticket for a place; "" before the draw.
func (a *Admit) Ticket(p room.Place) string {
	if p.Number == 0 {
		return ""
	}
	return a.tickets.Write(room.Ticket{DealID: p.DealID, AccountID: p.AccountID, Number: p.Number,
		Expires: a.DB.Clock().Now().Add(room.TicketTime)})
}

// buying reports somebody who is buying already: their units are held, or their purchase was answered before.
func (a *Admit) buying(ctx context.Context, from room.Arrival) (bool, error) {
	key := order.PlaceKey{AccountID: from.Actor.AccountID, Key: from.Key}
	earlier, err := order.ByPlaceKeys(ctx, a.DB, []order.PlaceKey{key})
	if err != nil || len(earlier) > 0 {
		return true, err
	}
	limit := order.LimitKey{DealID: from.DealID, AccountID: from.Actor.AccountID}
	limits, err := order.LoadLimits(ctx, a.DB, []order.LimitKey{limit})
	if err != nil {
		return false, err
	}
	l, ok := limits[limit]
	return ok && l.HeldUnits > 0, nil
}

// MayChoose answers whether the page for choosing helps: it is false for somebody whom Pass would send into the room.
// It counts nobody and gives no place.
func (a *Admit) MayChoose(ctx context.Context, from room.Arrival) (bool, error) {
	if _, shut := a.known.Load().rooms[from.DealID]; !shut {
		return true, nil
	}
	if buying, err := a.buying(ctx, from); err != nil || buying {
		return buying, err
	}
	p, err := room.FindPlace(ctx, a.DB, from.DealID, from.Actor.AccountID)
	return p.Standing(a.DB.Clock().Now()) == room.Turn, err
}
