package checkout

import (
	"context"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/gather"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Deps are what the journey works with.
type Deps struct {
	DB          *db.DB
	Lanes       *lane.Lane
	Gateway     gateway.Gateway
	GatewayName string // the ledger's party of account 1100
	Simulator   gateway.Simulator
	Keys        voucher.Keys
	RefundDue   func(requested time.Time) time.Time // end of the legal time to refund
	BaseURL     string                              // where the gateway sends the payer back to
	// Admit answers whether somebody may hold units now, or has to wait; turn tells that the purchase ends a turn in a
	// waiting room. nil admits everybody.
	Admit func(ctx context.Context, from room.Arrival) (turn bool, err error)
	Log   *slog.Logger
}

// Checkout runs the journey.
type Checkout struct {
	Deps
	placing    *lane.Step[PlaceCmd, Placed]
	paging     *lane.Step[opening, struct{}]
	beginning  *lane.Step[BeginCmd, Begun]
	confirming *lane.Step[ConfirmCmd, Confirmed]
	attempts   *gather.Group[market.OrderID, []payment.Payment]
	last       placedLast
}

// New registers the steps with the lanes.
func New(deps Deps) *Checkout {
	c := &Checkout{Deps: deps}
	c.placing = lane.Register(deps.Lanes, "checkout.place", c.PlaceBatch)
	c.paging = lane.Register(deps.Lanes, "checkout.page", c.pageBatch)
	c.beginning = lane.Register(deps.Lanes, "checkout.begin", c.BeginBatch)
	c.confirming = lane.Register(deps.Lanes, "checkout.confirm", c.ConfirmBatch)
	c.attempts = gather.New(func(ctx context.Context, ids []market.OrderID) (map[market.OrderID][]payment.Payment, error) {
		return payment.OfOrders(ctx, c.DB, ids)
	})
	return c
}
