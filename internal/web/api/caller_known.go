package api

import (
	"context"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/gather"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
)

// Callers who ask again within a moment are known still, unless anything was written meanwhile that may say who they
// are. Where several nodes write nobody can know that, and every call looks.
const (
	knownFor = time.Second // after which a token may have come to its end
	knownMax = 4_096
)

// callers finds out who speaks through tokens.
type callers struct {
	db    *db.DB
	watch *db.Watch
	read  *gather.Group[string, market.Actor] // who calls at the same time is looked up together

	mu    sync.Mutex
	known map[string]knownCaller // by token
}

type knownCaller struct {
	actor market.Actor
	mark  uint64
	until time.Time
}

func newCallers(d *db.DB) *callers {
	c := &callers{db: d, watch: d.Watch(account.ActorTables()...), known: map[string]knownCaller{}}
	c.read = gather.New(func(ctx context.Context, tokens []string) (map[string]market.Actor, error) {
		return account.ActorsByTokens(ctx, d, tokens, d.Clock().Now())
	})
	return c
}

// Get gives who speaks through a token; false for one that is no good.
func (c *callers) Get(ctx context.Context, token string) (actor market.Actor, found bool, err error) {
	mark, exact := c.watch.Mark() // before the read: what it finds is at least as new
	now := c.db.Clock().Now()
	if exact {
		c.mu.Lock()
		k, ok := c.known[token]
		c.mu.Unlock()
		if ok && k.mark == mark && now.Before(k.until) {
			return k.actor, true, nil
		}
	}
	actor, found, err = c.read.Get(ctx, token)
	if err == nil && found && exact {
		c.keep(token, knownCaller{actor: actor, mark: mark, until: now.Add(knownFor)})
	}
	return actor, found, err
}

func (c *callers) keep(token string, k knownCaller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= knownMax {
		clear(c.known)
	}
	c.known[token] = k
}
