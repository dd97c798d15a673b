package lease

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Keeper holds one lease for one node: it acquires, renews in time, and gives up what was lost.
type Keeper struct {
	d      *db.DB
	name   string
	holder string
	hold   time.Duration

	mu   sync.Mutex
	held Lease
}

// NewKeeper makes a keeper that has nothing yet; hold is the length of a lease.
func NewKeeper(d *db.DB, name, holder string, hold time.Duration) *Keeper {
	return &Keeper{d: d, name: name, holder: holder, hold: hold}
}

// Hold gives the lease: the one held, renewed when less than half of it is left, or a new one. ErrHeld when another
// node holds it.
func (k *Keeper) Hold(ctx context.Context) (Lease, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.d.Clock().Now()
	if k.held.Epoch > 0 && k.held.Until.Sub(now) > k.hold/2 {
		return k.held, nil
	}
	if k.held.Epoch > 0 {
		renewed, err := Renew(ctx, k.d, k.held, k.hold)
		if err == nil {
			k.held = renewed
			return renewed, nil
		}
		if !errors.Is(err, ErrLost) {
			return Lease{}, err
		}
		k.held = Lease{}
	}
	taken, err := Acquire(ctx, k.d, k.name, k.holder, k.hold)
	if err != nil {
		return Lease{}, err
	}
	k.held = taken
	return taken, nil
}

// Drop forgets a lease that Check found lost.
func (k *Keeper) Drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held = Lease{}
}

// Release ends the held lease, at shutdown.
func (k *Keeper) Release(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.held.Epoch == 0 {
		return nil
	}
	err := Release(ctx, k.d, k.held)
	if err == nil {
		k.held = Lease{}
	}
	return err
}
