package db

import (
	"context"
	"time"
)

// Refuse makes every write transaction answer why from now on, until it is called with nil; transactions under way
// finish. It is for a node that must not write: one whose clock is wrong, or whose program is too old.
func (d *DB) Refuse(why error) {
	if why == nil {
		d.refusal.Store(nil)
		return
	}
	d.refusal.Store(&why)
}

// Refusal is why writes are refused just now, nil when they are not.
func (d *DB) Refusal() error {
	if why := d.refusal.Load(); why != nil {
		return *why
	}
	return nil
}

// ServerTime asks the database for its own clock. On SQLite, which has none, known is false.
func (d *DB) ServerTime(ctx context.Context) (at time.Time, known bool, err error) {
	if d.dialect.now == "" {
		return time.Time{}, false, nil
	}
	us, err := One(ctx, d, Scalar[int64], d.dialect.now)
	return FromMicros(us), err == nil, err
}
