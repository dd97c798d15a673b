package admit

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/room"
)

// JoinCmd asks for a place in a deal's room.
type JoinCmd struct {
	Actor  market.Actor
	DealID market.DealID
}

// Join gives a place: in the draw before the start, at the end of the line after it. Who has one keeps it.
func (a *Admit) Join(ctx context.Context, cmd JoinCmd) (room.Place, error) {
	if err := mayBuy(cmd.Actor); err != nil {
		return room.Place{}, err
	}
	return a.joining.Do(ctx, string(cmd.DealID), cmd)
}

// mayBuy refuses whom checkout would refuse.
func mayBuy(actor market.Actor) error {
	if err := right.Check(actor, right.OrderPlace, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	if !actor.Confirmed {
		return order.ErrConfirmed
	}
	return nil
}

// Leave gives a place up; one that is not there is no error.
func (a *Admit) Leave(ctx context.Context, actor market.Actor, id market.DealID) error {
	if err := right.Check(actor, right.OrderPlace, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error { return room.Leave(ctx, tx, id, actor.AccountID) })
}

// joining is the memory of one batch.
type joining struct {
	tx     *db.Tx
	sales  map[market.DealID]*deal.Sale
	rooms  map[market.DealID]room.Room
	places map[string]room.Place
	more   map[market.DealID]int64 // numbers given
	moved  []room.Room             // rooms as they were read
	fresh  []room.Place
}

// joinBatch gives places in order of arrival: one guarded row a room, whatever the number of people.
func (a *Admit) joinBatch(ctx context.Context, tx *db.Tx, cmds []JoinCmd) ([]lane.Answer[room.Place], error) {
	j := &joining{tx: tx, more: map[market.DealID]int64{}}
	if err := j.load(ctx, a, cmds); err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[room.Place], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = j.decide(a, cmd)
	}
	if ok, err := room.Take(ctx, tx, j.moved, j.more); err != nil || !ok {
		if err == nil {
			err = lane.ErrAgain
		}
		return nil, err
	}
	return answers, room.PutPlaces(ctx, tx, j.fresh)
}

func (j *joining) load(ctx context.Context, a *Admit, cmds []JoinCmd) (err error) {
	var deals []market.DealID
	var keys []string
	seen := map[market.DealID]bool{}
	for _, cmd := range cmds {
		keys = append(keys, room.Key(cmd.DealID, cmd.Actor.AccountID))
		if !seen[cmd.DealID] {
			seen[cmd.DealID] = true
			deals = append(deals, cmd.DealID)
		}
	}
	if j.sales, err = deal.LoadSales(ctx, j.tx, deals); err != nil {
		return err
	}
	if j.places, err = room.LoadPlaces(ctx, j.tx, keys); err != nil {
		return err
	}
	if j.rooms, err = room.Load(ctx, j.tx, deals); err != nil {
		return err
	}
	return j.makeRooms(ctx, a, deals)
}

// makeRooms opens the doors of sales that begin soon.
func (j *joining) makeRooms(ctx context.Context, a *Admit, deals []market.DealID) (err error) {
	var missing []room.Room
	for _, id := range deals {
		s, known := j.sales[id]
		if _, ok := j.rooms[id]; ok || !known {
			continue
		}
		if _, err := (room.Room{}).Entry(s.Deal.Gathers(), j.tx.Now()); err == nil {
			missing = append(missing, room.Room{DealID: id, State: room.Gathering,
				Commitment: room.Commitment(room.SeedOf(a.Key, id))})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err = room.Make(ctx, j.tx, missing); err == nil {
		j.rooms, err = room.Load(ctx, j.tx, deals)
	}
	return err
}

func (j *joining) decide(a *Admit, cmd JoinCmd) (room.Place, error) {
	s, ok := j.sales[cmd.DealID]
	if !ok {
		return room.Place{}, deal.ErrNotFound
	}
	if _, own := cmd.Actor.Membership(s.Deal.MerchantID); own {
		return room.Place{}, deal.ErrOwnPeople
	}
	now, key := j.tx.Now(), room.Key(cmd.DealID, cmd.Actor.AccountID)
	if p := j.places[key]; !p.Standing(now).MayJoin() {
		return p, nil
	}
	m := j.rooms[cmd.DealID]
	number, err := m.Entry(s.Deal.Gathers(), now)
	if err != nil {
		return room.Place{}, err
	}
	if _, touched := j.more[cmd.DealID]; !touched {
		j.moved = append(j.moved, m)
		j.more[cmd.DealID] = 0
	}
	if number > 0 {
		j.more[cmd.DealID]++
		m.Last = number
		j.rooms[cmd.DealID] = m
	}
	p := room.Place{DealID: cmd.DealID, AccountID: cmd.Actor.AccountID, Number: number, JoinedAt: now,
		Mark: room.MarkOf(a.Key, cmd.DealID, cmd.Actor.AccountID)}
	j.places[key] = p
	j.fresh = append(j.fresh, p)
	return p, nil
}
