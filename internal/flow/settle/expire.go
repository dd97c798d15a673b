package settle

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// ExpireOnce ends vouchers whose time is over, some at a time (R13b): what law gives back waits for its owner's claim,
// the rest is the merchant's, without commission. The reminders of the day must have gone out before.
func (s *Settle) ExpireOnce(ctx context.Context) (bool, error) {
	now := s.Now()
	told, err := settlement.LastRun(ctx, s.DB, settlement.RunReminders)
	if errors.Is(err, settlement.ErrNotFound) || err == nil && (!told.Over() || !told.Of(bizday.Day(now))) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	list, err := voucher.OverdueOf(ctx, s.DB, now, vouchersAtOnce)
	if err != nil || len(list) == 0 {
		return false, err
	}
	return true, s.DB.Write(ctx, func(tx *db.Tx) error { return s.expire(ctx, tx, list) })
}

func (s *Settle) expire(ctx context.Context, tx *db.Tx, list []voucher.Voucher) error {
	merchants := make([]market.MerchantID, len(list))
	orders := make([]market.OrderID, len(list))
	for i, v := range list {
		merchants[i], orders[i] = v.MerchantID, v.OrderID
	}
	if err := settlement.Lock(ctx, tx, merchants...); err != nil {
		return err
	}
	passed, err := voucher.Expire(ctx, tx, list)
	if err != nil {
		return err
	}
	made, err := order.Load(ctx, tx, orders)
	if err != nil {
		return err
	}
	var entries []ledger.Entry
	shares := map[market.MerchantID][]settlement.Line{}
	for _, v := range list {
		if !passed[v.ID] {
			continue
		}
		e, err := expiry(v, made[v.OrderID])
		if err != nil {
			return err
		}
		entries = append(entries, e)
		if l, ok := shareLine(tx, v, e); ok {
			shares[v.MerchantID] = append(shares[v.MerchantID], l)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shares)) {
		draft, err := settlement.OpenDraft(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := settlement.Append(ctx, tx, draft, shares[id]); err != nil {
			return err
		}
	}
	return ledger.Post(ctx, tx, entries)
}

// expiry books the end of a voucher by the policies under which it was bought.
func expiry(v voucher.Voucher, o *order.Order) (ledger.Entry, error) {
	set := policy.At(v.PaidAt)
	if o != nil {
		if bought, ok := policy.ByID(o.PolicyID); ok {
			set = bought
		}
	}
	profile, err := set.Profile(policy.ProfileName(v.RefundProfile))
	if err != nil {
		return ledger.Entry{}, err
	}
	return ledger.Expired(ledger.Expiry{About: ledger.About{DealID: v.DealID, OrderID: v.OrderID, VoucherID: v.ID,
		MerchantID: v.MerchantID, PolicyID: set.ID}, Price: v.LeftWon(), ClaimBP: profile.ClaimBP(v.Price)}), nil
}

// shareLine is the row that shows the merchant's share of an expired voucher; none when the owner gets all.
func shareLine(tx *db.Tx, v voucher.Voucher, e ledger.Entry) (settlement.Line, bool) {
	_, share := e.Moved(ledger.Pending)
	_, claim := e.Moved(ledger.Unclaimed)
	tx.Emit(event.Of(event.VoucherExpired{VoucherID: v.ID, OrderID: v.OrderID, DealID: v.DealID,
		MerchantID: v.MerchantID, AccountID: v.AccountID, Price: v.LeftWon(), Claim: claim, Share: share}, v.Version+1))
	version := db.Micros(tx.Now())
	for _, topic := range []string{"voucher:" + string(v.ID), "account:" + string(v.AccountID)} {
		tx.Touch(topic, version)
	}
	touch(tx, v.MerchantID)
	return settlement.Line{Kind: settlement.Share, SourceID: string(v.ID), VoucherID: v.ID, OrderID: v.OrderID,
		DealID: v.DealID, Units: v.UnitsLeft(), Price: share, Net: share, At: tx.Now()}, share > 0
}
