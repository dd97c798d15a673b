package db

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Watch tells whether tables may have changed, so that what was read from them may be kept in memory for a while. It
// knows of this process alone, so it speaks on SQLite only, whose file one process writes.
type Watch struct {
	d      *DB
	tables []string
	marks  atomic.Uint64
}

// watching is what a database knows of its watches.
type watching struct {
	mu   sync.RWMutex
	all  []*Watch
	memo sync.Map // statement → []*Watch
}

// Watch begins to watch tables.
func (d *DB) Watch(tables ...string) *Watch {
	w := &Watch{d: d, tables: tables}
	d.watching.mu.Lock()
	defer d.watching.mu.Unlock()
	d.watching.all = append(d.watching.all, w)
	d.watching.memo.Clear()
	return w
}

// Mark changes whenever a transaction that wrote to one of the tables has committed, before its writer hears of it.
// What was read after a mark was taken is still true while the mark is the same. False: nobody can know.
func (w *Watch) Mark() (mark uint64, known bool) {
	return w.marks.Load(), w.d.engine == SQLite && !w.d.opts.ReadOnly && !w.d.opts.Alone
}

// note remembers which watches a statement of the transaction concerns.
func (tx *Tx) note(text string) {
	if tx.db.engine != SQLite {
		return
	}
	for _, w := range tx.db.watching.concerned(text) {
		if !slices.Contains(tx.stirred, w) {
			tx.stirred = append(tx.stirred, w)
		}
	}
}

// concerned gives the watches to whose tables a statement writes.
func (h *watching) concerned(text string) []*Watch {
	if kept, ok := h.memo.Load(text); ok {
		return kept.([]*Watch)
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	var found []*Watch
	for _, table := range written(text) {
		for _, w := range h.all {
			if slices.Contains(w.tables, table) {
				found = append(found, w)
			}
		}
	}
	h.memo.Store(text, found)
	return found
}

// written gives the tables that a statement of our subset writes to.
func written(text string) (tables []string) {
	words := strings.Fields(text)
	for i := range len(words) - 1 {
		before := words[max(0, i-1)]
		if words[i] == "INTO" || words[i] == "UPDATE" || words[i] == "FROM" && before == "DELETE" {
			table, _, _ := strings.Cut(words[i+1], "(")
			tables = append(tables, table)
		}
	}
	return tables
}

// stir moves the marks of what the transaction wrote.
func (tx *Tx) stir() {
	for _, w := range tx.stirred {
		w.marks.Add(1)
	}
}
