package db

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// A node that loses its PostgreSQL without being told (a cut line, a machine that hangs) says so within two seconds:
// three beats of pulseWait and the pauses between them.
const (
	pulsePause  = 250 * time.Millisecond
	pulseWait   = 500 * time.Millisecond
	pulseMisses = 2
	dialWait    = 5 * time.Second
	// idleMillis is how long a transaction may wait for its node before the database ends it.
	idleMillis = "3000"
)

// errAway ends what waits for a database that does not answer.
var errAway = errors.New("db: the database does not answer")

// pulse asks the database again and again, on a connection of its own, whether it answers. While it does not, all
// other connections are closed, so that whoever waits on one hears of it, and new ones are refused: nobody waits for
// minutes, and nothing piles up. A statement that is slow in a database that answers is left alone.
type pulse struct {
	cfg  *pgx.ConnConfig
	end  context.CancelFunc
	done chan struct{}
	away atomic.Bool

	mu   sync.Mutex
	open map[net.Conn]bool
}

// line is a connection that a lost pulse closes.
type line struct {
	net.Conn
	p *pulse
}

// Close ends the connection.
func (l line) Close() error {
	l.p.mu.Lock()
	delete(l.p.open, l.Conn)
	l.p.mu.Unlock()
	return l.Conn.Close()
}

// startPulse watches from now on; cfg's connections are watched, the pulse's own is not.
func startPulse(cfg *pgx.ConnConfig) *pulse {
	ctx, end := context.WithCancel(context.Background())
	p := &pulse{cfg: cfg.Copy(), end: end, done: make(chan struct{}), open: map[net.Conn]bool{}}
	dial := cfg.DialFunc
	cfg.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if p.away.Load() {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errAway}
		}
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		p.open[conn] = true
		p.mu.Unlock()
		return line{Conn: conn, p: p}, nil
	}
	go p.watch(ctx)
	return p
}

func (p *pulse) stop() {
	p.end()
	<-p.done
}

func (p *pulse) watch(ctx context.Context) {
	defer close(p.done)
	var conn *pgx.Conn
	defer func() { hangUp(conn) }()
	timer := time.NewTimer(pulsePause)
	defer timer.Stop()
	for missed := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		next, err := p.beat(ctx, conn)
		conn = next
		pause := pulsePause
		switch {
		case err == nil:
			missed = 0
			p.away.Store(false)
		case ctx.Err() != nil:
			return
		default:
			if missed++; missed < pulseMisses {
				pause = 0 // at once on a fresh connection: a process that was stopped for a while finds its old one late
			} else {
				p.away.Store(true)
				p.cut()
			}
		}
		timer.Reset(pause)
	}
}

// beat asks once. It gives the connection to ask on next time, nil after a failure.
func (p *pulse) beat(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, pulseWait)
	defer cancel()
	if conn == nil {
		var err error
		if conn, err = pgx.ConnectConfig(ctx, p.cfg); err != nil {
			return nil, err
		}
	}
	if err := conn.Ping(ctx); err != nil {
		hangUp(conn)
		return nil, err
	}
	return conn, nil
}

// hangUp closes the pulse's connection without waiting for a farewell.
func hangUp(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = conn.Close(ctx)
}

// cut closes every watched connection.
func (p *pulse) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.open {
		_ = conn.Close()
	}
	clear(p.open)
}
