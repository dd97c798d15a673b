package live

import (
	"context"
	"sync"
)

// Change says that a topic has a new version.
type Change struct {
	Topic   string `json:"topic"`
	Version int64  `json:"version"`
}

// Bus carries changes between the hubs of several nodes. It may lose them; livetest.Run says what it must do.
type Bus interface {
	// Publish hands changes to every other endpoint; it returns without waiting for them.
	Publish(ctx context.Context, changes []Change) error
	// Subscribe calls deliver for changes published at other endpoints until cancel is called. No changes mean that some
	// were lost: whoever listens says everything again.
	Subscribe(deliver func(changes []Change)) (cancel func(), err error)
}

// Memory is a bus inside one process: one node, or several nodes of a simulation.
type Memory struct {
	mu     sync.RWMutex
	nextID int
	heard  map[int]subscription
}

type subscription struct {
	from    *endpoint
	deliver func([]Change)
}

// NewMemory makes a bus that Endpoint hands out places at.
func NewMemory() *Memory { return &Memory{heard: map[int]subscription{}} }

// Endpoint is one node's place at the bus.
func (m *Memory) Endpoint() Bus { return &endpoint{bus: m} }

type endpoint struct{ bus *Memory }

func (e *endpoint) Publish(_ context.Context, changes []Change) error {
	e.bus.mu.RLock()
	defer e.bus.mu.RUnlock()
	for _, s := range e.bus.heard {
		if s.from != e {
			s.deliver(changes)
		}
	}
	return nil
}

func (e *endpoint) Subscribe(deliver func([]Change)) (func(), error) {
	m := e.bus
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nextID++
	id := m.nextID
	m.heard[id] = subscription{from: e, deliver: deliver}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.heard, id)
	}, nil
}
