package admit

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/room"
)

// RunOnce looks at what arrived, opens the rooms that are needed, calls who may come, and offers what came back. It
// writes only when there is something to say.
func (a *Admit) RunOnce(ctx context.Context) (worked bool, err error) {
	now := a.DB.Clock().Now()
	judged := a.counts.close(now, a.Rate())
	rooms, lines, err := a.refresh(ctx)
	if err != nil {
		return false, err
	}
	a.telling.forget(a.Doors())
	var failed []error
	if judged {
		failed = append(failed, a.openHot(ctx))
	}
	for _, m := range rooms {
		did, err := a.step(ctx, m)
		worked, failed = worked || did, append(failed, err)
	}
	for _, l := range lines {
		did, err := a.offer(ctx, l)
		worked, failed = worked || did, append(failed, err)
	}
	if worked {
		if _, _, err := a.refresh(ctx); err != nil {
			return worked, err
		}
	}
	return worked, errors.Join(failed...)
}

// openHot opens the rooms of deals whose arrivals outrun what can be committed.
func (a *Admit) openHot(ctx context.Context) error {
	var failed []error
	for id, rush := range a.counts.latest() {
		if _, shut := a.Doors()[id]; shut || !rush.Outruns() {
			continue
		}
		failed = append(failed, a.open(ctx, id, func(m room.Room, s room.Stock) bool { return m.MayOpen(rush, s) },
			room.ByItself))
	}
	return errors.Join(failed...)
}

// open opens a deal's room when the rule agrees, making it where there was none.
func (a *Admit) open(
	ctx context.Context, id market.DealID, may func(room.Room, room.Stock) bool, hand room.Hand,
) error {
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		sale, err := a.sale(ctx, tx, id)
		if err != nil {
			return err
		}
		m, err := room.Find(ctx, tx, id)
		if err != nil || sale.Deal.TakesHolds(tx.Now()) != nil || !may(m, stockOf(sale, 0)) {
			return err
		}
		touch(tx, m)
		if m.New() {
			return room.Make(ctx, tx, []room.Room{{DealID: id, State: room.Open, Hand: hand, OpenedAt: tx.Now(),
				Commitment: room.Commitment(room.SeedOf(a.Key, id))}})
		}
		_, err = room.Move(ctx, tx, room.Step{Room: m, To: room.Open, By: hand})
		return err
	})
	if errors.Is(err, deal.ErrNotFound) {
		return nil // somebody asked for a deal that never was
	}
	if err == nil {
		_, _, err = a.refresh(ctx)
	}
	return err
}

func (a *Admit) sale(ctx context.Context, q db.Querier, id market.DealID) (*deal.Sale, error) {
	sales, err := deal.LoadSales(ctx, q, []market.DealID{id})
	if err != nil {
		return nil, err
	}
	s, ok := sales[id]
	if !ok {
		return nil, deal.ErrNotFound
	}
	return s, nil
}

func stockOf(s *deal.Sale, inFlight int64) room.Stock {
	return room.Stock{Free: s.Deal.Free(), Held: s.Deal.HeldUnits, InFlight: inFlight}
}

// step moves one shut room on.
func (a *Admit) step(ctx context.Context, m room.Room) (bool, error) {
	now := a.DB.Clock().Now()
	sale, err := a.sale(ctx, a.DB, m.DealID)
	if err != nil {
		return false, err
	}
	switch err := sale.Deal.TakesHolds(now); {
	case errors.Is(err, deal.ErrNotYet):
		return false, nil
	case err != nil:
		return true, a.move(ctx, m, room.Closed, m.Hand)
	}
	if !m.Calls() {
		return true, a.draw(ctx, m, stockOf(sale, 0))
	}
	flight, err := room.InFlight(ctx, a.DB, m.DealID, now)
	if err != nil {
		return false, err
	}
	stock := stockOf(sale, flight)
	a.learn(m.DealID, stock)
	rush := a.counts.latest()[m.DealID]
	rush.Rate = a.Rate()
	if m.MayClose(rush, stock, now) {
		return true, a.move(ctx, m, room.Closed, m.Hand)
	}
	n := m.Admits(rush.Rate, stock, now)
	if n == 0 {
		return false, a.tellLate(ctx, m)
	}
	return true, a.call(ctx, m, n)
}

// call calls the next places.
func (a *Admit) call(ctx context.Context, m room.Room, n int64) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		ok, err := room.Advance(ctx, tx, room.Call{DealID: m.DealID, From: m.Called, To: m.Called + n,
			Pace: m.NextPace(n, tx.Now())})
		if err == nil && ok && a.telling.due(m, tx.Now(), true) {
			touchLine(tx, m)
		}
		return err
	})
}

// tellLate tells of calls that were made too soon after the last telling.
func (a *Admit) tellLate(ctx context.Context, m room.Room) error {
	if !a.telling.due(m, a.DB.Clock().Now(), false) {
		return nil
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		touchLine(tx, m)
		return nil
	})
}

func touchLine(tx *db.Tx, m room.Room) {
	tx.Touch("room:"+string(m.DealID), db.Micros(tx.Now()))
	tx.Touch("console", db.Micros(tx.Now()))
}

// telling spaces out what the pages of a long line are told: each of them asks for its part when it is.
type telling struct {
	mu   sync.Mutex
	told map[market.DealID]time.Time
	owed map[market.DealID]bool
}

// due reports that the pages of a room are told now, of a fresh call or of one that is owed.
func (t *telling) due(m room.Room, now time.Time, fresh bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told == nil {
		t.told, t.owed = map[market.DealID]time.Time{}, map[market.DealID]bool{}
	}
	if !fresh && !t.owed[m.DealID] {
		return false
	}
	if now.Sub(t.told[m.DealID]) < m.TellEvery() {
		t.owed[m.DealID] = true
		return false
	}
	t.told[m.DealID] = now
	delete(t.owed, m.DealID)
	return true
}

// forget drops rooms that are shut no more.
func (t *telling) forget(shut map[market.DealID]Door) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id := range t.told {
		if _, ok := shut[id]; !ok {
			delete(t.told, id)
			delete(t.owed, id)
		}
	}
}

// learn remembers what there is to sell, for the pages of those who wait.
func (a *Admit) learn(id market.DealID, s room.Stock) {
	known := a.known.Load()
	next := &doors{rooms: make(map[market.DealID]Door, len(known.rooms)), lines: known.lines}
	for key, d := range known.rooms {
		if key == id {
			d.Stock = s
		}
		next.rooms[key] = d
	}
	a.known.Store(next)
}
