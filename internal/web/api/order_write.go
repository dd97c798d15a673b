package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/replay"
	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
)

type placeInput struct {
	Keyed
	Ticket string `header:"Room-Ticket" maxLength:"100" doc:"Of the waiting room, as the 503 room.waiting gave it."`
	Body   struct {
		DealID   string `json:"deal_id" maxLength:"40"`
		OptionID string `json:"option_id" maxLength:"40"`
		Quantity int64  `json:"quantity" minimum:"1" maximum:"100"`
	}
}

type orderOutput struct {
	Body Order
}

type orderInput struct {
	ID string `path:"id" maxLength:"40"`
}

type cancelInput struct {
	Keyed
	ID string `path:"id" maxLength:"40"`
}

type payInput struct {
	Keyed
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Method     string `json:"method" enum:"sandbox"`
		Instrument string `json:"instrument" enum:"ok,decline,timeout_charged"`
	}
}

func (a *api) orderRoutes() {
	a.queueRoutes()
	post(a, "/orders", "Hold units of an option for some minutes", a.placeOrder, status(http.StatusCreated), waits)
	get(a, "/orders", "Own orders, newest first", a.listOrders)
	get(a, "/orders/{id}", "One order with its vouchers and refunds", a.findOrder)
	post(a, "/orders/{id}/cancel", "Give a hold up, or ask for the money back", a.cancelOrder)
	if a.Simulator != nil {
		post(a, "/orders/{id}/payments", "Pay with a sandbox instrument, without the page", a.payOrder,
			status(http.StatusCreated))
	}
	get(a, "/vouchers", "Own vouchers, newest first", a.listVouchers)
}

func (a *api) placeOrder(ctx context.Context, in *placeInput) (*orderOutput, error) {
	placed, err := a.Checkout.Place(ctx, checkout.PlaceCmd{Actor: actorOf(ctx), DealID: market.DealID(in.Body.DealID),
		OptionID: market.OptionID(in.Body.OptionID), Quantity: in.Body.Quantity, PolicyID: a.PolicyID(), Key: in.Key,
		Ticket: in.Ticket})
	if err != nil {
		return nil, err
	}
	return &orderOutput{Body: a.orderOf(placed.Order, nil, nil)}, nil
}

// payOrder plays the payer at the sandbox and captures; an order that is paid already answers as it is. The answer is
// kept without the vouchers' secrets, which never stand in the database.
func (a *api) payOrder(ctx context.Context, in *payInput) (*orderOutput, error) {
	actor, id := actorOf(ctx), market.OrderID(in.ID)
	cmd := replay.Command{Actor: actor, Step: "api.pay", Key: in.Key, Body: []any{in.ID, in.Body}}
	out, err := replay.Within(ctx, a.answers, cmd, func(ctx context.Context, row replay.Row[Order]) (Order, bool, error) {
		done, err := a.Checkout.PayDirectly(ctx, actor, checkout.DirectCmd{OrderID: id,
			Instrument: in.Body.Instrument, Keep: func(c checkout.Confirmed) answer.Row {
				return row(a.veiledOrder(c.Order, c.Vouchers, nil))
			}})
		if err == nil && done.Paid {
			return a.veiledOrder(done.Order, done.Vouchers, nil), true, nil
		}
		if err != nil && !errors.Is(err, payment.ErrOver) {
			return Order{}, false, err
		}
		out, err := a.readVeiled(ctx, actor, id)
		return out, false, err
	})
	a.unveil(out.Vouchers)
	return &orderOutput{Body: out}, err
}

// cancelOrder gives a hold up, or decides the refund of a paid order; what has ended answers as it is.
func (a *api) cancelOrder(ctx context.Context, in *cancelInput) (*orderOutput, error) {
	actor, id := actorOf(ctx), market.OrderID(in.ID)
	cmd := replay.Command{Actor: actor, Step: "api.cancel", Key: in.Key, Body: in.ID}
	out, err := replay.Do(ctx, a.answers, cmd, func(ctx context.Context) (Order, error) {
		o, err := order.Find(ctx, a.DB, id)
		if err != nil {
			return Order{}, err
		}
		if err := right.Check(actor, right.OrderCancel, right.Mine(o.AccountID)); err != nil {
			return Order{}, err
		}
		switch {
		case o.Holding():
			_, err = a.Checkout.CancelHold(ctx, actor, id)
		case o.State == order.Paid:
			_, err = a.Refunds.Cancel(ctx, actor, id)
		}
		if err != nil {
			return Order{}, err
		}
		return a.readVeiled(ctx, actor, id)
	})
	a.unveil(out.Vouchers)
	return &orderOutput{Body: out}, err
}
