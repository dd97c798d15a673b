package track

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// Tracker tells where parcels are.
type Tracker interface {
	// Track tells what is known of each parcel, at most ParcelsMax; an unknown one is missing in the answer.
	Track(ctx context.Context, parcels []parcel.Name) ([]Told, error)
}

// ParcelsMax is the most parcels of one call.
const ParcelsMax = 50

// Told is what is known of one parcel: every event, or the newest ones.
type Told struct {
	parcel.Name
	Events []parcel.Event
}

// Refusals of trackers.
var (
	// ErrAbsent is asked of no tracker at all.
	ErrAbsent = fail.New(fail.Unavailable, "escrow.track.absent")
	// ErrDown is a tracker that gave no answer, or none that could be read.
	ErrDown = fail.New(fail.Unavailable, "escrow.track.down")
)

// Absent stands where no tracker is configured: parcels are sent, and members confirm what arrived.
type Absent struct{}

var _ Tracker = Absent{}

// Track answers ErrAbsent.
func (Absent) Track(context.Context, []parcel.Name) ([]Told, error) { return nil, ErrAbsent }

// How long until a parcel is asked about again.
const (
	askedNew   = 30 * time.Minute // handed over, or about to be
	askedMoved = 90 * time.Minute
	askedDone  = 24 * time.Hour // arrived: it may still go back
	askedFail  = 5 * time.Minute
	askedMax   = 6 * time.Hour
)

// Again is how long a parcel of which this is known rests before it is asked about again.
func Again(known parcel.Track) time.Duration {
	switch known.State() {
	case parcel.Delivered, parcel.Returned:
		return askedDone
	case parcel.Moving, parcel.Accepted:
		return askedMoved
	case parcel.None:
	}
	return askedNew
}

// Retry is how long to wait after so many calls without an answer: twice as long each time, up to six hours.
func Retry(asks int64) time.Duration {
	wait := askedFail
	for range asks {
		if wait *= 2; wait >= askedMax {
			return askedMax
		}
	}
	return wait
}
