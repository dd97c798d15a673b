package api

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Order is a purchase.
type Order struct {
	ID        string    `json:"id"`
	Number    string    `json:"number" doc:"What people read out."`
	DealID    string    `json:"deal_id"`
	OptionID  string    `json:"option_id"`
	Quantity  int64     `json:"quantity"`
	UnitPrice int64     `json:"unit_price"`
	Amount    int64     `json:"amount" doc:"Won."`
	State     string    `json:"state" doc:"held, paid, lapsed, cancelled or refunded"`
	HoldUntil time.Time `json:"hold_until"`
	PayURL    string    `json:"pay_url,omitempty"`
	PaidAt    time.Time `json:"paid_at,omitzero"`
	Refunded  int64     `json:"refunded" doc:"Won that went or goes back."`
	Vouchers  []Voucher `json:"vouchers"`
	Refunds   []Refund  `json:"refunds"`
	Version   int64     `json:"version"`
}

// Voucher is the right to what was bought.
type Voucher struct {
	ID         string    `json:"id"`
	OrderID    string    `json:"order_id"`
	DealID     string    `json:"deal_id"`
	MerchantID string    `json:"merchant_id"`
	State      string    `json:"state" doc:"issued, active, used, refund_pending, refunded, expired, …"`
	Code       string    `json:"code,omitempty" doc:"Short code, to show to the shop."`
	QR         string    `json:"qr,omitempty" doc:"What the QR code says."`
	Price      int64     `json:"price"`
	UnitsTotal int64     `json:"units_total"`
	UnitsUsed  int64     `json:"units_used"`
	ValidUntil time.Time `json:"valid_until,omitzero"`
	Version    int64     `json:"version"`
}

// Refund is money on its way back.
type Refund struct {
	ID         string    `json:"id"`
	Amount     int64     `json:"amount"`
	Cause      string    `json:"cause"`
	State      string    `json:"state" doc:"decided, sent, accepted, settled or stuck"`
	DueAt      time.Time `json:"due_at" doc:"End of the legal time."`
	AcceptedAt time.Time `json:"accepted_at,omitzero"`
}

type ordersOutput struct {
	Body struct {
		Orders []Order `json:"orders"`
	}
}

type vouchersOutput struct {
	Body struct {
		Vouchers []Voucher `json:"vouchers"`
	}
}

func (a *api) orderOf(o order.Order, vouchers []voucher.Voucher, refunds []payment.Refund) Order {
	out := a.veiledOrder(o, vouchers, refunds)
	a.unveil(out.Vouchers)
	return out
}

// veiledOrder is an order whose vouchers do not show their secrets.
func (a *api) veiledOrder(o order.Order, vouchers []voucher.Voucher, refunds []payment.Refund) Order {
	out := Order{ID: string(o.ID), Number: o.Number(), DealID: string(o.DealID), OptionID: string(o.OptionID),
		Quantity: o.Quantity, UnitPrice: o.UnitPrice, Amount: o.Amount, State: string(o.State), HoldUntil: o.HoldUntil,
		PaidAt: o.PaidAt, Refunded: o.RefundedWon, Version: o.Version, Vouchers: veiled(vouchers),
		Refunds: []Refund{}}
	if o.Holding() {
		out.PayURL = a.Frame.Base + "/o/" + string(o.ID) + "/pay"
	}
	for _, f := range refunds {
		out.Refunds = append(out.Refunds, Refund{ID: string(f.ID), Amount: f.Amount, Cause: string(f.Cause),
			State: string(f.State), DueAt: f.DueAt, AcceptedAt: f.AcceptedAt})
	}
	return out
}

// vouchersOf gives vouchers with the secrets of those that can still be shown to a shop.
func (a *api) vouchersOf(vouchers []voucher.Voucher) []Voucher {
	out := veiled(vouchers)
	a.unveil(out)
	return out
}

// unveil writes the secrets of vouchers that can still be shown to a shop.
func (a *api) unveil(list []Voucher) {
	for i, v := range list {
		if voucher.State(v.State).Standing() {
			id := market.VoucherID(v.ID)
			list[i].Code, list[i].QR = voucher.Grouped(a.Keys.Code(id)), a.Keys.Face(id)
		}
	}
}

func veiled(vouchers []voucher.Voucher) []Voucher {
	out := make([]Voucher, len(vouchers))
	for i, v := range vouchers {
		out[i] = Voucher{ID: string(v.ID), OrderID: string(v.OrderID), DealID: string(v.DealID),
			MerchantID: string(v.MerchantID), State: string(v.State), Price: v.Price, UnitsTotal: v.UnitsTotal,
			UnitsUsed: v.UnitsUsed, ValidUntil: v.ValidUntil, Version: v.Version}
	}
	return out
}

func (a *api) readOrder(ctx context.Context, actor market.Actor, id market.OrderID) (Order, error) {
	out, err := a.readVeiled(ctx, actor, id)
	a.unveil(out.Vouchers)
	return out, err
}

func (a *api) readVeiled(ctx context.Context, actor market.Actor, id market.OrderID) (Order, error) {
	o, err := order.Find(ctx, a.DB, id)
	if err != nil {
		return Order{}, err
	}
	if err := right.Check(actor, right.OrderView, right.Mine(o.AccountID)); err != nil {
		return Order{}, err
	}
	vouchers, err := voucher.OfOrder(ctx, a.DB, id)
	if err != nil {
		return Order{}, err
	}
	if o.AccountID != actor.AccountID {
		vouchers = nil // the codes are the buyer's alone
	}
	refunds, err := payment.RefundsOf(ctx, a.DB, id)
	return a.veiledOrder(o, vouchers, refunds), err
}

func (a *api) findOrder(ctx context.Context, in *orderInput) (*orderOutput, error) {
	out, err := a.readOrder(ctx, actorOf(ctx), market.OrderID(in.ID))
	return &orderOutput{Body: out}, err
}

func (a *api) listOrders(ctx context.Context, in *Paged) (*ordersOutput, error) {
	orders, err := order.ListByAccount(ctx, a.DB, actorOf(ctx).AccountID, market.OrderID(in.Before), in.Limit)
	if err != nil {
		return nil, err
	}
	out := &ordersOutput{}
	out.Body.Orders = make([]Order, len(orders))
	for i, o := range orders {
		out.Body.Orders[i] = a.orderOf(o, nil, nil)
	}
	return out, nil
}

func (a *api) listVouchers(ctx context.Context, in *Paged) (*vouchersOutput, error) {
	list, err := voucher.ListByAccount(ctx, a.DB, actorOf(ctx).AccountID, market.VoucherID(in.Before), in.Limit)
	if err != nil {
		return nil, err
	}
	out := &vouchersOutput{}
	out.Body.Vouchers = a.vouchersOf(list)
	return out, nil
}
