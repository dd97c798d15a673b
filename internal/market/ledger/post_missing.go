package ledger

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// PostMissing posts those of the entries that do not stand in the book yet, for chunks of work that may run twice, and
// gives their number. An entry that stands there with another body is refused with ErrScope.
func PostMissing(ctx context.Context, tx *db.Tx, entries []Entry) (int, error) {
	scopes := make([]string, len(entries))
	for i := range entries {
		scopes[i] = entries[i].Scope
	}
	held, err := FindScopes(ctx, tx, scopes)
	if err != nil {
		return 0, err
	}
	var missing []Entry
	for _, e := range entries {
		old, posted := held[e.Scope]
		switch {
		case !posted:
			missing = append(missing, e)
		case !sameBody(old, e):
			return 0, ErrScope.With("Scope", e.Scope, "Entry", string(old.ID))
		}
	}
	return len(missing), Post(ctx, tx, missing)
}
