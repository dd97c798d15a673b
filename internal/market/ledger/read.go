package ledger

import (
	"context"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// An entry is read from its canonical bytes: doctor proves that the postings say the same.
func scanEntry(r db.Row) (Entry, error) {
	b, err := db.Scalar[[]byte](r)
	if err != nil {
		return Entry{}, err
	}
	return Decode(b)
}

// Find gives an entry by its id, or ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.EntryID) (Entry, error) {
	e, err := db.One(ctx, q, scanEntry, `SELECT bytes FROM ledger_entry WHERE id = $1`, string(id))
	return e, found(err, string(id))
}

// FindScope gives the entry that holds a scope, or ErrNotFound.
func FindScope(ctx context.Context, q db.Querier, scope string) (Entry, error) {
	e, err := db.One(ctx, q, scanEntry, `SELECT bytes FROM ledger_entry WHERE scope = $1`, scope)
	return e, found(err, scope)
}

func found(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case db.IsNoRow(err):
		return ErrNotFound.With("Entry", what)
	}
	return fmt.Errorf("find entry %s: %w", what, err)
}
