package wallet

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Wallet reads.
type Wallet struct {
	db   *db.DB
	keys voucher.Keys
}

// New makes a wallet over a database.
func New(d *db.DB, keys voucher.Keys) *Wallet { return &Wallet{d, keys} }

// pageSize is how many lines a list shows at a time.
const pageSize = 20

// Purchase is one line of the list of orders.
type Purchase struct {
	order.Order
	Bought catalog.Bought
}

// Purchases is one page of orders; More tells that older ones follow the last.
type Purchases struct {
	List []Purchase
	More bool
}

// Orders pages through the actor's orders, newest first; before "" begins at the newest.
func (w *Wallet) Orders(ctx context.Context, actor market.Actor, before market.OrderID) (Purchases, error) {
	var out Purchases
	if err := right.Check(actor, right.OrderView, right.Mine(actor.AccountID)); err != nil {
		return out, err
	}
	err := w.db.Read(ctx, func(r *db.ReadTx) error {
		list, err := order.ListByAccount(ctx, r, actor.AccountID, before, pageSize+1)
		if err != nil {
			return err
		}
		if out.More = len(list) > pageSize; out.More {
			list = list[:pageSize]
		}
		ids := make([]market.OrderID, len(list))
		for i, o := range list {
			ids[i] = o.ID
		}
		bought, err := catalog.BoughtOf(ctx, r, ids)
		if err != nil {
			return err
		}
		out.List = make([]Purchase, len(list))
		for i, o := range list {
			out.List[i] = Purchase{o, bought[o.ID]}
		}
		return nil
	})
	return out, err
}

// Receipt is one order with everything that happened to its money.
type Receipt struct {
	order.Order
	Bought   catalog.Bought
	Deal     deal.Deal
	Terms    deal.Terms
	Seller   catalog.Seller
	Places   []catalog.Place
	Payments []payment.Payment
	Refunds  []payment.Refund
	Vouchers []voucher.Voucher
}

// Order reads an order for whoever may see it.
func (w *Wallet) Order(ctx context.Context, actor market.Actor, id market.OrderID) (Receipt, error) {
	var out Receipt
	err := w.db.Read(ctx, func(r *db.ReadTx) error {
		var err error
		if out.Order, err = order.Find(ctx, r, id); err != nil {
			return asHidden(actor, err)
		}
		if err := right.Check(actor, right.OrderView, right.Mine(out.AccountID)); err != nil {
			return err
		}
		return out.fill(ctx, r)
	})
	return out, err
}

func (o *Receipt) fill(ctx context.Context, q db.Querier) error {
	var err error
	bought, err := catalog.BoughtOf(ctx, q, []market.OrderID{o.ID})
	if err != nil {
		return err
	}
	o.Bought = bought[o.ID]
	if o.Deal, err = deal.Find(ctx, q, o.DealID); err != nil {
		return err
	}
	if o.Terms, err = deal.FindTerms(ctx, q, o.DealID, o.TermsVersion); err != nil {
		return err
	}
	if o.Seller, o.Places, err = seller(ctx, q, o.MerchantID); err != nil {
		return err
	}
	if o.Payments, err = payment.OfOrder(ctx, q, o.ID); err != nil {
		return err
	}
	if o.Refunds, err = payment.RefundsOf(ctx, q, o.ID); err != nil {
		return err
	}
	o.Vouchers, err = voucher.OfOrder(ctx, q, o.ID)
	return err
}

func seller(ctx context.Context, q db.Querier, id market.MerchantID) (catalog.Seller, []catalog.Place, error) {
	s, err := catalog.FindSeller(ctx, q, id)
	if err != nil {
		return s, nil, err
	}
	places, err := catalog.Places(ctx, q, []market.MerchantID{id})
	return s, places[id], err
}

// asHidden makes what is not there look like what is somebody else's.
func asHidden(actor market.Actor, err error) error {
	switch {
	case !errors.Is(err, order.ErrNotFound) && !errors.Is(err, voucher.ErrNotYours):
		return err
	case !actor.SignedIn():
		return right.ErrSignIn
	}
	return right.ErrHidden
}
