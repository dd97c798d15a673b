package app

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/order"
)

// Rooms is what waiting rooms and waiting lists need.
type Rooms struct {
	Admit *admit.Admit
}

// wireRooms comes before checkout, which asks who may pass.
func (c *Core) wireRooms() {
	c.Rooms = Rooms{Admit: admit.New(admit.Deps{DB: c.DB, Lanes: c.Lanes, Key: c.Key, Log: c.Log, Hold: c.holdForOthers})}
}

// holdForOthers makes the holds that the waiting list offers, by checkout's own step.
func (c *Core) holdForOthers(ctx context.Context, cmds []admit.HoldCmd) []lane.Answer[order.Order] {
	places := make([]checkout.PlaceCmd, len(cmds))
	for i, cmd := range cmds {
		places[i] = checkout.PlaceCmd{Actor: cmd.Actor, DealID: cmd.DealID, OptionID: cmd.OptionID, Quantity: 1,
			PolicyID: c.policyID(), Key: cmd.Key, HoldFor: cmd.For}
	}
	out := make([]lane.Answer[order.Order], len(cmds))
	for i, a := range c.Checkout.PlaceMany(ctx, places) {
		out[i] = lane.Answer[order.Order]{Value: a.Value.Order, Err: a.Err}
	}
	return out
}

// roomPoll is how often a node looks at its rooms: as long may what it remembers be old.
const roomPoll = 500 * time.Millisecond

func (c *Core) roomWorkers() []queue.Worker {
	return []queue.Worker{{Name: "rooms", RunOnce: c.Admit.RunOnce, Poll: roomPoll, Rest: roomPoll}}
}
