package redeem

import (
	"context"
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// greet adds what lets the person at the counter greet the guest.
func (r *Redeem) greet(ctx context.Context, out *Look) error {
	people, err := account.ListByIDs(ctx, r.DB, []market.AccountID{out.Voucher.AccountID})
	if err != nil {
		return err
	}
	for _, a := range people {
		out.Guest = account.Masked(a.Name)
	}
	out.Visits, err = voucher.VisitsOf(ctx, r.DB, out.Voucher.AccountID, out.Voucher.MerchantID)
	return err
}

// Place is a counter at which the actor may take vouchers.
type Place struct {
	MerchantID market.MerchantID
	Merchant   string
	BranchID   market.BranchID // "" where the shop has no branches
	Branch     string
}

// Places lists the counters at which the actor may take vouchers.
func (r *Redeem) Places(ctx context.Context, actor market.Actor) ([]Place, error) {
	if !actor.SignedIn() {
		return nil, right.ErrSignIn
	}
	ids := make([]market.MerchantID, len(actor.Memberships))
	for i, m := range actor.Memberships {
		ids[i] = m.MerchantID
	}
	names, err := catalog.Names(ctx, r.DB, ids)
	if err != nil {
		return nil, err
	}
	branches, err := catalog.Places(ctx, r.DB, ids)
	if err != nil {
		return nil, err
	}
	var out []Place
	for _, id := range ids {
		here := branches[id]
		if len(here) == 0 {
			here = []catalog.Place{{}}
			if m, _ := actor.Membership(id); m.BranchID != "" {
				here[0].ID = m.BranchID
			}
		}
		for _, b := range here {
			if !b.Closed && right.Can(actor, right.RedemptionMake, right.At(id, b.ID)) {
				out = append(out, Place{MerchantID: id, Merchant: names[id], BranchID: b.ID, Branch: b.Name})
			}
		}
	}
	return out, nil
}

// Done is one use as the counter shows it afterwards.
type Done struct {
	catalog.UsedAt
	Guest string // masked
	// Money tells that the reader may see what the use earned.
	Money bool
	// Undoable tells that the reader may take the use back now.
	Undoable bool
}

// Earned is what the merchant earned by the use in won; zero for a reader who may not see it.
func (d Done) Earned() int64 {
	if !d.Money {
		return 0
	}
	return d.Net
}

const todayMax = 100

// Today lists the uses at a counter since midnight in Korea, newest first.
func (r *Redeem) Today(
	ctx context.Context, actor market.Actor, id market.MerchantID, branch market.BranchID,
) ([]Done, error) {
	if err := right.Check(actor, right.RedemptionView, right.At(id, branch)); err != nil {
		return nil, err
	}
	now := r.DB.Clock().Now()
	list, err := catalog.UsesAt(ctx, r.DB, catalog.Counter{MerchantID: id, BranchID: branch,
		Since: bizday.StartOfDay(now), Limit: todayMax})
	out := make([]Done, len(list))
	for i, u := range list {
		out[i] = r.done(actor, u, now)
	}
	return out, err
}

func (r *Redeem) done(actor market.Actor, u catalog.UsedAt, now time.Time) Done {
	member, _ := actor.Membership(u.MerchantID)
	return Done{
		UsedAt: u, Guest: account.Masked(u.GuestName),
		Money: right.Can(actor, right.RedemptionMoney, right.At(u.MerchantID, u.BranchID)),
		Undoable: mayUndo(actor, u.Redemption) == nil &&
			u.MayUndo(actor.AccountID, member.Role, undoWindows(u.Redemption), now) == nil,
	}
}

// PlaceName names a branch of a merchant, also one that has closed; "" when it is not known.
func (r *Redeem) PlaceName(ctx context.Context, id market.MerchantID, branch market.BranchID) (string, error) {
	places, err := catalog.Places(ctx, r.DB, []market.MerchantID{id})
	for _, p := range places[id] {
		if p.ID == branch {
			return p.Name, err
		}
	}
	return "", err
}

// FindDone reads one use for whoever may see the counter at which it was made.
func (r *Redeem) FindDone(ctx context.Context, actor market.Actor, id market.RedemptionID) (Done, error) {
	x, err := voucher.FindRedemption(ctx, r.DB, id)
	if errors.Is(err, voucher.ErrUnknown) {
		return Done{}, right.ErrHidden
	}
	if err != nil {
		return Done{}, err
	}
	on := right.At(x.MerchantID, x.BranchID)
	if err := right.Check(actor, right.RedemptionView, on); err != nil {
		return Done{}, err
	}
	list, err := catalog.UsesAt(ctx, r.DB, catalog.Counter{MerchantID: x.MerchantID, BranchID: x.BranchID, Since: x.At,
		Limit: todayMax})
	for _, u := range list {
		if u.ID == id {
			return r.done(actor, u, r.DB.Clock().Now()), err
		}
	}
	return r.done(actor, catalog.UsedAt{Redemption: x}, r.DB.Clock().Now()), err
}
