package escrow

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const shareColumns = `order_id, wish_id, account_id, quantity, paid, amount, released, refunded, state, outcome, due_at,
 waited, paid_at, shipped_at, delivered_at, disputed_at, ended_at, address_until, version`

func scanShare(r db.Row) (Share, error) {
	var s Share
	err := r.Scan(&s.OrderID, &s.WishID, &s.AccountID, &s.Quantity, &s.Paid, &s.Amount, &s.Released, &s.Refunded, &s.State,
		&s.Outcome, db.Time(&s.DueAt), &s.Waited, db.Time(&s.PaidAt), db.Time(&s.ShippedAt), db.Time(&s.DeliveredAt),
		db.Time(&s.DisputedAt), db.Time(&s.EndedAt), db.Time(&s.AddressUntil), &s.Version)
	return s, err
}

// FindShare reads one member's share; it answers ErrNotFound.
func FindShare(ctx context.Context, q db.Querier, id market.OrderID) (Share, error) {
	s, err := db.One(ctx, q, scanShare, `SELECT `+shareColumns+` FROM escrow_share WHERE order_id = $1`, string(id))
	if db.IsNoRow(err) {
		return s, ErrNotFound
	}
	return s, err
}

// LoadShares reads several shares; a missing one is missing in the answer.
func LoadShares(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]Share, error) {
	all, err := db.ByIDs(ctx, q, scanShare, `SELECT `+shareColumns+` FROM escrow_share WHERE order_id IN `+db.IDsMark, ids)
	out := make(map[market.OrderID]Share, len(all))
	for _, s := range all {
		out[s.OrderID] = s
	}
	return out, err
}

// ListShares pages through a wish's shares by their orders.
func ListShares(
	ctx context.Context, q db.Querier, id market.WishID, after market.OrderID, limit int,
) ([]Share, error) {
	return db.All(ctx, q, scanShare, `SELECT `+shareColumns+` FROM escrow_share WHERE wish_id = $1 AND order_id > $2
 ORDER BY order_id LIMIT $3`, string(id), string(after), limit)
}

// AllShares pages through all shares by their orders, for whoever compares them with the book.
func AllShares(ctx context.Context, q db.Querier, after market.OrderID, limit int) ([]Share, error) {
	return db.All(ctx, q, scanShare, `SELECT `+shareColumns+` FROM escrow_share WHERE order_id > $1
 ORDER BY order_id LIMIT $2`, string(after), limit)
}

// ListOf pages through an account's shares, newest first; before "" begins at the newest.
func ListOf(
	ctx context.Context, q db.Querier, who market.AccountID, before market.OrderID, limit int,
) ([]Share, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scanShare, `SELECT `+shareColumns+` FROM escrow_share WHERE account_id = $1 AND order_id < $2
 ORDER BY order_id DESC LIMIT $3`, string(who), string(before), limit)
}

// Tally is how many shares of a wish stand in a state, and what they are worth.
type Tally struct {
	State  State
	Shares int64
	Amount int64 // won
}

// Tallies counts a wish's shares by state.
func Tallies(ctx context.Context, q db.Querier, id market.WishID) ([]Tally, error) {
	return db.All(ctx, q, func(r db.Row) (Tally, error) {
		var t Tally
		err := r.Scan(&t.State, &t.Shares, &t.Amount)
		return t, err
	}, `SELECT state, count(*), CAST(SUM(amount) AS bigint) FROM escrow_share WHERE wish_id = $1 GROUP BY state
 ORDER BY state`, string(id))
}

// Answer is what became of one command of a batch.
type Answer struct {
	OrderID market.OrderID
	End     *End // when the share has ended: the flow posts it
	Err     error
}

// Take decides acts in the order of their arrival, in memory, and writes what they change at once. A refusal stands in
// its answer and refuses nobody else's act; ErrMoved refuses the batch, which is decided anew.
func Take(ctx context.Context, tx *db.Tx, r Rules, acts []Act) ([]Answer, error) {
	ids := make([]market.OrderID, len(acts))
	for i, a := range acts {
		ids[i] = a.OrderID
	}
	b, err := gather(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(acts))
	for i, a := range acts {
		answers[i] = Answer{OrderID: a.OrderID}
		s, e, known := b.find(a.OrderID)
		if !known {
			answers[i].Err = ErrNotFound
			continue
		}
		next, err := e.Take(s, a, r, tx.Now())
		if err != nil {
			answers[i].Err = err
			continue
		}
		end := e.ending(b.put(next))
		answers[i].End = &end
	}
	return answers, write(ctx, tx, b.moves())
}

// Wait gives a member more time before silence releases the share, once.
func Wait(ctx context.Context, tx *db.Tx, id market.OrderID, who market.AccountID, r Rules) (Share, error) {
	s, err := FindShare(ctx, tx, id)
	if err != nil {
		return s, err
	}
	next, err := s.Wait(who, r, tx.Now())
	if err != nil {
		return s, err
	}
	return next, write(ctx, tx, []move{{s, next}})
}

// Touch raises the version of a share that was read: ErrMoved when somebody has moved it meanwhile.
func Touch(ctx context.Context, tx *db.Tx, s Share) error { return write(ctx, tx, []move{{s, s}}) }

// batch is the shares of a batch with their escrows, as they were read and as they are after what was decided so far.
type batch struct {
	was     map[market.OrderID]Share
	is      map[market.OrderID]Share
	escrows map[market.WishID]Escrow
}

func gather(ctx context.Context, q db.Querier, ids []market.OrderID) (*batch, error) {
	was, err := LoadShares(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	return batchOf(ctx, q, was)
}

func batchOf(ctx context.Context, q db.Querier, was map[market.OrderID]Share) (*batch, error) {
	var wishes []market.WishID
	seen := map[market.WishID]bool{}
	for _, s := range was {
		if !seen[s.WishID] {
			seen[s.WishID] = true
			wishes = append(wishes, s.WishID)
		}
	}
	escrows, err := Load(ctx, q, wishes)
	return &batch{was: was, is: map[market.OrderID]Share{}, escrows: escrows}, err
}

func (b *batch) find(id market.OrderID) (Share, Escrow, bool) {
	s, known := b.was[id]
	if now, moved := b.is[id]; moved {
		s = now
	}
	e, open := b.escrows[s.WishID]
	return s, e, known && open
}

func (b *batch) put(s Share) Share {
	s.Version = b.was[s.OrderID].Version + 1
	b.is[s.OrderID] = s
	return s
}

func (b *batch) moves() []move {
	out := make([]move, 0, len(b.is))
	for id, s := range b.is {
		out = append(out, move{b.was[id], s})
	}
	return out
}
