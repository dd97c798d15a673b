package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/record"
)

const (
	idempotencyHeader = "Idempotency-Key"
	idempotencyMax    = 300
	idempotencyLife   = 15 * 24 * time.Hour
)

// keptAnswer is the first answer given under an idempotency key.
type keptAnswer struct {
	Status    int       `json:"status"`
	Body      string    `json:"body"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// Kept is the answers kept under idempotency keys. It owns the record kind idempotency.
type Kept struct {
	store *record.Store
	table *record.Table[keptAnswer]
	due   record.Queue
}

// NewKept registers the kept answers with a store.
func NewKept(s *record.Store) *Kept {
	k := &Kept{store: s}
	k.table = record.NewTable(s, "idempotency", func(key string, _, after *keptAnswer) {
		if after != nil {
			k.due.Push(after.ExpiresAt, key)
		}
	})
	k.due.Due = func(key string) (time.Time, bool) {
		a, ok := k.table.Get(key)
		return a.ExpiresAt, ok
	}
	return k
}

// RunOnce forgets the next answer that is older than 15 days; worked is false when there is none.
func (k *Kept) RunOnce(ctx context.Context) (worked bool, err error) {
	err = k.store.Do(ctx, func(tx *record.Tx) {
		var key string
		if key, worked = k.due.Take(tx.Now()); worked {
			k.table.Delete(tx, key)
		}
	})
	return worked, err
}

func (k *Kept) find(key string, now time.Time) (keptAnswer, bool) {
	a, ok := k.table.Get(key)
	return a, ok && a.ExpiresAt.After(now)
}

func (k *Kept) keep(tx *record.Tx, key string, status int, body []byte) {
	k.table.Put(tx, key, keptAnswer{Status: status, Body: string(body), ExpiresAt: tx.Now().Add(idempotencyLife)})
}

// idempotencyName is what an answer is kept under: key, secret key, address and method, never the body.
func idempotencyName(r *http.Request, key string) string {
	user, _, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(key + "\x00" + user + "\x00" + r.URL.Path + "\x00" + r.Method))
	return hex.EncodeToString(sum[:])
}
