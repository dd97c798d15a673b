package admit

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/room"
)

// drawChunk is how many drawn places one transaction writes.
const drawChunk = 512

// draw gives places to those who were present at the start. Each step is resumed by whoever looks next: the list is
// closed, the seed shown, the places written, the room opened, or closed when so few came that nobody needs to wait.
func (a *Admit) draw(ctx context.Context, m room.Room, s room.Stock) error {
	if m.Gathers() {
		if err := a.move(ctx, m, room.Drawing, m.Hand); err != nil {
			return err
		}
	}
	m, err := room.Find(ctx, a.DB, m.DealID)
	if err != nil || !m.Draws() {
		return err
	}
	marks, err := room.Marks(ctx, a.DB, m.DealID)
	if err != nil {
		return err
	}
	seed, count := room.SeedOf(a.Key, m.DealID), int64(len(marks))
	if m.Seed == "" {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := room.Reveal(ctx, tx, room.Drawn{Room: m, Seed: seed, Digest: room.Digest(marks), Count: count})
			return err
		}); err != nil {
			return err
		}
	} else {
		seed = m.Seed
	}
	if err := a.number(ctx, m, room.Draw(seed, marks)); err != nil {
		return err
	}
	if room.Crowd(count, a.Rate(), s) {
		return a.move(ctx, m, room.Open, m.Hand)
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if ok, err := room.Move(ctx, tx, room.Step{Room: m, To: room.Closed, By: m.Hand}); err != nil || !ok {
			return err
		}
		touch(tx, m)
		return room.CallAll(ctx, tx, m.DealID)
	})
}

func (a *Admit) number(ctx context.Context, m room.Room, drawn []string) error {
	done, err := room.Numbered(ctx, a.DB, m.DealID)
	if err != nil {
		return err
	}
	first := done + 1
	for part := range slices.Chunk(drawn[min(int(done), len(drawn)):], drawChunk) {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error {
			return room.Number(ctx, tx, m.DealID, part, first)
		}); err != nil {
			return err
		}
		first += int64(len(part))
	}
	return nil
}

// move takes a room to another state; when somebody else was first there is nothing to do.
func (a *Admit) move(ctx context.Context, m room.Room, to room.State, hand room.Hand) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		ok, err := room.Move(ctx, tx, room.Step{Room: m, To: to, By: hand})
		if err == nil && ok {
			touch(tx, m)
		}
		return err
	})
}

// touch moves the pages of those who wait, and the operator's.
func touch(tx *db.Tx, m room.Room) {
	version := db.Micros(tx.Now())
	tx.Touch("room:"+string(m.DealID), version)
	tx.Touch("deal:"+string(m.DealID), version)
	tx.Touch("console", version)
}
