package deliver

import (
	"context"
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// ended does what the end of shares means: a line in the seller's statement for what it gets, who is told, the book and
// the refunds. Shares are written before it; the seller's settlement is locked here, and the book comes
// last, which is the order in which everybody takes these rows.
func (d *Deliver) ended(ctx context.Context, tx *db.Tx, ends []escrow.End) error {
	if len(ends) == 0 {
		return nil
	}
	if err := state(ctx, tx, ends); err != nil {
		return err
	}
	if err := d.tellEnds(ctx, tx, ends); err != nil {
		return err
	}
	return d.Outcome.Post(ctx, tx, ends)
}

// state puts what sellers get on the drafts of their statements, a line a share (28).
func state(ctx context.Context, tx *db.Tx, ends []escrow.End) error {
	lines := map[market.MerchantID][]settlement.Line{}
	for _, e := range ends {
		if e.Releases() {
			lines[e.MerchantID] = append(lines[e.MerchantID], line(tx, e))
		}
	}
	sellers := slices.Sorted(maps.Keys(lines))
	if err := settlement.Lock(ctx, tx, sellers...); err != nil {
		return err
	}
	for _, id := range sellers {
		draft, err := settlement.OpenDraft(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := settlement.Append(ctx, tx, draft, lines[id]); err != nil {
			return err
		}
	}
	return nil
}

func line(tx *db.Tx, e escrow.End) settlement.Line {
	earned := ledger.Earn(e.Released, e.CommissionBP)
	return settlement.Line{Kind: settlement.Share, SourceID: string(e.OrderID), OrderID: e.OrderID, Units: e.Quantity,
		Price: earned.Price, Commission: earned.Commission, CommissionVAT: earned.VAT, Net: earned.Net(), At: tx.Now()}
}

// touch tells open pages that a share moved.
func touch(tx *db.Tx, s escrow.Share, seller market.MerchantID) {
	version := db.Micros(tx.Now())
	for _, topic := range []string{"order:" + string(s.OrderID), "wish:" + string(s.WishID),
		"merchant:" + string(seller), "account:" + string(s.AccountID), "console"} {
		tx.Touch(topic, version)
	}
}

// moved tells of shares that passed to a state that is no end.
func moved(tx *db.Tx, s escrow.Share, seller market.MerchantID) {
	tx.Emit(event.Of(event.ShareMoved{OrderID: s.OrderID, WishID: s.WishID, MerchantID: seller, AccountID: s.AccountID,
		State: string(s.State)}, db.Micros(tx.Now())))
	touch(tx, s, seller)
}
