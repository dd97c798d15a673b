package deposit

import (
	"context"
	"net/url"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// StartCmd asks for the payment page of a deposit. Asking again for the same gives the same page; it needs no other
// key.
type StartCmd struct {
	WishID     market.WishID
	MerchantID market.MerchantID
	// Total is what should be down together, in won; what is down already is not paid again. Who bids sealed may put
	// down more than asked, so that the sum says nothing of the price.
	Total int64
	Title string // what the gateway's page says is paid; "" for the wish's name
}

// Started is the attempt to pay and where the payer goes.
type Started struct {
	Deposit deposit.Deposit
	Payment payment.Payment
	URL     string
}

// Start prepares the payment page. Pressed twice, in one tab or in two, it leads to the same page; when the second time
// asks for another sum, the first page is good for nothing any more.
func (d *Deposits) Start(ctx context.Context, actor market.Actor, cmd StartCmd) (Started, error) {
	s, err := d.agree(ctx, actor, cmd)
	if err != nil {
		return s, err
	}
	if s.Payment.CheckoutURL == "" {
		if cmd.Title == "" {
			one, err := wish.Find(ctx, d.DB, cmd.WishID)
			if err != nil {
				return s, err
			}
			cmd.Title = one.Name
		}
		back := d.BaseURL + "/pay/" + url.PathEscape(string(s.Payment.ID))
		page, err := d.Gateway.Prepare(ctx, gateway.PrepareRequest{OrderID: string(s.Payment.ID), OrderName: cmd.Title,
			Amount: s.Payment.Amount, SuccessURL: back + "/return", FailURL: back + "/fail",
			Customer: string(s.Payment.AccountID), Locale: actor.Locale})
		if err != nil {
			return s, payment.ErrUnreachable.Wrap(err)
		}
		s.Payment.CheckoutKey, s.Payment.CheckoutURL = page.Key, page.URL
		err = d.write(ctx, func(tx *db.Tx) error {
			return payment.SetCheckouts(ctx, tx, []payment.CheckoutOf{{ID: s.Payment.ID, Key: page.Key, URL: page.URL}})
		})
		if err != nil {
			return s, err
		}
	}
	s.URL = s.Payment.CheckoutURL
	return s, nil
}

// agree writes what a seller is to put down, with the attempt to pay it.
func (d *Deposits) agree(ctx context.Context, actor market.Actor, cmd StartCmd) (Started, error) {
	var s Started
	if err := right.Check(actor, right.BidPlace, right.Of(cmd.MerchantID)); err != nil {
		return s, err
	}
	err := d.write(ctx, func(tx *db.Tx) error {
		a, err := bid.Find(ctx, tx, cmd.WishID)
		if err != nil {
			return err
		}
		if err := a.TakesBids(tx.Now()); err != nil {
			return err
		}
		if err := mayBid(ctx, tx, cmd); err != nil {
			return err
		}
		own, err := deposit.Of(ctx, tx, cmd.WishID, cmd.MerchantID)
		if err != nil {
			return err
		}
		missing, err := rules(tx.Now()).Missing(deposit.Want{Total: cmd.Total, Down: deposit.Sum(own)})
		if err != nil {
			return err
		}
		wanted := deposit.Deposit{WishID: cmd.WishID, MerchantID: cmd.MerchantID, AccountID: actor.AccountID,
			Amount: missing, State: deposit.Open, PolicyID: policy.At(tx.Now()).ID, CreatedAt: tx.Now(), Version: 1}
		if s.Deposit, err = d.ordered(ctx, tx, own, wanted); err != nil {
			return err
		}
		s.Payment, err = d.attempt(ctx, tx, s.Deposit)
		return err
	})
	return s, err
}

// mayBid refuses the won of a seller who could not bid with it.
func mayBid(ctx context.Context, tx *db.Tx, cmd StartCmd) error {
	known, err := catalog.Bidders(ctx, tx, cmd.WishID, []market.MerchantID{cmd.MerchantID})
	if err != nil {
		return err
	}
	k := known[cmd.MerchantID]
	return bid.Bidder{Registered: k.Registered, Member: k.Member}.MayBid(0)
}

// ordered brings a seller's open deposit to what is wanted now.
func (d *Deposits) ordered(ctx context.Context, tx *db.Tx, own []deposit.Deposit, wanted deposit.Deposit,
) (deposit.Deposit, error) {
	open, has := deposit.Unpaid(own)
	if !has {
		wanted.ID = market.OrderID(tx.NewID(market.PrefixOrder))
		return wanted, deposit.Insert(ctx, tx, wanted)
	}
	if open.Same(wanted) {
		return open, nil
	}
	if err := d.close(ctx, tx, open.ID); err != nil {
		return wanted, err
	}
	wanted.ID, wanted.Version = open.ID, open.Version+1
	return wanted, deposit.Set(ctx, tx, open, wanted)
}

// close makes the page of an open attempt good for nothing. One that is being captured refuses.
func (d *Deposits) close(ctx context.Context, tx *db.Tx, id market.OrderID) error {
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
		return deposit.ErrMoved
	}
	return err
}

// attempt finds the deposit's attempt that can still be paid, or makes the next one.
func (d *Deposits) attempt(ctx context.Context, tx *db.Tx, x deposit.Deposit) (payment.Payment, error) {
	attempts, err := payment.OfOrder(ctx, tx, x.ID)
	if err != nil {
		return payment.Payment{}, err
	}
	p, open, err := payment.Open(attempts)
	if err != nil || open {
		return p, err
	}
	p = payment.Payment{ID: market.PaymentID(tx.NewID(market.PrefixPayment)), OrderID: x.ID, WishID: x.WishID,
		Purpose: payment.ForDeposit, AccountID: x.AccountID, Gateway: d.GatewayName, Amount: x.Amount,
		State: payment.Intent, CreatedAt: tx.Now(), Version: 1}
	return p, payment.Insert(ctx, tx, []payment.Payment{p})
}

// PayDirectly plays the payer at the sandbox with an instrument of it: for demonstrations and simulations.
func (d *Deposits) PayDirectly(ctx context.Context, actor market.Actor, cmd StartCmd, instrument string,
) (Paid, error) {
	s, err := d.agree(ctx, actor, cmd)
	if err != nil {
		return Paid{Deposit: s.Deposit, Payment: s.Payment}, err
	}
	if s.Payment.CheckoutKey == "" {
		return d.Pay(ctx, s.Payment.ID, gateway.ChargeKey(instrument, string(s.Payment.ID)))
	}
	key, err := d.Simulator.Authorize(ctx, gateway.AuthorizeRequest{CheckoutKey: s.Payment.CheckoutKey,
		Instrument: instrument})
	if err != nil {
		return Paid{Deposit: s.Deposit, Payment: s.Payment}, payment.ErrUnreachable.Wrap(err)
	}
	return d.Pay(ctx, s.Payment.ID, key)
}
