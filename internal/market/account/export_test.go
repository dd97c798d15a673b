package account

import "context"

// Occupy takes one running place, as a hash in progress does.
func (h *Hasher) Occupy() (release func()) {
	release, _ = h.enter(context.Background())
	return release
}

// Waiting is how many callers are inside.
func (h *Hasher) Waiting() int { return len(h.queue) }
