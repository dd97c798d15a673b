package feed

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// followPause is how often a follower looks for new events; a followed feed is a tail, not a live screen.
const followPause = 250 * time.Millisecond

// Follow hands the events after a place to fn, in order and in batches, until the context ends or fn fails. When there
// was nothing new for about fifteen seconds fn gets an empty batch, so that a stream can show that it lives.
func Follow(ctx context.Context, d *db.DB, after int64, fn func([]Event) error) error {
	ticker := time.NewTicker(followPause)
	defer ticker.Stop()
	const quietMax = int(15 * time.Second / followPause)
	for quiet := 0; ; {
		events, err := After(ctx, d, after, batchMax)
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
			after = events[len(events)-1].Seq
			continue
		}
		quiet++
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
