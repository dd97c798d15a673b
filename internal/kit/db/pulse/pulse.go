package pulse

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
// three beats of wait and the pauses between them.
const (
	pause  = 250 * time.Millisecond
	wait   = 500 * time.Millisecond
	misses = 2
)

// ErrAway ends what waits for a database that does not answer.
var ErrAway = errors.New("db: the database does not answer")

// Pulse asks the database again and again, on a connection of its own, whether it answers. While it does not, all
// other connections are closed, so that whoever waits on one hears of it, and new ones are refused: nobody waits for
// minutes, and nothing piles up. A statement that is slow in a database that answers is left alone.
type Pulse struct {
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
	p *Pulse
}

// Close ends the connection.
func (l line) Close() error {
	l.p.mu.Lock()
	delete(l.p.open, l.Conn)
	l.p.mu.Unlock()
	return l.Conn.Close()
}

// Start watches from now on; cfg's connections are watched, the pulse's own is not.
func Start(cfg *pgx.ConnConfig) *Pulse {
	ctx, end := context.WithCancel(context.Background())
	p := &Pulse{cfg: cfg.Copy(), end: end, done: make(chan struct{}), open: map[net.Conn]bool{}}
	dial := cfg.DialFunc
	cfg.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if p.away.Load() {
			return nil, &net.OpError{Op: "dial", Net: network, Err: ErrAway}
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

// Stop ends the watch.
func (p *Pulse) Stop() {
	p.end()
	<-p.done
}

func (p *Pulse) watch(ctx context.Context) {
	defer close(p.done)
	var conn *pgx.Conn
	defer func() { hangUp(conn) }()
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for missed := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		asked, err := p.beat(ctx, conn)
		conn = asked
		rest := pause
		switch {
		case err == nil:
			missed = 0
			p.away.Store(false)
		case ctx.Err() != nil:
			return
		default:
			if missed++; missed < misses {
				rest = 0 // at once on a fresh connection: a process that was stopped for a while finds its old one late
			} else {
				p.away.Store(true)
				p.cut()
			}
		}
		timer.Reset(rest)
	}
}

// beat asks once. It gives the connection to ask on next time, nil after a failure.
func (p *Pulse) beat(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
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
func (p *Pulse) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.open {
		_ = conn.Close()
	}
	clear(p.open)
}

// Away tells that the database does not answer.
func (p *Pulse) Away() bool { return p.away.Load() }
