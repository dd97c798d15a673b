package load

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Bounds of a chunk. The writer may be held for 20 ms by background work (decision 12); aiming well below leaves room
// for a slow flush.
const (
	holdMax       = 20 * time.Millisecond
	holdAim       = 8 * time.Millisecond
	chunkRowsMin  = 64 // below it, what every transaction costs outweighs its rows
	chunkRowsMax  = 1024
	chunkRowsFrom = 128
)

// pacer writes rows in chunks that fit the time it aims at, learning from each how many rows that is.
type pacer struct {
	db      *db.DB
	rows    int
	longest time.Duration // the longest time the writer was held
	chunks  int
	late    int // chunks that held it longer than holdMax
}

// chunk writes the rows from one number up to another.
type chunk func(ctx context.Context, tx *db.Tx, from, to int) error

func newPacer(d *db.DB) *pacer { return &pacer{db: d, rows: chunkRowsFrom} }

// write runs fn once over every chunk of n rows, each in a transaction of its own, and gives the number of rows
// written. A cancelled ctx ends it between two chunks, never inside one, so that the number is true. Between two
// chunks the writer is free, and whoever has waited for it longest goes first.
func (p *pacer) write(ctx context.Context, n int, fn chunk) (int, error) {
	whole := context.WithoutCancel(ctx)
	for from := 0; from < n; {
		if err := ctx.Err(); err != nil {
			return from, err
		}
		to := min(from+p.rows, n)
		var began time.Time
		err := p.db.Write(whole, func(tx *db.Tx) error {
			began = tx.Now()
			return fn(whole, tx, from, to)
		})
		if err != nil {
			return from, err
		}
		p.learn(to-from, p.db.Clock().Now().Sub(began))
		from = to
	}
	return n, nil
}

func (p *pacer) learn(rows int, held time.Duration) {
	p.chunks++
	p.longest = max(p.longest, held)
	if held > holdMax {
		p.late++
	}
	switch {
	case held > holdAim:
		p.rows = max(p.rows/2, chunkRowsMin)
	case held < holdAim/2 && rows == p.rows:
		p.rows = min(p.rows*2, chunkRowsMax)
	}
}
