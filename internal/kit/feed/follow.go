package feed

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// followPause is how often a follower looks for events that another node numbered, whose bell is not heard here.
const followPause = 250 * time.Millisecond

// Tail is what is followed, and from where.
type Tail struct {
	DB    *db.DB
	Bell  *Bell // rung by this node's sealer; nil: looks in intervals only
	After int64 // place in the feed
}

// Follow hands the events after a place to fn, in order and in batches, until the context ends or fn fails. When there
// was nothing new for about fifteen seconds fn gets an empty batch, so that a stream can show that it lives.
func Follow(ctx context.Context, t Tail, fn func([]Event) error) error {
	ticker := time.NewTicker(followPause)
	defer ticker.Stop()
	const quietMax = int(15 * time.Second / followPause)
	for quiet := 0; ; {
		rung := t.Bell.Listen()
		events, err := After(ctx, t.DB, t.After, batchMax)
		if err != nil {
			return err
		}
		if len(events) > 0 || quiet >= quietMax {
			if err := fn(events); err != nil {
				return err
			}
			quiet = 0
		}
		if len(events) > 0 {
			t.After = events[len(events)-1].Seq
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-rung:
			continue
		case <-ticker.C:
			quiet++
		}
	}
}
