package checkout

import (
	"sync"
	"sync/atomic"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// guess is how an order and its attempt stood when this process wrote them a moment ago. A step may decide on it
// without reading, because every claim then names the versions that were guessed: one that was wrong answers no row,
// and the batch is decided anew from the database.
type guess struct {
	order   order.Order
	payment payment.Payment
	limit   *order.Limit // of the account in the deal; nil when it is not known
	wrong   atomic.Bool
}

// usable tells that nothing has contradicted the guess yet.
func (g *guess) usable() bool { return g != nil && !g.wrong.Load() }

// refute makes steps read instead of believing these guesses.
func refute(guesses []*guess) {
	for _, g := range guesses {
		if g != nil {
			g.wrong.Store(true)
		}
	}
}

// guessesMax bounds how many orders that were placed just now are remembered.
const guessesMax = 2_048

// placedLast remembers the orders placed last, until they are paid or others have taken their places.
type placedLast struct {
	mu    sync.Mutex
	known map[market.OrderID]*guess
	ring  []market.OrderID
	next  int
}

func (l *placedLast) add(g *guess) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[market.OrderID]*guess{}
	}
	if len(l.ring) < guessesMax {
		l.ring = append(l.ring, g.order.ID)
	} else {
		delete(l.known, l.ring[l.next])
		l.ring[l.next] = g.order.ID
		l.next = (l.next + 1) % guessesMax
	}
	l.known[g.order.ID] = g
}

// take gives what is remembered of an account's own order, once.
func (l *placedLast) take(id market.OrderID, account market.AccountID) *guess {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.known[id]
	if g == nil || g.order.AccountID != account {
		return nil
	}
	delete(l.known, id)
	return g
}
