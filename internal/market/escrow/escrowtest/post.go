package escrowtest

import (
	"context"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// about names what an entry of a share is about.
func about(s escrow.Share, seller market.MerchantID, policy string) ledger.About {
	return ledger.About{OrderID: s.OrderID, MerchantID: seller, PolicyID: policy}
}

// Ends gives the entries of shares that have ended: released, returned, or both by a decision.
func Ends(list []escrow.End) []ledger.Entry {
	var entries []ledger.Entry
	for _, e := range list {
		release := ledger.Release{About: about(e.Share, e.MerchantID, e.PolicyID),
			Earning: ledger.Earn(e.Released, e.CommissionBP)}
		back := ledger.Return{About: release.About, RefundID: market.RefundID("ref_" + e.OrderID), Amount: e.Refunded}
		switch {
		case e.Frozen():
			entries = append(entries, ledger.Ruled(ledger.Ruling{Release: release, Refunded: e.Refunded}))
		case e.Releases():
			entries = append(entries, ledger.Released(release))
		default:
			entries = append(entries, ledger.EscrowReturned(back))
		}
	}
	return entries
}

// Falls gives the entries of a price that fell; the number tells one fall of a share from the next.
func Falls(list []escrow.Fall, number int) []ledger.Entry {
	var entries []ledger.Entry
	for _, f := range list {
		entries = append(entries, ledger.PriceFell(ledger.Return{About: about(f.Share, f.MerchantID, f.PolicyID),
			RefundID: market.RefundID(fmt.Sprintf("ref_%s_%d", f.OrderID, number)), Amount: f.Difference}))
	}
	return entries
}

// Post takes a step and posts what it means, in one transaction.
func Post(ctx context.Context, d *db.DB, step func(tx *db.Tx) ([]ledger.Entry, error)) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		entries, err := step(tx)
		if err != nil {
			return err
		}
		return ledger.Post(ctx, tx, entries)
	})
}
