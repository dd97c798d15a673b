package fund

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// books are what a batch knows of its wishes and of the members who pay in it. Decisions change them in memory, so that
// the next command of the batch sees what the one before it has taken.
type books struct {
	tx       *db.Tx
	collects map[market.WishID]collect.Collect
	escrows  map[market.WishID]escrow.Escrow
	taken    map[market.WishID]int64 // units of bounded offers that nobody else can have
	own      map[collect.Seat]collect.Own
	shares   map[market.OrderID]escrow.Share // of paid orders
}

// readBooks reads the wishes of a batch. What the gateway is being asked about counts as taken for those who come, and
// not for those whose money is here.
func readBooks(ctx context.Context, tx *db.Tx, ids []market.WishID, coming bool) (*books, error) {
	b := &books{tx: tx, taken: map[market.WishID]int64{}}
	var err error
	if b.collects, err = collect.Load(ctx, tx, ids); err != nil {
		return nil, err
	}
	bounded := b.bounded(ids)
	if len(bounded) > 0 { // units that this very transaction has taken count
		if err := tx.CatchUp(ctx); err != nil {
			return nil, err
		}
	}
	// The escrow's version is read before its units are counted: who pays in between has moved it.
	if b.escrows, err = escrow.Load(ctx, tx, ids); err != nil {
		return nil, err
	}
	for _, id := range bounded {
		if b.taken[id], err = escrow.HeldUnits(ctx, tx, id); err != nil {
			return nil, err
		}
		if !coming {
			continue
		}
		asked, err := payment.CapturingShares(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		orders, err := collect.LoadOrders(ctx, tx, asked)
		if err != nil {
			return nil, err
		}
		for _, o := range orders {
			b.taken[id] += o.Quantity
		}
	}
	return b, nil
}

// bounded are the wishes whose seller cannot serve as many as come.
func (b *books) bounded(ids []market.WishID) (out []market.WishID) {
	for _, id := range ids {
		if b.collects[id].Bounded() {
			out = append(out, id)
		}
	}
	return out
}

// readSeats reads the members' own orders, and the shares of those that are paid.
func (b *books) readSeats(ctx context.Context, seats []collect.Seat) (err error) {
	if b.own, err = collect.LoadOwn(ctx, b.tx, seats); err != nil {
		return err
	}
	var paid []market.OrderID
	for _, s := range seats {
		if o := b.own[s].Paid; o != nil {
			paid = append(paid, o.ID)
		}
	}
	b.shares, err = escrow.LoadShares(ctx, b.tx, paid)
	return err
}

// share is the live one that a member has now, if any.
func (b *books) share(seat collect.Seat) (escrow.Share, bool) {
	o := b.own[seat].Paid
	if o == nil {
		return escrow.Share{}, false
	}
	s, known := b.shares[o.ID]
	return s, known && !s.Ended()
}

// fits answers whether an order can be served beside what is taken; the member's earlier share would make room for it.
func (b *books) fits(o *collect.Order) error {
	s, _ := b.share(o.Seat())
	return b.collects[o.WishID].Fits(b.taken[o.WishID]-s.Quantity, o.Quantity)
}

// has answers whether there is room for an order.
func (b *books) has(o *collect.Order) bool { return b.fits(o) == nil }

// mayPayAnew answers whether a member may pay: there is no share, it has ended, or the price rose above what was paid.
func (b *books) mayPayAnew(seat collect.Seat) error {
	if s, live := b.share(seat); live && !b.escrows[seat.WishID].Underpaid(s) {
		return collect.ErrPaid
	}
	return nil
}

// distinct keeps the first of each, in order, so that the same batch makes the same statements.
func distinct[C any, K comparable](list []C, key func(C) K) []K {
	seen, out := make(map[K]bool, len(list)), make([]K, 0, len(list))
	for _, one := range list {
		if k := key(one); !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}
