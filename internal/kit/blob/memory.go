package blob

import (
	"bytes"
	"context"
	"io"
	"slices"
	"sync"
)

// Memory keeps blobs until the process ends, for tests and the simulation; the zero value is ready.
type Memory struct {
	mu    sync.Mutex
	blobs map[Key][]byte
}

type reader struct{ *bytes.Reader }

// Close does nothing: there is nothing to release.
func (reader) Close() error { return nil }

// Put keeps a copy of the bytes.
func (m *Memory) Put(_ context.Context, data []byte) (Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.blobs == nil {
		m.blobs = map[Key][]byte{}
	}
	key := KeyOf(data)
	m.blobs[key] = slices.Clone(data)
	return key, nil
}

func (m *Memory) find(key Key) ([]byte, error) {
	if err := key.Check(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.blobs[key]
	if !ok {
		return nil, ErrNotFound
	}
	return data, nil
}

// Get reads the kept bytes.
func (m *Memory) Get(_ context.Context, key Key) (io.ReadSeekCloser, error) {
	data, err := m.find(key)
	if err != nil {
		return nil, err
	}
	return reader{bytes.NewReader(data)}, nil
}

// Stat counts the kept bytes.
func (m *Memory) Stat(_ context.Context, key Key) (Info, error) {
	data, err := m.find(key)
	if err != nil {
		return Info{}, err
	}
	return Info{key, int64(len(data))}, nil
}

// Delete forgets the bytes.
func (m *Memory) Delete(_ context.Context, key Key) error {
	if err := key.Check(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.blobs, key)
	return nil
}
