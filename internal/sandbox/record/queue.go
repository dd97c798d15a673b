package record

import (
	"container/heap"
	"time"
)

// Queue orders keys by the instant at which they are due. It is derived from rows: a table's watcher pushes,
// and an entry whose row has changed since is skipped when it comes up.
type Queue struct {
	items dueHeap
	// Due tells when the key is due by its present row, false when it no longer waits.
	Due func(key string) (time.Time, bool)
}

// Push adds a key. A key pushed again with another instant is due at the one its row names.
func (q *Queue) Push(at time.Time, key string) { heap.Push(&q.items, dueItem{at, key}) }

// Peek gives the next key and its instant, false when none waits.
func (q *Queue) Peek() (key string, at time.Time, ok bool) {
	for len(q.items) > 0 {
		first := q.items[0]
		if due, waits := q.Due(first.key); waits && due.Equal(first.at) {
			return first.key, first.at, true
		}
		heap.Pop(&q.items)
	}
	return "", time.Time{}, false
}

// Take removes and gives the next key that is due at now, false when none is.
func (q *Queue) Take(now time.Time) (key string, ok bool) {
	key, at, ok := q.Peek()
	if !ok || at.After(now) {
		return "", false
	}
	heap.Pop(&q.items)
	return key, true
}

type dueItem struct {
	at  time.Time
	key string
}

// dueHeap orders by instant, then by key, which is the order of writing.
type dueHeap []dueItem

func (h dueHeap) Len() int { return len(h) }
func (h dueHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].key < h[j].key
}
func (h dueHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push adds an item, for container/heap.
func (h *dueHeap) Push(x any) { *h = append(*h, x.(dueItem)) }

// Pop takes the last item, for container/heap.
func (h *dueHeap) Pop() any {
	last := len(*h) - 1
	item := (*h)[last]
	*h = (*h)[:last]
	return item
}
