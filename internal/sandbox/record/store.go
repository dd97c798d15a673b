package record

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/id"
)

// ErrStopped says that an earlier change could not be written, so that nothing is answered any more.
var ErrStopped = fail.New(fail.Unavailable, "sandbox.stopped")

// Store is the state of one sandbox.
type Store struct {
	mu      sync.RWMutex
	clock   clock.Clock
	ids     id.Source
	tables  map[string]loader
	journal *journal // nil keeps everything in memory only
}

// Tx is one atomic step: an instant, an id source and the changes made so far.
type Tx struct {
	store   *Store
	now     time.Time
	changes []change
}

// loader is the part of a Table that does not depend on its row type.
type loader interface {
	load(key string, body []byte) error
	loaded()
	each(fn func(key string, row any) error) error
}

// New makes an empty store; Table registers its tables, Open then reads what the database holds.
func New(c clock.Clock, ids id.Source) *Store {
	return &Store{clock: c, ids: ids, tables: map[string]loader{}}
}

// Open reads all rows of the database into the registered tables and writes every later change to it.
func (s *Store) Open(ctx context.Context, d *db.DB) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := newJournal(d)
	if err := j.migrate(ctx); err != nil {
		return err
	}
	if err := j.read(ctx, s.load); err != nil {
		return fmt.Errorf("read the sandbox's state: %w", err)
	}
	s.loaded()
	s.journal = j
	return nil
}

func (s *Store) load(kind, key string, body []byte) error {
	t, ok := s.tables[kind]
	if !ok {
		return fmt.Errorf("record of unknown kind %q: written by a newer version", kind)
	}
	return t.load(key, body)
}

// loaded lets every table derive what it keeps beside its rows.
func (s *Store) loaded() {
	for _, kind := range slices.Sorted(maps.Keys(s.tables)) {
		s.tables[kind].loaded()
	}
}

// Do runs one step and returns once its changes are on disk. fn holds the whole store: no calls outside in it.
func (s *Store) Do(ctx context.Context, fn func(tx *Tx)) error {
	return s.wait(ctx, s.step(fn))
}

func (s *Store) step(fn func(tx *Tx)) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := &Tx{store: s, now: s.clock.Now()}
	fn(tx)
	if s.journal == nil {
		return 0
	}
	return s.journal.add(tx.changes)
}

// View reads; it returns once everything it may have seen is on disk. fn must not change anything.
func (s *Store) View(ctx context.Context, fn func(now time.Time)) error {
	return s.wait(ctx, s.look(fn))
}

func (s *Store) look(fn func(now time.Time)) uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	fn(s.clock.Now())
	if s.journal == nil {
		return 0
	}
	return s.journal.last()
}

func (s *Store) wait(ctx context.Context, upTo uint64) error {
	if s.journal == nil {
		return nil
	}
	return s.journal.wait(ctx, upTo)
}

// Now is the instant of the step.
func (tx *Tx) Now() time.Time { return tx.now }

// NewID makes an id with the given prefix, sorted by time.
func (tx *Tx) NewID(prefix string) string { return tx.store.ids.New(prefix) }

// Table is the rows of one kind. Rows are values: whoever changes a slice or map inside one copies it first.
type Table[T any] struct {
	kind  string
	rows  map[string]*T
	watch func(key string, before, after *T)
}

// NewTable registers a table. watch, which may be nil, keeps what is derived from the rows (order, sums, due
// times): it is called for each row read at opening with before nil, and for each change after that; after
// is nil when a row was deleted.
func NewTable[T any](s *Store, kind string, watch func(key string, before, after *T)) *Table[T] {
	t := &Table[T]{kind: kind, rows: map[string]*T{}, watch: watch}
	s.tables[kind] = t
	return t
}

// Get gives a copy of the row.
func (t *Table[T]) Get(key string) (T, bool) {
	if row, ok := t.rows[key]; ok {
		return *row, true
	}
	var zero T
	return zero, false
}

// Put writes the row.
func (t *Table[T]) Put(tx *Tx, key string, row T) {
	before := t.rows[key]
	t.rows[key] = &row
	tx.changes = append(tx.changes, change{ref{t.kind, key}, &row})
	if t.watch != nil {
		t.watch(key, before, &row)
	}
}

// Delete removes the row; a missing one is no change.
func (t *Table[T]) Delete(tx *Tx, key string) {
	before, ok := t.rows[key]
	if !ok {
		return
	}
	delete(t.rows, key)
	tx.changes = append(tx.changes, change{ref{t.kind, key}, nil})
	if t.watch != nil {
		t.watch(key, before, nil)
	}
}

// Keys gives all keys in ascending order: for small tables and reports.
func (t *Table[T]) Keys() []string { return slices.Sorted(maps.Keys(t.rows)) }

// Len is the number of rows.
func (t *Table[T]) Len() int { return len(t.rows) }

// each gives the rows in the order of their keys.
func (t *Table[T]) each(fn func(key string, row any) error) error {
	for _, key := range t.Keys() {
		if err := fn(key, t.rows[key]); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table[T]) load(key string, body []byte) error {
	var row T
	if err := json.Unmarshal(body, &row); err != nil {
		return fmt.Errorf("%s %s: %w", t.kind, key, err)
	}
	t.rows[key] = &row
	return nil
}

// loaded tells the watcher of the rows in the order of their keys, which is the order of time.
func (t *Table[T]) loaded() {
	if t.watch == nil {
		return
	}
	for _, key := range t.Keys() {
		t.watch(key, nil, t.rows[key])
	}
}
