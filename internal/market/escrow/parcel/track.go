package parcel

import "time"

// Kind is what a carrier says has happened to a parcel.
type Kind string

// The kinds. None stands for a parcel of which nothing was heard.
const (
	None      Kind = ""
	Accepted  Kind = "accepted"
	Moving    Kind = "moving"
	Delivered Kind = "delivered"
	Returned  Kind = "returned" // to the sender
)

// Kinds lists what carriers tell, in the order of a parcel's way.
func Kinds() []Kind { return []Kind{Accepted, Moving, Delivered, Returned} }

// NameKey is the catalogue key of the kind's name.
func (k Kind) NameKey() string {
	if k == None {
		return "escrow.track.none"
	}
	return "escrow.track." + string(k)
}

// Event is one message of a carrier.
type Event struct {
	Kind  Kind
	At    time.Time // by the carrier's clock
	Place string
}

// Track is all that was heard of a parcel: the newest instant of each kind. Events may come in any order, late and
// twice: what they say together is the same.
type Track struct {
	AcceptedAt, MovingAt, DeliveredAt, ReturnedAt time.Time
}

// With adds an event.
func (t Track) With(e Event) Track {
	slot := map[Kind]*time.Time{Accepted: &t.AcceptedAt, Moving: &t.MovingAt, Delivered: &t.DeliveredAt,
		Returned: &t.ReturnedAt}[e.Kind]
	if slot != nil && e.At.After(*slot) {
		*slot = e.At
	}
	return t
}

// Fold adds up events.
func Fold(events []Event) Track {
	var t Track
	for _, e := range events {
		t = t.With(e)
	}
	return t
}

// State is where the parcel is, as far as anybody knows. Only a return takes a delivery back, and only a later
// delivery a return; of two at one instant the return counts, because money follows a delivery.
func (t Track) State() Kind {
	switch {
	case !t.ReturnedAt.IsZero() && !t.ReturnedAt.Before(t.DeliveredAt):
		return Returned
	case !t.DeliveredAt.IsZero():
		return Delivered
	case !t.MovingAt.IsZero():
		return Moving
	case !t.AcceptedAt.IsZero():
		return Accepted
	}
	return None
}

// Proven tells whether there is evidence of delivery.
func (t Track) Proven() bool { return t.State() == Delivered }
