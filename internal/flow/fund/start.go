package fund

import (
	"context"
	"net/url"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
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
		page, err := f.Gateway.Prepare(ctx, f.checkout(s.Payment, actor, cmd.Title))
		if err != nil {
			return s, payment.ErrUnreachable.Wrap(err)
		}
		s.Payment.CheckoutKey, s.Payment.CheckoutURL = page.Key, page.URL
		opened := payment.CheckoutOf{ID: s.Payment.ID, Key: page.Key, URL: page.URL}
		if _, err := f.paged.Do(ctx, string(cmd.WishID), opened); err != nil {
			return s, err
		}
	}
	s.URL = s.Payment.CheckoutURL
	return s, nil
}

// pageBatch notes pages that the gateway has prepared.
func (f *Fund) pageBatch(
	ctx context.Context, tx *db.Tx, pages []payment.CheckoutOf,
) ([]lane.Answer[struct{}], error) {
	last := map[market.PaymentID]int{}
	for i, p := range pages {
		last[p.ID] = i
	}
	var once []payment.CheckoutOf
	for i, p := range pages {
		if last[p.ID] == i {
			once = append(once, p)
		}
	}
	return make([]lane.Answer[struct{}], len(pages)), payment.SetCheckouts(ctx, tx, once)
}

func (f *Fund) checkout(p payment.Payment, actor market.Actor, title string) gateway.PrepareRequest {
	back := f.BaseURL + "/pay/" + url.PathEscape(string(p.ID))
	return gateway.PrepareRequest{OrderID: string(p.ID), OrderName: title, Amount: p.Amount,
		SuccessURL: back + "/return", FailURL: back + "/fail", Customer: string(p.AccountID), Locale: actor.Locale}
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
