package admit

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/waitlist"
)

// View is what one person sees of a deal's room and waiting list.
type View struct {
	Room       room.Room
	Place      room.Place
	Standing   room.Standing
	Before     int64 // who waits in front
	Stock      room.Stock
	LikelyGone bool // those in front will probably take all there is
	From       time.Duration
	Until      time.Duration
	Timed      bool // From and Until are known
	Ticket     string
	Retry      int64  // seconds after which a program may ask again
	Commitment string // hash of the draw's seed
	Wish       waitlist.Entry
	WishBefore int64
	MayWish    bool // the waiting list is a way for this person
}

// Look reads a person's place. The operator's guess of what is left is a moment old.
func (a *Admit) Look(ctx context.Context, actor market.Actor, id market.DealID) (View, error) {
	now := a.DB.Clock().Now()
	v := View{Commitment: room.Commitment(room.SeedOf(a.Key, id))}
	err := a.DB.Read(ctx, func(q *db.ReadTx) error {
		d, err := deal.Find(ctx, q, id)
		if err != nil {
			return err
		}
		if v.Room, err = room.Find(ctx, q, id); err != nil {
			return err
		}
		v.Stock = room.Stock{Free: d.Free(), Held: d.HeldUnits, InFlight: a.Doors()[id].Stock.InFlight}
		if !actor.SignedIn() {
			return nil
		}
		if v.Place, err = room.FindPlace(ctx, q, id, actor.AccountID); err != nil {
			return err
		}
		if v.Wish, err = waitlist.Find(ctx, q, id, actor.AccountID); err != nil {
			return err
		}
		if v.Wish.Waits() {
			v.WishBefore, err = waitlist.Before(ctx, q, v.Wish)
		}
		return err
	})
	if err != nil {
		return v, err
	}
	v.Standing = v.Place.Standing(now)
	if v.Standing == room.Queued {
		v.Before = v.Room.Before(v.Place.Number)
		v.Ticket, v.Retry = a.Ticket(v.Place), v.Room.RetryAfter(v.Before)
		v.From, v.Until, v.Timed = v.Room.Wait(v.Before, now)
	} else {
		v.Before = v.Room.Waiting()
	}
	v.LikelyGone = room.LikelyGone(v.Before, v.Stock)
	v.MayWish = !v.Wish.Waits() && waitlist.MayJoin(v.Stock.Free, v.Room.Shuts()) == nil
	return v, nil
}
