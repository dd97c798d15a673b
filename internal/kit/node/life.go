package node

import (
	"context"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// BeatEvery is the pause between two signs of life; AliveFor is how long one lasts.
const (
	BeatEvery = 3 * time.Second
	AliveFor  = 15 * time.Second
	keptFor   = 24 * time.Hour // rows of processes that died without a word
)

// Node is one process.
type Node struct {
	Name    string
	Address string // where it listens, for people
	Version int64  // newest migration its program knows
	Started time.Time
	Seen    time.Time // last sign of life
}

// Life is this process among the others.
type Life struct {
	d  *db.DB
	me Node

	mu     sync.Mutex
	others []Node
}

// Begin makes the life of a process; it writes nothing yet.
func Begin(d *db.DB, me Node) *Life { return &Life{d: d, me: me} }

// Name is this process's name.
func (l *Life) Name() string { return l.me.Name }

// RunOnce gives a sign of life and looks who else lives; it never has more to do.
func (l *Life) RunOnce(ctx context.Context) (worked bool, err error) {
	if l.d.Engine() != db.Postgres {
		return false, nil
	}
	if l.d.Refusal() == nil { // who may not write is not there for the others either
		if err := l.beat(ctx); err != nil {
			return false, err
		}
	}
	others, err := living(ctx, l.d, l.me.Name)
	if err != nil {
		return false, err
	}
	l.mu.Lock()
	l.others = others
	l.mu.Unlock()
	return false, nil
}

func (l *Life) beat(ctx context.Context) error {
	return l.d.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if l.me.Started.IsZero() {
			l.me.Started = now
			if _, err := db.Exec(ctx, tx, `DELETE FROM kit_node WHERE seen_at < $1`, db.Micros(now.Add(-keptFor))); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO kit_node (name, address, version, started_at, seen_at)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`,
			l.me.Name, l.me.Address, l.me.Version, db.Micros(l.me.Started), db.Micros(now))
		return err
	})
}

// Others are the other processes that lived when this one last looked.
func (l *Life) Others() []Node {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Node(nil), l.others...)
}

// End takes this process's row away, at shutdown: the others need not wait until its last sign is old.
func (l *Life) End(ctx context.Context) error {
	mayWrite := l.d.Engine() == db.Postgres && l.d.Refusal() == nil
	if !mayWrite {
		return nil
	}
	return l.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM kit_node WHERE name = $1`, l.me.Name)
		return err
	})
}

// living gives the processes that gave a sign lately, without the one named.
func living(ctx context.Context, d *db.DB, but string) ([]Node, error) {
	return db.All(ctx, d, func(r db.Row) (Node, error) {
		var n Node
		err := r.Scan(&n.Name, &n.Address, &n.Version, db.Time(&n.Started), db.Time(&n.Seen))
		return n, err
	}, `SELECT name, address, version, started_at, seen_at FROM kit_node WHERE seen_at > $1 AND name <> $2
		ORDER BY name`, db.Micros(d.Clock().Now().Add(-AliveFor)), but)
}
