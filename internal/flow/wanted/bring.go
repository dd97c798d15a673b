package wanted

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Bring lets people look on at a wish, of whose own merged into it: who has a place there keeps it. Nothing counts by
// it. A wish that no longer takes members stays as it is.
func (w *Wanted) Bring(ctx context.Context, tx *db.Tx, id market.WishID, who []market.AccountID) error {
	one, err := wish.Find(ctx, tx, id)
	if err != nil || one.Open(tx.Now()) != nil {
		return err
	}
	keys := make([]wish.MemberKey, len(who))
	for i, account := range who {
		keys[i] = wish.MemberKey{WishID: id, AccountID: account}
	}
	there, err := wish.LoadMembers(ctx, tx, keys)
	if err != nil {
		return err
	}
	var cmds []JoinCmd
	for _, key := range keys {
		if _, known := there[key]; !known {
			cmds = append(cmds, JoinCmd{Actor: market.Actor{AccountID: key.AccountID}, WishID: id, Kind: wish.Watching})
		}
	}
	_, err = w.JoinBatch(ctx, tx, cmds)
	return err
}
