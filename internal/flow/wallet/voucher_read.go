package wallet

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Stub is one line of the list of vouchers.
type Stub struct {
	voucher.Voucher
	Bought catalog.Bought
}

// Stubs is a list of vouchers; More tells that older ones follow the last.
type Stubs struct {
	List []Stub
	More bool
}

// liveMax bounds the vouchers that can still be used; nobody looks through more on one page.
const liveMax = 100

// Vouchers lists the actor's vouchers that have not ended, soonest end first.
func (w *Wallet) Vouchers(ctx context.Context, actor market.Actor) (Stubs, error) {
	return w.stubs(ctx, actor, liveMax, func(q db.Querier) ([]voucher.Voucher, error) {
		return voucher.ListLive(ctx, q, actor.AccountID, liveMax+1)
	})
}

// Ended pages through the actor's vouchers that have ended, newest first.
func (w *Wallet) Ended(ctx context.Context, actor market.Actor, before market.VoucherID) (Stubs, error) {
	return w.stubs(ctx, actor, pageSize, func(q db.Querier) ([]voucher.Voucher, error) {
		return voucher.ListEnded(ctx, q, actor.AccountID, before, pageSize+1)
	})
}

func (w *Wallet) stubs(
	ctx context.Context, actor market.Actor, size int, read func(db.Querier) ([]voucher.Voucher, error),
) (Stubs, error) {
	var out Stubs
	if err := right.Check(actor, right.VoucherView, right.Mine(actor.AccountID)); err != nil {
		return out, err
	}
	err := w.db.Read(ctx, func(r *db.ReadTx) error {
		list, err := read(r)
		if err != nil {
			return err
		}
		if out.More = len(list) > size; out.More {
			list = list[:size]
		}
		var ids []market.OrderID
		seen := map[market.OrderID]bool{}
		for _, v := range list {
			if !seen[v.OrderID] {
				seen[v.OrderID] = true
				ids = append(ids, v.OrderID)
			}
		}
		bought, err := catalog.BoughtOf(ctx, r, ids)
		if err != nil {
			return err
		}
		out.List = make([]Stub, len(list))
		for i, v := range list {
			out.List[i] = Stub{v, bought[v.OrderID]}
		}
		return nil
	})
	return out, err
}

// Ticket is one voucher with its codes and its whole history.
type Ticket struct {
	voucher.Voucher
	Bought catalog.Bought
	Deal   deal.Deal
	Seller catalog.Seller
	Places []catalog.Place
	Uses   []voucher.Redemption // newest first
	Refund *payment.Refund      // the one it went into, nil when there is none
	Asks   []feedback.Ask       // newest first
	// Face, Code and FaceB are empty for whoever is not the holder, and for a voucher that cannot be shown any more.
	Face  string
	Code  string
	FaceB string
	Mine  bool
}

// Voucher reads a voucher for whoever may see it.
func (w *Wallet) Voucher(ctx context.Context, actor market.Actor, id market.VoucherID) (Ticket, error) {
	var out Ticket
	err := w.db.Read(ctx, func(r *db.ReadTx) error {
		var err error
		if out.Voucher, err = voucher.Find(ctx, r, id); err != nil {
			return asHidden(actor, err)
		}
		if err := right.Check(actor, right.VoucherView, right.Mine(out.AccountID)); err != nil {
			return err
		}
		return out.fill(ctx, r)
	})
	if err != nil {
		return out, err
	}
	out.Mine = out.AccountID == actor.AccountID
	if !out.Mine || !out.Open() {
		return out, nil
	}
	out.Face, out.Code = w.keys.Face(id), w.keys.Code(id)
	out.FaceB, err = w.keys.FaceB(out.Voucher, w.db.Clock().Now())
	return out, err
}

func (t *Ticket) fill(ctx context.Context, q db.Querier) error {
	bought, err := catalog.BoughtOf(ctx, q, []market.OrderID{t.OrderID})
	if err != nil {
		return err
	}
	t.Bought = bought[t.OrderID]
	if t.Deal, err = deal.Find(ctx, q, t.DealID); err != nil {
		return err
	}
	if t.Seller, t.Places, err = seller(ctx, q, t.MerchantID); err != nil {
		return err
	}
	if t.Uses, err = voucher.RedemptionsOf(ctx, q, t.ID); err != nil {
		return err
	}
	if t.Asks, err = feedback.AsksOfVoucher(ctx, q, t.ID); err != nil {
		return err
	}
	refund, err := voucher.RefundOf(ctx, q, t.ID)
	if err != nil || refund == "" {
		return err
	}
	f, err := payment.FindRefund(ctx, q, refund)
	t.Refund = &f
	return err
}

// Campaign is a deal as its own merchant's question names it; no deal has no title.
func (w *Wallet) Campaign(ctx context.Context, id market.DealID) (catalog.Bought, error) {
	if id == "" {
		return catalog.Bought{}, nil
	}
	cards, err := catalog.ByIDs(ctx, w.db, []market.DealID{id})
	if err != nil || len(cards) == 0 {
		return catalog.Bought{}, err
	}
	return catalog.Bought{DealID: id, Title: cards[0].Title, MerchantName: cards[0].MerchantName}, nil
}

// Satisfaction reads both figures of a subject; they are public.
func (w *Wallet) Satisfaction(ctx context.Context, subject string) (catalog.Satisfaction, error) {
	return catalog.Of(ctx, w.db, subject)
}
