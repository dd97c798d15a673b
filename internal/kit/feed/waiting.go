package feed

import (
	"context"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Waiting asks for what a projection has not counted yet.
type Waiting struct {
	Name  string
	Kinds []string // those the projection follows
	Limit int      // events at most
}

// Find gives the committed events that the projection has not counted: the numbered ones behind its cursor, then those
// without a number. Together with the projection's rows, read from the same view, they are the state of this very
// instant. It reports false when there are more than the limit, or so many of other kinds that looking costs too much.
func (w Waiting) Find(ctx context.Context, q db.Querier) (events []Event, whole bool, err error) {
	cursor, err := cursorOf(ctx, q, w.Name)
	if err != nil {
		return nil, false, err
	}
	head, err := Head(ctx, q)
	if err != nil || head-cursor > strideMax {
		return nil, false, err
	}
	for _, part := range []struct {
		where string
		first any
		order string
	}{{`seq IS NOT NULL AND seq > $1`, cursor, `seq`}, {`seq IS NULL AND id > $1`, "", `id`}} {
		text, args := w.text(part.where, part.order, len(events)), []any{part.first}
		for _, kind := range w.Kinds {
			args = append(args, kind)
		}
		found, err := db.All(ctx, q, scanEvent, text, args...)
		if err != nil {
			return nil, false, err
		}
		if events = append(events, found...); len(events) > w.Limit {
			return nil, false, nil
		}
	}
	return events, true, nil
}

func (w Waiting) text(where, order string, got int) string {
	var b strings.Builder
	b.WriteString(`SELECT coalesce(seq, 0), id, kind, aggregate, version, payload, at FROM kit_event WHERE ` + where)
	b.WriteString(` AND kind IN (`)
	for i := range w.Kinds {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+2))
	}
	b.WriteString(`) ORDER BY ` + order + ` LIMIT ` + strconv.Itoa(w.Limit-got+1))
	return b.String()
}
