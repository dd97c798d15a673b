package lease

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Errors of holding.
var (
	// ErrHeld answers Acquire while another holder's lease has not ended.
	ErrHeld = fail.New(fail.Conflict, "lease.held")
	// ErrLost tells a holder that a newer epoch exists.
	ErrLost = fail.New(fail.Conflict, "lease.lost")
)

// Lease is held by Holder until Until, unless a newer Epoch exists.
type Lease struct {
	Name   string
	Holder string
	Epoch  int64
	Until  time.Time
}

// Acquire takes the lease if it is free, has ended, or is the same holder's from before a restart; the epoch grows
// each time. ErrHeld when another holds it.
func Acquire(ctx context.Context, d *db.DB, name, holder string, hold time.Duration) (Lease, error) {
	l := Lease{Name: name, Holder: holder}
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		l.Until = tx.Now().Add(hold)
		l.Epoch, err = db.One(ctx, tx, db.Scalar[int64], `INSERT INTO kit_lease (name, holder, until, epoch)
			VALUES ($1, $2, $3, 1) ON CONFLICT (name) DO UPDATE
			SET holder = excluded.holder, until = excluded.until, epoch = kit_lease.epoch + 1
			WHERE kit_lease.until <= $4 OR kit_lease.holder = excluded.holder RETURNING epoch`,
			name, holder, db.Micros(l.Until), db.Micros(tx.Now()))
		return err
	})
	if db.IsNoRow(err) {
		return Lease{}, ErrHeld.With("Name", name)
	}
	if err != nil {
		return Lease{}, err
	}
	return l, nil
}

// Renew moves the end of a lease that is still the newest; ErrLost when it is not.
func Renew(ctx context.Context, d *db.DB, l Lease, hold time.Duration) (Lease, error) {
	err := d.Write(ctx, func(tx *db.Tx) error {
		l.Until = tx.Now().Add(hold)
		return guarded(db.Exec(ctx, tx, `UPDATE kit_lease SET until = $1 WHERE name = $2 AND holder = $3 AND epoch = $4`,
			db.Micros(l.Until), l.Name, l.Holder, l.Epoch))
	})
	if err != nil {
		return Lease{}, err
	}
	return l, nil
}

// Release ends the lease now, so that another need not wait for its end; a lease already lost is left alone.
func Release(ctx context.Context, d *db.DB, l Lease) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE kit_lease SET until = 0 WHERE name = $1 AND holder = $2 AND epoch = $3`,
			l.Name, l.Holder, l.Epoch)
		return err
	})
}

// Check fails with ErrLost unless the epoch is the newest. It writes the row to itself: until this transaction ends,
// nobody can acquire the lease, so what is committed with it was committed under it.
func Check(ctx context.Context, tx *db.Tx, name, holder string, epoch int64) error {
	return guarded(db.Exec(ctx, tx, `UPDATE kit_lease SET epoch = epoch WHERE name = $1 AND holder = $2 AND epoch = $3`,
		name, holder, epoch))
}

func guarded(changed int64, err error) error {
	if err != nil {
		return err
	}
	if changed == 0 {
		return ErrLost
	}
	return nil
}
