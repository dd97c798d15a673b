package deliver

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/flow/outcome"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/pass"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// Deps are what the journey works with.
type Deps struct {
	DB      *db.DB
	Outcome outcome.Outcome
	Passes  pass.Keys
	Tracker track.Tracker // nil: none is configured
	Maker   *picture.Maker
	Media   blob.Store
	Log     *slog.Logger
}

// Deliver runs the journey.
type Deliver struct{ Deps }

// New makes the journey.
func New(deps Deps) *Deliver {
	if deps.Tracker == nil {
		deps.Tracker = track.Absent{}
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Deliver{deps}
}

// Workers are the background tasks of the journey: each looks before it takes the writer, may run on many nodes, and
// running again changes nothing.
func (d *Deliver) Workers() []queue.Worker {
	workers := []queue.Worker{
		{Name: "deliver.sweep", RunOnce: d.SweepOnce, Poll: 30 * time.Second},
		{Name: "deliver.finish", RunOnce: d.FinishOnce, Poll: 30 * time.Second},
		{Name: "deliver.erase", RunOnce: d.EraseOnce, Poll: 10 * time.Minute},
	}
	if _, absent := d.Tracker.(track.Absent); !absent {
		workers = append(workers, queue.Worker{Name: "deliver.track", RunOnce: d.TrackOnce, Poll: 20 * time.Second})
	}
	return workers
}

// RulesAt are the figures of policy by which shares wait.
func RulesAt(now time.Time) escrow.Rules {
	e := policy.At(now).Wanted.Escrow
	return escrow.Rules{ConfirmDays: e.ConfirmDays, ConfirmDaysMax: e.ConfirmDaysMax, UndeliveredDays: e.UndeliveredDays,
		EvidenceDays: e.EvidenceDays, DisputeDays: e.DisputeDays, AddressDays: e.AddressDays}
}

func (d *Deliver) now() time.Time { return d.DB.Clock().Now() }

// triesMax bounds how often a step is decided anew when somebody else was faster.
const triesMax = 8

// write runs a step in one transaction, and decides it anew when a share was moved meanwhile: of a confirmation, a
// dispute and the clock in one moment exactly one is heard, and the others see what it made of the share.
func (d *Deliver) write(ctx context.Context, fn func(tx *db.Tx) error) error {
	var err error
	for range triesMax {
		if err = d.DB.Write(ctx, fn); !errors.Is(err, escrow.ErrMoved) {
			return err
		}
	}
	return err
}

// found reads a share with its escrow.
func found(ctx context.Context, q db.Querier, id market.OrderID) (escrow.Share, escrow.Escrow, error) {
	s, err := escrow.FindShare(ctx, q, id)
	if err != nil {
		return s, escrow.Escrow{}, err
	}
	e, err := escrow.Find(ctx, q, s.WishID)
	return s, e, err
}
