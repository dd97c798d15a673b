package event

import (
	"encoding/json"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Event is one of this package's structs.
type Event interface {
	// Kind names the event in the feed, "order.paid".
	Kind() string
	// Aggregate is the id whose history the event is a step of.
	Aggregate() string
}

// Of wraps an event for a transaction; version is the aggregate's version after the step.
func Of(e Event, version int64) db.Event {
	return db.Event{Kind: e.Kind(), Aggregate: e.Aggregate(), Version: version, Payload: e}
}

// Decode reads a payload of the given kind into e.
func Decode(payload string, e Event) error {
	if err := json.Unmarshal([]byte(payload), e); err != nil {
		return fmt.Errorf("event %s: %w", e.Kind(), err)
	}
	return nil
}
