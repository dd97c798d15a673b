package mail

import (
	"context"
	"slices"
	"sync"
)

// Memory keeps mails instead of sending them, for tests and the simulation; the zero value is ready.
type Memory struct {
	mu    sync.Mutex
	sent  []Message
	fails []error
}

// Send keeps the message, or answers the next failure that was asked for.
func (m *Memory) Send(_ context.Context, message Message) error {
	if err := message.Check(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.fails) > 0 {
		err := m.fails[0]
		m.fails = m.fails[1:]
		return err
	}
	m.sent = append(m.sent, message)
	return nil
}

// Fail makes the next calls of Send answer these errors, one each.
func (m *Memory) Fail(errs ...error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fails = append(m.fails, errs...)
}

// Sent lists what was sent, the oldest first.
func (m *Memory) Sent() []Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}
