package live

import (
	"slices"
	"time"
)

// Readers are told everything again in slices, so that the pages of a crowd do not all ask at one moment.
const (
	againSlice = 256
	againPause = 20 * time.Millisecond
)

// Again tells every reader to fetch whatever it shows: some changes were lost on the way here.
func (h *Hub) Again() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.again()
}

// again begins a round over all readers, or lets the round under way be followed by another.
func (h *Hub) again() {
	if h.ended || h.repeating {
		h.repeat = h.repeating
		return
	}
	h.repeating = true
	all := make([]*reader, 0, len(h.readers))
	for r := range h.readers {
		all = append(all, r)
	}
	h.tellAgain(all)
}

// tellAgain tells a slice of readers now and the others a moment later.
func (h *Hub) tellAgain(left []*reader) {
	n := min(len(left), againSlice)
	for _, r := range left[:n] {
		if _, here := h.readers[r]; !here {
			continue
		}
		for _, name := range r.topics {
			h.send(r, h.frame(name, 0, 0))
		}
	}
	if left = left[n:]; len(left) == 0 && !h.repeat {
		h.repeating = false
		return
	}
	time.AfterFunc(againPause, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.ended {
			return
		}
		if len(left) == 0 {
			h.repeating, h.repeat = false, false
			h.again()
			return
		}
		h.tellAgain(left)
	})
}

// SetDelayed says on every page whether changes of other nodes come late; pages then fetch what they show, for both
// turns may have lost some.
func (h *Hub) SetDelayed(delayed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.delayed == delayed || h.ended {
		return
	}
	h.delayed = delayed
	f := delayFrame(delayed)
	for r := range h.readers {
		h.send(r, f)
	}
	h.again()
}

// Delayed reports whether changes of other nodes come late.
func (h *Hub) Delayed() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.delayed
}

func delayFrame(delayed bool) *frame {
	if delayed {
		return &frame{text: []byte("event: delay\ndata: {\"delayed\":true}\n\n")}
	}
	return &frame{text: []byte("event: delay\ndata: {\"delayed\":false}\n\n")}
}

// Watched are the names of the topics that somebody watches, sorted.
func (h *Hub) Watched() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]string, 0, len(h.watchers))
	for name := range h.watchers {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Hear takes changes that were found out otherwise than by a commit of this node or over the bus; they go no further.
func (h *Hub) Hear(changes []Change) {
	if len(changes) > 0 {
		h.receive(changes)
	}
}
