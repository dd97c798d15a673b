package fund

import (
	"context"
	"errors"
	"net/url"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// StartCmd asks for the payment page of a member's share. Asking again for the same gives the same page; it needs no
// other key.
type StartCmd struct {
	WishID    market.WishID
	Quantity  int64
	UnitPrice int64 // as the page showed it, in won
	Agreed    bool
	Above     bool // a yes of its own to a price above the wish's top
	To        collect.Address
	Title     string // what the gateway's page says is bought
}

// Started is the attempt to pay and where the payer goes.
type Started struct {
	Order   collect.Order
	Payment payment.Payment
	URL     string
}

// Start prepares the payment page. Pressed twice, in one tab or in two, it leads to the same page; when the second time
// asks for something else, the first page is good for nothing any more.
func (f *Fund) Start(ctx context.Context, actor market.Actor, cmd StartCmd) (Started, error) {
	s, err := f.agree(ctx, actor, cmd)
	if err != nil {
		return s, err
	}
	if s.Payment.CheckoutURL == "" {
		page, err := f.Gateway.Prepare(ctx, f.page(s.Payment, actor, cmd.Title))
		if err != nil {
			return s, payment.ErrUnreachable.Wrap(err)
		}
		s.Payment.CheckoutKey, s.Payment.CheckoutURL = page.Key, page.URL
		err = f.write(ctx, func(tx *db.Tx) error {
			return payment.SetCheckouts(ctx, tx, []payment.CheckoutOf{{ID: s.Payment.ID, Key: page.Key, URL: page.URL}})
		})
		if err != nil {
			return s, err
		}
	}
	s.URL = s.Payment.CheckoutURL
	return s, nil
}

func (f *Fund) page(p payment.Payment, actor market.Actor, title string) gateway.PrepareRequest {
	back := f.BaseURL + "/pay/" + url.PathEscape(string(p.ID))
	return gateway.PrepareRequest{OrderID: string(p.ID), OrderName: title, Amount: p.Amount,
		SuccessURL: back + "/return", FailURL: back + "/fail", Customer: string(p.AccountID), Locale: actor.Locale}
}

// agree writes what a member agrees to, with the attempt to pay it.
func (f *Fund) agree(ctx context.Context, actor market.Actor, cmd StartCmd) (Started, error) {
	var s Started
	if err := right.Check(actor, right.WishJoin, right.Mine(actor.AccountID)); err != nil {
		return s, err
	}
	err := f.write(ctx, func(tx *db.Tx) error {
		wanted, err := f.wants(ctx, tx, actor, cmd)
		if err != nil {
			return err
		}
		if s.Order, err = f.ordered(ctx, tx, wanted); err != nil {
			return err
		}
		s.Payment, err = f.attempt(ctx, tx, s.Order)
		return err
	})
	return s, err
}

// wants gives the order that a member asks for, or refuses it.
func (f *Fund) wants(ctx context.Context, tx *db.Tx, actor market.Actor, cmd StartCmd) (collect.Order, error) {
	var none collect.Order
	own, err := wish.FindMember(ctx, tx, wish.MemberKey{WishID: cmd.WishID, AccountID: actor.AccountID})
	if err != nil {
		return none, err
	}
	if !own.Counts() {
		return none, collect.ErrFirm
	}
	w, err := wish.Find(ctx, tx, cmd.WishID)
	if err != nil {
		return none, err
	}
	c, err := collect.Find(ctx, tx, cmd.WishID)
	if err != nil {
		return none, err
	}
	e, err := escrow.Find(ctx, tx, cmd.WishID)
	if err != nil {
		return none, err
	}
	o, err := c.Take(collect.Wants{AccountID: actor.AccountID, Quantity: cmd.Quantity, UnitPrice: cmd.UnitPrice,
		Agreed: cmd.Agreed, Above: cmd.Above, To: cmd.To},
		collect.Terms{UnitPrice: e.UnitPrice, TopPrice: w.TopPrice, Parcel: e.Parcel()}, tx.Now())
	if err != nil {
		return none, err
	}
	if e.Parcel() {
		return o, address.Address(o.To).Check()
	}
	return o, nil
}

// ordered brings a member's open order to what is wanted now. Who has a share that stands at the price pays no second.
func (f *Fund) ordered(ctx context.Context, tx *db.Tx, wanted collect.Order) (collect.Order, error) {
	own, err := collect.OwnOrders(ctx, tx, wanted.WishID, wanted.AccountID)
	if err != nil {
		return wanted, err
	}
	if err := f.mayPayAnew(ctx, tx, own); err != nil {
		return wanted, err
	}
	if own.Open == nil {
		wanted.ID = market.OrderID(tx.NewID(market.PrefixOrder))
		return wanted, collect.InsertOrder(ctx, tx, wanted)
	}
	if !own.Open.Same(wanted) {
		if err := f.close(ctx, tx, own.Open.ID); err != nil {
			return wanted, err
		}
	}
	wanted.ID, wanted.Version = own.Open.ID, own.Open.Version+1
	return wanted, collect.SetOrder(ctx, tx, *own.Open, wanted)
}

// mayPayAnew answers whether a member whose order was paid may pay again: its share has ended, or the price rose above
// what was paid.
func (f *Fund) mayPayAnew(ctx context.Context, tx *db.Tx, own collect.Own) error {
	if own.Paid == nil {
		return nil
	}
	s, err := escrow.FindShare(ctx, tx, own.Paid.ID)
	if err != nil {
		return err
	}
	if s.Ended() {
		return collect.Leave(ctx, tx, *own.Paid)
	}
	e, err := escrow.Find(ctx, tx, own.Paid.WishID)
	if err == nil && !e.Underpaid(s) {
		return collect.ErrPaid
	}
	return err
}

// close makes the page of an open attempt good for nothing: what it would pay is wanted no more. One that is being
// captured refuses.
func (f *Fund) close(ctx context.Context, tx *db.Tx, id market.OrderID) error {
	attempts, err := payment.OfOrder(ctx, tx, id)
	if err != nil {
		return err
	}
	p, open, err := payment.Open(attempts)
	if err != nil || !open {
		return err
	}
	n, err := payment.End(ctx, tx, []payment.Ending{{ID: p.ID, State: payment.Expired, Code: "changed",
		Version: p.Version}})
	return once(n, err)
}

// once is the answer of a guard that lets one attempt through.
func once(n int, err error) error {
	if err == nil && n != 1 {
		return collect.ErrMoved
	}
	return err
}

// attempt finds the order's attempt that can still be paid, or makes the next one.
func (f *Fund) attempt(ctx context.Context, tx *db.Tx, o collect.Order) (payment.Payment, error) {
	attempts, err := payment.OfOrder(ctx, tx, o.ID)
	if err != nil {
		return payment.Payment{}, err
	}
	p, open, err := payment.Open(attempts)
	if err != nil || open {
		return p, err
	}
	p = payment.Payment{ID: market.PaymentID(tx.NewID(market.PrefixPayment)), OrderID: o.ID, WishID: o.WishID,
		AccountID: o.AccountID, Gateway: f.GatewayName, Amount: o.Amount(), State: payment.Intent, CreatedAt: tx.Now(),
		Version: 1}
	return p, payment.Insert(ctx, tx, []payment.Payment{p})
}

// PayDirectly plays the payer at the sandbox with an instrument of it: for demonstrations and simulations.
func (f *Fund) PayDirectly(ctx context.Context, actor market.Actor, cmd StartCmd, instrument string) (Paid, error) {
	s, err := f.agree(ctx, actor, cmd)
	if err != nil {
		return Paid{Order: s.Order, Payment: s.Payment}, err
	}
	if s.Payment.CheckoutKey == "" {
		return f.Pay(ctx, s.Payment.ID, gateway.ChargeKey(instrument, string(s.Payment.ID)))
	}
	key, err := f.Simulator.Authorize(ctx, gateway.AuthorizeRequest{CheckoutKey: s.Payment.CheckoutKey,
		Instrument: instrument})
	if err != nil {
		return Paid{Order: s.Order, Payment: s.Payment}, payment.ErrUnreachable.Wrap(err)
	}
	return f.Pay(ctx, s.Payment.ID, key)
}

// pending tells an outcome that is not known yet from one that is.
func pending(err error) bool { return errors.Is(err, payment.ErrPending) }
