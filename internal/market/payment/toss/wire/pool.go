package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

const (
	dialTimeout      = 3 * time.Second
	handshakeTimeout = 5 * time.Second
	keepAlive        = 30 * time.Second
	idleMax          = 90 * time.Second // of a connection nobody uses
	headMax          = 64 << 10         // bytes of an answer's head
)

// errUpgrade is an answer that wants to speak something else.
var errUpgrade = errors.New("the server switches protocols")

// Options say how to reach the server.
type Options struct {
	Most int              // connections at once, at least 1
	TLS  *tls.Config      // of https addresses; nil is the default
	Now  func() time.Time // tells how long a connection has been idle
}

// Pool is an http.RoundTripper for one server. It is safe for concurrent use.
type Pool struct {
	address string
	secure  *tls.Config // nil for plain connections
	now     func() time.Time
	turns   chan struct{}

	mu   sync.Mutex
	idle []*link // the one used last comes last
}

// New makes a pool for the server of an http or https address.
func New(base *url.URL, o Options) *Pool {
	p := &Pool{address: base.Host, now: o.Now, turns: make(chan struct{}, max(o.Most, 1))}
	port := "80"
	if base.Scheme == "https" {
		port = "443"
		p.secure = o.TLS.Clone()
		if p.secure == nil {
			p.secure = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		if p.secure.ServerName == "" {
			p.secure.ServerName = base.Hostname()
		}
	}
	if base.Port() == "" {
		p.address = net.JoinHostPort(base.Hostname(), port)
	}
	return p
}

// link is a connection.
type link struct {
	net.Conn
	in    bufio.Reader
	out   bufio.Writer
	left  int64 // bytes that may still be read
	since time.Time
}

// Read reads no more than may be.
func (l *link) Read(to []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("the answer's head is too long")
	}
	n, err := l.Conn.Read(to[:min(int64(len(to)), l.left)])
	l.left -= int64(n)
	return n, err
}

// RoundTrip sends a request and reads the head of its answer. The context's deadline holds for the body too, whose
// reader must be closed; read to its end it leaves the connection to the next.
func (p *Pool) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	select {
	case p.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l, err := p.take(ctx)
	if err != nil {
		<-p.turns
		return nil, cause(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = l.SetDeadline(time.Unix(1, 0)) })
	b := &body{pool: p, link: l, ctx: ctx, stop: stop}
	answer, err := l.exchange(r)
	if err != nil {
		_ = b.Close()
		return nil, cause(ctx, err)
	}
	b.from, b.last = answer.Body, answer.Close || r.Close
	answer.Body = b
	return answer, nil
}

// exchange writes a request and reads the answer's head.
func (l *link) exchange(r *http.Request) (*http.Response, error) {
	l.left = headMax
	if err := r.Write(&l.out); err != nil {
		return nil, err
	}
	if err := l.out.Flush(); err != nil {
		return nil, err
	}
	for {
		answer, err := http.ReadResponse(&l.in, r)
		switch {
		case err != nil:
			return nil, err
		case answer.StatusCode == http.StatusSwitchingProtocols:
			return nil, errUpgrade
		case answer.StatusCode >= http.StatusOK:
			l.left = math.MaxInt64
			return answer, nil
		}
	}
}

// cause tells a time that is over as contexts do.
func cause(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	}
	return err
}

// take gives an idle connection that is open still, or makes one. The context's deadline is set on it.
func (p *Pool) take(ctx context.Context) (*link, error) {
	deadline, _ := ctx.Deadline() // none is the zero time: no deadline
	for {
		l := p.newest()
		if l == nil {
			made, err := p.dial(ctx)
			if err != nil {
				return nil, err
			}
			return made, made.SetDeadline(deadline)
		}
		if p.now().Sub(l.since) < idleMax && l.in.Buffered() == 0 && l.SetDeadline(deadline) == nil && open(l.Conn) {
			return l, nil
		}
		_ = l.Close()
	}
}

func (p *Pool) newest() *link {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	if last < 0 {
		return nil
	}
	l := p.idle[last]
	p.idle[last] = nil
	p.idle = p.idle[:last]
	return l
}

func (p *Pool) dial(ctx context.Context) (*link, error) {
	dialer := net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	conn, err := dialer.DialContext(ctx, "tcp", p.address)
	if err != nil {
		return nil, err
	}
	if p.secure != nil {
		within, cancel := context.WithTimeout(ctx, handshakeTimeout)
		defer cancel()
		secure := tls.Client(conn, p.secure)
		if err := secure.HandshakeContext(within); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		conn = secure
	}
	l := &link{Conn: conn}
	l.in.Reset(l)
	l.out.Reset(conn)
	return l, nil
}

// give takes a connection back.
func (p *Pool) give(l *link) {
	l.since = p.now()
	p.mu.Lock()
	p.idle = append(p.idle, l)
	var old *link
	if l.since.Sub(p.idle[0].since) > idleMax { // the oldest are not used while the newest are
		old = p.idle[0]
		p.idle = append(p.idle[:0], p.idle[1:]...)
	}
	p.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
}

// CloseIdleConnections ends the connections that nobody uses.
func (p *Pool) CloseIdleConnections() {
	for l := p.newest(); l != nil; l = p.newest() {
		_ = l.Close()
	}
}

// body is an answer's, which gives its connection back.
type body struct {
	pool *Pool
	link *link
	ctx  context.Context
	stop func() bool
	from io.ReadCloser // nil before there is an answer
	last bool          // the server closes the connection after it
	end  bool          // it was read to its end
	done sync.Once
}

// Read reads; time that is over is told as contexts do.
func (b *body) Read(to []byte) (int, error) {
	n, err := b.from.Read(to)
	switch {
	case errors.Is(err, io.EOF):
		b.end = true
		return n, err
	case err != nil:
		return n, cause(b.ctx, err)
	}
	return n, nil
}

// Close keeps the connection when nothing of the answer is left on it, and ends it otherwise.
func (b *body) Close() error {
	b.done.Do(func() {
		defer func() { <-b.pool.turns }()
		// A context that has ended sets a deadline at any time from now on: its connection is not to be used again.
		if untouched := b.stop(); untouched && b.end && !b.last {
			b.pool.give(b.link)
			return
		}
		_ = b.link.Close()
	})
	return nil
}
