package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Event is a numbered event.
type Event struct {
	Seq       int64 // place in the feed, without gaps from 1
	ID        string
	Kind      string
	Aggregate string
	Version   int64
	Payload   string // JSON, as it was emitted
	At        time.Time
}

// Decode reads the payload.
func (e Event) Decode(to any) error {
	if err := json.Unmarshal([]byte(e.Payload), to); err != nil {
		return fmt.Errorf("event %s of kind %s: %w", e.ID, e.Kind, err)
	}
	return nil
}

const eventFields = `seq, id, kind, aggregate, version, payload, at`

func scanEvent(r db.Row) (Event, error) {
	var e Event
	err := r.Scan(&e.Seq, &e.ID, &e.Kind, &e.Aggregate, &e.Version, &e.Payload, db.Time(&e.At))
	return e, err
}

// After gives at most limit events that follow the given place, in order.
func After(ctx context.Context, q db.Querier, seq int64, limit int) ([]Event, error) {
	return db.All(ctx, q, scanEvent, `SELECT `+eventFields+` FROM kit_event
		WHERE seq IS NOT NULL AND seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// Head is the place of the newest numbered event, 0 when there is none.
func Head(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT seq FROM kit_feed WHERE name = 'events'`)
}

// span gives the events of some kinds (nil: all) in (after, until], at most batchMax.
func span(ctx context.Context, q db.Querier, after, until int64, kinds []string) ([]Event, error) {
	text := `SELECT ` + eventFields + ` FROM kit_event WHERE seq IS NOT NULL AND seq > $1 AND seq <= $2`
	args := []any{after, until}
	if len(kinds) > 0 {
		var b strings.Builder
		for i, kind := range kinds {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(i+3))
			args = append(args, kind)
		}
		text += ` AND kind IN (` + b.String() + `)`
	}
	return db.All(ctx, q, scanEvent, text+` ORDER BY seq LIMIT `+strconv.Itoa(batchMax), args...)
}
