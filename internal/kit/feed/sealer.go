package feed

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/lease"
)

// scanMax bounds one scan, so that its transaction holds SQLite's writer no longer than about 20 ms.
const scanMax = 512

// LeaseName is the lease under which events are numbered.
const LeaseName = "feed.sealer"

// errMoved: another sealer moved the feed between our read and our write; the scan is rolled back.
var errMoved = fail.New(fail.Conflict, "feed.moved")

// Sealer numbers committed events.
type Sealer struct {
	d     *db.DB
	lease *lease.Keeper
	wake  chan struct{}
	done  chan struct{}
	head  atomic.Int64
	bell  Bell
}

// NewSealer makes a sealer that works while the keeper holds its lease.
func NewSealer(d *db.DB, keeper *lease.Keeper) *Sealer {
	s := &Sealer{d: d, lease: keeper, wake: make(chan struct{}, 1), done: make(chan struct{}, 1)}
	d.OnCommit(func(c db.Committed) {
		if c.Events > 0 {
			hint(s.wake)
		}
	})
	return s
}

// Wake hints that a transaction of this node emitted events.
func (s *Sealer) Wake() <-chan struct{} { return s.wake }

// Sealed hints that this sealer numbered events: the projections' Wake.
func (s *Sealer) Sealed() <-chan struct{} { return s.done }

// Bell rings whenever this sealer numbered events: for any number of followers.
func (s *Sealer) Bell() *Bell { return &s.bell }

// Head is the last number this sealer gave, 0 before the first.
func (s *Sealer) Head() int64 { return s.head.Load() }

func hint(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

type unnumbered struct {
	id        string
	aggregate string
	version   int64
}

var sealUpdate = db.Update{
	Table:     "kit_event",
	Columns:   []db.Column{{Name: "id", Type: "text"}, {Name: "seq", Type: "bigint"}},
	Set:       "seq = v.seq",
	Where:     "kit_event.id = v.id AND kit_event.seq IS NULL",
	Returning: "kit_event.id",
}

// RunOnce numbers the events of one scan; worked tells that there were any. It does nothing while another node holds
// the lease.
func (s *Sealer) RunOnce(ctx context.Context) (worked bool, err error) {
	// Read before the transaction, to hold the writer shortly: committed events stay, and the guards find out whether
	// somebody else numbered them meanwhile.
	found, err := waiting(ctx, s.d)
	if err != nil || len(found) == 0 {
		return false, err
	}
	held, err := s.lease.Hold(ctx)
	if errors.Is(err, lease.ErrHeld) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var head int64
	err = s.d.Write(ctx, func(tx *db.Tx) (err error) {
		head, err = seal(ctx, tx, held, found)
		return err
	})
	switch {
	case errors.Is(err, lease.ErrLost), errors.Is(err, errMoved):
		s.lease.Drop()
		return false, nil
	case err != nil:
		return false, err
	}
	s.head.Store(head)
	hint(s.done)
	s.bell.Ring()
	return true, nil
}

// waiting gives the events of one scan in the order they will have.
func waiting(ctx context.Context, q db.Querier) ([]unnumbered, error) {
	found, err := db.All(ctx, q, func(r db.Row) (unnumbered, error) {
		var u unnumbered
		err := r.Scan(&u.id, &u.aggregate, &u.version)
		return u, err
	}, `SELECT id, aggregate, version FROM kit_event WHERE seq IS NULL ORDER BY id LIMIT $1`, scanMax)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b unnumbered) int {
		return cmp.Or(cmp.Compare(a.aggregate, b.aggregate), cmp.Compare(a.version, b.version), cmp.Compare(a.id, b.id))
	})
	return found, nil
}

// seal numbers the found events on from the feed's head, all or none.
func seal(ctx context.Context, tx *db.Tx, held lease.Lease, found []unnumbered) (head int64, err error) {
	if err := lease.Check(ctx, tx, held.Name, held.Holder, held.Epoch); err != nil {
		return 0, err
	}
	last, err := db.One(ctx, tx, db.Scalar[int64], `SELECT seq FROM kit_feed WHERE name = 'events'`)
	if err != nil {
		return 0, err
	}
	head = last + int64(len(found))
	moved, err := db.Exec(ctx, tx, `UPDATE kit_feed SET seq = $1 WHERE name = 'events' AND seq = $2`, head, last)
	if err != nil {
		return 0, err
	}
	rows := make([][]any, len(found))
	for i, u := range found {
		rows[i] = []any{u.id, last + 1 + int64(i)}
	}
	changed, err := db.UpdateMany(ctx, tx, sealUpdate, rows)
	if err != nil {
		return 0, err
	}
	if moved == 0 || len(changed) != len(found) {
		return 0, errMoved // a gap would be left: somebody else numbers
	}
	return head, nil
}
