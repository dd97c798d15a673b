package fund

import (
	"context"
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// till is all that paying for a wish shows to one member.
type till struct {
	Wish    wish.Wish
	Firm    bool // the reader's place counts
	Collect collect.Collect
	Escrow  escrow.Escrow
	Seller  catalog.Seller
	Branch  string
	Units   int64        // that are paid for
	Own     collect.Own  // the reader's orders
	Share   escrow.Share // of the order that is paid
	Last    payment.Payment
	Now     time.Time
}

// stands reports that the reader has paid, and that the share is at the price.
func (t till) stands() bool {
	return t.Own.Paid != nil && !t.Share.Ended() && !t.Escrow.Underpaid(t.Share)
}

// rose reports that the reader has paid less than the next offer asks.
func (t till) rose() bool {
	return t.Own.Paid != nil && !t.Share.Ended() && t.Escrow.Underpaid(t.Share)
}

// read gives what there is; collect.ErrNotFound is a wish for which nobody was asked to pay.
func (d Deps) read(ctx context.Context, who market.AccountID, id market.WishID, now time.Time) (till, error) {
	t := till{Now: now}
	err := d.DB.Read(ctx, func(q *db.ReadTx) (err error) {
		if t.Wish, err = wish.Find(ctx, q, id); err != nil {
			return err
		}
		own, err := wish.FindMember(ctx, q, wish.MemberKey{WishID: id, AccountID: who})
		if err != nil {
			return err
		}
		t.Firm = own.Counts()
		if t.Collect, err = collect.Find(ctx, q, id); err != nil {
			return err
		}
		if t.Escrow, err = escrow.Find(ctx, q, id); err != nil {
			return err
		}
		if t.Units, err = escrow.HeldUnits(ctx, q, id); err != nil {
			return err
		}
		if t.Seller, err = catalog.FindSeller(ctx, q, t.Escrow.MerchantID); err != nil {
			return err
		}
		if err := t.readBranch(ctx, q); err != nil {
			return err
		}
		return t.readOwn(ctx, q, who)
	})
	return t, err
}

func (t *till) readBranch(ctx context.Context, q db.Querier) error {
	if t.Escrow.BranchID == "" {
		return nil
	}
	all, err := merchant.BranchesByIDs(ctx, q, []market.BranchID{t.Escrow.BranchID})
	for _, b := range all {
		t.Branch = b.Name
	}
	return err
}

func (t *till) readOwn(ctx context.Context, q db.Querier, who market.AccountID) (err error) {
	if t.Own, err = collect.OwnOrders(ctx, q, t.Wish.ID, who); err != nil {
		return err
	}
	if t.Own.Paid != nil {
		if t.Share, err = escrow.FindShare(ctx, q, t.Own.Paid.ID); err != nil {
			return err
		}
	}
	last, err := collect.LastOrder(ctx, q, t.Wish.ID, who)
	if errors.Is(err, collect.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	attempts, err := payment.OfOrder(ctx, q, last.ID)
	if err == nil && len(attempts) > 0 {
		t.Last = attempts[len(attempts)-1]
	}
	return err
}
