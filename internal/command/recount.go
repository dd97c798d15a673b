package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market/daybook"
)

// recountCommand empties the daybook and counts it again from the first event.
type recountCommand struct {
	storeFlags `embed:""`
}

// Run counts until nothing is left. On PostgreSQL other nodes may go on meanwhile: whoever counts an event first has
// counted it, and the desk asks orders and uses until the daybook has caught up.
func (c *recountCommand) Run(ctx context.Context, io streams) (err error) {
	d, err := c.open(ctx, io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	f := feed.New(d)
	f.Subscribe(daybook.Projection, daybook.Kinds(), daybook.Project)
	if err := f.Rebuild(ctx, daybook.Projection, daybook.Reset); err != nil {
		return err
	}
	for worked := true; worked; {
		if worked, err = f.RunOnce(ctx); err != nil {
			return err
		}
	}
	lags, err := f.Lags(ctx, d)
	if err != nil {
		return err
	}
	for _, lag := range lags {
		_, _ = fmt.Fprintln(io.out, io.words.T("operate.recounted", "Count", lag.Seq, "Behind", lag.Behind))
	}
	return nil
}
