package pgfault_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// way is one direction through a line.
type way int

const (
	there way = iota // from the node to the database
	back
)

// weather is what a line does to what passes it.
type weather struct {
	held  [2]bool          // nothing gets through in this direction, and nobody is told
	delay [2]time.Duration // of every piece
	lossy int              // of a hundred pieces this many come a retransmission later
}

// retransmission is how late TCP delivers what was lost once.
const retransmission = 200 * time.Millisecond

// line is a node's only way to the database, through which a test can hold, delay and cut.
type line struct {
	address  string // of the listener
	listener net.Listener

	mu      sync.Mutex
	to      [2]string // network and address of the database, or of the gateway
	weather weather
	changed chan struct{} // closed with every change of the weather
	open    map[net.Conn]bool
	pieces  int
}

func newLine(t *testing.T, network, to string) *line {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	l := &line{address: listener.Addr().String(), listener: listener, to: [2]string{network, to},
		changed: make(chan struct{}), open: map[net.Conn]bool{}}
	go l.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		l.set(weather{})
		l.cut()
	})
	return l
}

func (l *line) accept() {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		go l.serve(conn)
	}
}

func (l *line) serve(client net.Conn) {
	defer func() { _ = client.Close() }()
	if !l.pass(there) {
		return
	}
	l.mu.Lock()
	to := l.to
	l.mu.Unlock()
	dialer := net.Dialer{Timeout: 5 * time.Second}
	server, err := dialer.DialContext(context.Background(), to[0], to[1])
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	l.mu.Lock()
	l.open[client], l.open[server] = true, true
	l.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { l.carry(server, client, there) })
	both.Go(func() { l.carry(client, server, back) })
	both.Wait()
	l.mu.Lock()
	delete(l.open, client)
	delete(l.open, server)
	l.mu.Unlock()
}

// carry moves pieces one way until either side ends, then ends the other.
func (l *line) carry(to, from net.Conn, w way) {
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			if !l.pass(w) {
				break
			}
			if _, err := to.Write(piece[:n]); err != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	_ = to.Close()
	_ = from.Close()
}

// pass lets a piece through when the weather allows it; false when the line is taken down meanwhile.
func (l *line) pass(w way) bool {
	l.mu.Lock()
	l.pieces++
	wait := l.weather.delay[w]
	if l.weather.lossy > 0 && l.pieces*37%100 < l.weather.lossy {
		wait += retransmission
	}
	l.mu.Unlock()
	if wait > 0 {
		timer := time.NewTimer(wait)
		<-timer.C
	}
	for {
		l.mu.Lock()
		held, changed := l.weather.held[w], l.changed
		l.mu.Unlock()
		if !held {
			return true
		}
		<-changed
	}
}

// set changes the weather for what is under way too.
func (l *line) set(w weather) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.weather = w
	close(l.changed)
	l.changed = make(chan struct{})
}

// cut ends every open connection, as a router that restarts does.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		_ = conn.Close()
	}
}

// TestLineHoldsAndHeals: what the faults stand on.
func TestLineHoldsAndHeals(t *testing.T) {
	socket := t.TempDir() + "/s"
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	must(t, err)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(conn, conn) }()
		}
	}()
	t.Cleanup(func() { _ = listener.Close() })
	l := newLine(t, "unix", socket)
	conn, err := net.DialTimeout("tcp", l.address, time.Second)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	echo := func(wait time.Duration) error {
		must(t, conn.SetReadDeadline(now().Add(wait)))
		_, err := io.ReadFull(conn, make([]byte, 2))
		return err
	}
	_, err = conn.Write([]byte("ab"))
	must(t, err)
	must(t, echo(5*time.Second))
	l.set(weather{held: [2]bool{back: true}})
	_, err = conn.Write([]byte("cd"))
	must(t, err)
	if echo(100*time.Millisecond) == nil {
		t.Fatal("an answer came through a line that is held")
	}
	l.set(weather{})
	must(t, echo(5*time.Second))
	l.cut()
	if echo(5*time.Second) == nil {
		t.Fatal("a line that was cut answers")
	}
}
