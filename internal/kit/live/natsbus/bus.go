package natsbus

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/live"
)

// ErrConnect is an address of a NATS server that cannot be used; a server that only is not there yet is tried for ever.
var ErrConnect = fail.New(fail.Unavailable, "cluster.not_connected")

const (
	payloadMax  = 1 << 20
	changesMax  = 4_000 // in one message: some 600 KB of the longest topics
	queueMax    = 1_024 // messages that wait to be sent; more are dropped and counted
	helloEvery  = time.Second
	reconnect   = 500 * time.Millisecond
	flushWait   = 2 * time.Second
	connectWait = 2 * time.Second
	forgotten   = 10 * time.Minute // after which a silent node is a new one
)

// Options say how a bus reaches the other nodes: over a mesh of servers inside the nodes, or one at a URL.
type Options struct {
	Name    string // this node's, unlike all others
	Mesh    Mesh   // used when URL is empty
	URL     string // nats://user:password@host:port[,…]
	Subject string // apart from other installations at the same server; default "dure.live"
	// Password guards the port for clients that a mesh's server opens on loopback: fresh for each run.
	Password string
	Clock    clock.Clock
	Log      *slog.Logger
}

// Bus is one node's place. It is a live.Bus, and it knows whom it hears.
type Bus struct {
	o      Options
	server *server.Server // nil with a server elsewhere
	conn   *nats.Conn
	queue  chan []live.Change
	number atomic.Int64 // of the newest message, sent or dropped
	lost   atomic.Int64
	turned chan struct{}
	done   chan struct{}
	all    sync.WaitGroup

	mu    sync.Mutex
	heard map[string]mate
	next  int
	ears  map[int]func([]live.Change)
}

// mate is another node as heard here.
type mate struct {
	at     time.Time
	number int64
}

// message is what travels. One without changes is a hello and bears the number of the sender's last message.
type message struct {
	From    string        `json:"f"`
	Number  int64         `json:"n"`
	Changes []live.Change `json:"c,omitempty"`
}

// Open starts the node's server, or finds the one at the URL; it does not wait for other nodes.
func Open(o Options) (*Bus, error) {
	if o.Subject == "" {
		o.Subject = "dure.live"
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bus{o: o, queue: make(chan []live.Change, queueMax), turned: make(chan struct{}, 1), done: make(chan struct{}),
		heard: map[string]mate{}, ears: map[int]func([]live.Change){}}
	options := b.clientOptions()
	if o.URL == "" {
		s, err := o.Mesh.start(o.Name, o.Password, o.Log)
		if err != nil {
			return nil, err
		}
		b.server = s
		options = append(options, nats.InProcessServer(s), nats.UserInfo(meshUser, o.Password))
	}
	conn, err := nats.Connect(o.URL, options...)
	if err == nil {
		b.conn = conn
		_, err = conn.Subscribe(o.Subject, b.receive)
	}
	if err != nil {
		b.end()
		return nil, ErrConnect.Wrap(err)
	}
	b.all.Go(b.send)
	return b, nil
}

func (b *Bus) clientOptions() []nats.Option {
	turn := func(note string) func(*nats.Conn) {
		return func(*nats.Conn) {
			b.o.Log.Info("the line to other nodes", "state", note)
			b.turn()
		}
	}
	return []nats.Option{
		nats.Name(b.o.Name), nats.NoEcho(), nats.MaxReconnects(-1), nats.ReconnectWait(reconnect),
		nats.RetryOnFailedConnect(true), nats.Timeout(connectWait), nats.PingInterval(pingEvery),
		nats.MaxPingsOutstanding(pingsMax), nats.FlusherTimeout(flushWait),
		nats.ReconnectBufSize(-1), // hints from before a cut are worth nothing after it
		nats.ConnectHandler(turn("bus of live hints connected")),
		nats.ReconnectHandler(turn("bus of live hints connected again")),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // else it was we who left
				b.o.Log.Warn("bus of live hints cut off", "error", err)
			}
			b.turn()
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.o.Log.Warn("bus of live hints", "error", err)
			b.tell(nil) // a listener that was too slow has missed some
		}),
	}
}

func (b *Bus) turn() {
	select {
	case b.turned <- struct{}{}:
	default:
	}
}

// Turned hints that the connection came or went.
func (b *Bus) Turned() <-chan struct{} { return b.turned }

// Publish queues changes for the other nodes and never waits. What finds no room is dropped; its number is missing at
// the others, who then say everything again.
func (b *Bus) Publish(_ context.Context, changes []live.Change) error {
	for len(changes) > 0 {
		n := min(len(changes), changesMax)
		select {
		case b.queue <- changes[:n:n]:
		default:
			b.lost.Add(1)
			b.number.Add(1)
		}
		changes = changes[n:]
	}
	return nil
}

// Lost is how many messages were dropped so far.
func (b *Bus) Lost() int64 { return b.lost.Load() }

// send takes messages to the server, and says each second that we are there.
func (b *Bus) send() {
	hello := time.NewTicker(helloEvery)
	defer hello.Stop()
	b.write(message{From: b.o.Name, Number: b.number.Load()})
	for {
		select {
		case <-b.done:
			return
		case changes := <-b.queue:
			b.write(message{From: b.o.Name, Number: b.number.Add(1), Changes: changes})
		case <-hello.C:
			if len(b.queue) == 0 {
				b.write(message{From: b.o.Name, Number: b.number.Load()})
			}
		}
	}
}

func (b *Bus) write(m message) {
	raw, err := json.Marshal(m)
	if err == nil {
		err = b.conn.Publish(b.o.Subject, raw)
	}
	if err != nil && len(m.Changes) > 0 {
		b.lost.Add(1)
		b.o.Log.Debug("live changes not sent to other nodes", "changes", len(m.Changes), "error", err)
	}
}

// receive takes a message of another node. A gap in its numbers means that hints are missing.
func (b *Bus) receive(in *nats.Msg) {
	var m message
	if err := json.Unmarshal(in.Data, &m); err != nil || m.From == "" {
		b.o.Log.Warn("bus of live hints carries a strange message", "bytes", len(in.Data))
		return
	}
	now := b.o.Clock.Now()
	want := m.Number
	if len(m.Changes) > 0 {
		want--
	}
	b.mu.Lock()
	gap := b.heard[m.From].number != want
	b.heard[m.From] = mate{at: now, number: m.Number}
	for name, other := range b.heard {
		if now.Sub(other.at) > forgotten {
			delete(b.heard, name)
		}
	}
	b.mu.Unlock()
	if len(m.Changes) > 0 {
		b.tell(m.Changes)
	}
	if gap {
		b.tell(nil)
	}
}

// tell hands changes to all who listen; none of them means that some were lost.
func (b *Bus) tell(changes []live.Change) {
	b.mu.Lock()
	ears := make([]func([]live.Change), 0, len(b.ears))
	for _, ear := range b.ears {
		ears = append(ears, ear)
	}
	b.mu.Unlock()
	for _, ear := range ears {
		ear(changes)
	}
}

// Subscribe calls deliver for what other nodes publish until cancel is called; no changes mean that some were lost.
func (b *Bus) Subscribe(deliver func(changes []live.Change)) (cancel func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	id := b.next
	b.ears[id] = deliver
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.ears, id)
	}, nil
}

// Heard tells when each other node was heard last; nobody is heard without a connection.
func (b *Bus) Heard() map[string]time.Time {
	out := map[string]time.Time{}
	if !b.conn.IsConnected() {
		return out
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, other := range b.heard {
		out[name] = other.at
	}
	return out
}

// Close leaves the bus and ends the node's server.
func (b *Bus) Close() {
	close(b.done)
	b.all.Wait()
	b.end()
}

func (b *Bus) end() {
	if b.conn != nil {
		b.conn.Close()
	}
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
}
