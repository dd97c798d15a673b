package feed

import "sync"

// Bell tells any number of followers that there are new events, without ever waiting for one of them. The zero Bell
// works; a nil one never rings.
type Bell struct {
	mu    sync.Mutex
	heard chan struct{}
}

// Ring wakes all who listen now.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.heard != nil {
		close(b.heard)
		b.heard = nil
	}
}

// Listen gives a channel that is closed at the next ring. Whoever listens before looking for events misses none.
func (b *Bell) Listen() <-chan struct{} {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.heard == nil {
		b.heard = make(chan struct{})
	}
	return b.heard
}
