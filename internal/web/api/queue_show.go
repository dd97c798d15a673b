package api

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
)

// Queue is the caller's place in a deal's waiting room and on its waiting list.
type Queue struct {
	DealID      string `json:"deal_id"`
	Room        string `json:"room" doc:"gathering, drawing, open or closed; empty when there never was one"`
	Standing    string `json:"standing" doc:"outside, present, queued, turn or passed"`
	Place       int64  `json:"place,omitempty"`
	Before      int64  `json:"before" doc:"How many wait in front."`
	Waiting     int64  `json:"waiting" doc:"How many wait at all."`
	LeftUnits   int64  `json:"left_units"`
	HeldUnits   int64  `json:"held_units" doc:"Of buyers who are paying."`
	LikelyGone  bool   `json:"likely_gone" doc:"Those in front will probably take all that is left."`
	WaitFrom    int64  `json:"wait_from,omitempty" doc:"Minutes, by the calls of the last minute."`
	WaitUntil   int64  `json:"wait_until,omitempty"`
	Ticket      string `json:"ticket,omitempty" doc:"For the header Room-Ticket of POST /orders."`
	Commitment  string `json:"commitment" doc:"SHA-256 of the draw's seed, public before the start."`
	Seed        string `json:"seed,omitempty" doc:"After the draw."`
	Digest      string `json:"digest,omitempty" doc:"SHA-256 of the sorted list of those present, after the draw."`
	Mark        string `json:"mark,omitempty" doc:"By which the caller finds itself in the public list."`
	Waitlist    string `json:"waitlist,omitempty" doc:"waiting, offered or ended"`
	WaitBefore  int64  `json:"waitlist_before,omitempty"`
	OfferedID   string `json:"offered_order_id,omitempty" doc:"The held order that was offered."`
	RetryAfter  int64  `json:"retry_after,omitempty" doc:"Seconds after which to ask again."`
	JoinAddress string `json:"page"`
}

type queueInput struct {
	ID string `path:"id" maxLength:"40"`
}

type queueOutput struct {
	RetryAfter string `header:"Retry-After"`
	Body       Queue
}

// waits describes what a shut waiting room answers to a purchase.
func waits(o *huma.Operation) {
	o.Description = "While a waiting room stands in front of the deal, a caller who was not called gets a place and the " +
		"problem 503 `room.waiting` with Retry-After and the arguments Place, Before and Ticket. Ask again with the same " +
		"Idempotency-Key and the ticket in the header Room-Ticket. While places are being drawn the code is " +
		"`room.drawing`; 409 `waitlist.first` keeps units that came back for those who waited for them."
}

func (a *api) queueRoutes() {
	if a.Admit == nil {
		return
	}
	get(a, "/deals/{id}/queue", "Own place in the waiting room and on the waiting list", a.showQueue)
}

func (a *api) showQueue(ctx context.Context, in *queueInput) (*queueOutput, error) {
	id := market.DealID(in.ID)
	err := a.DB.Read(ctx, func(q *db.ReadTx) error {
		_, err := catalog.Find(ctx, q, id, q.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	v, err := a.Admit.Look(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &queueOutput{Body: Queue{DealID: in.ID, Room: string(v.Room.State), Standing: string(v.Standing),
		Place: v.Place.Number, Before: v.Before, Waiting: v.Room.Waiting(), LeftUnits: max(v.Stock.Free, 0),
		HeldUnits: v.Stock.Held, LikelyGone: v.LikelyGone, Ticket: v.Ticket, Commitment: v.Commitment, Seed: v.Room.Seed,
		Digest: v.Room.Digest, Mark: v.Place.Mark, Waitlist: string(v.Wish.State), WaitBefore: v.WishBefore,
		OfferedID: string(v.Wish.OrderID), RetryAfter: v.Retry, JoinAddress: a.Frame.Base + "/d/" + in.ID + "/room"}}
	if v.Timed {
		out.Body.WaitFrom, out.Body.WaitUntil = int64(v.From.Minutes()), int64(v.Until.Minutes())
	}
	if v.Retry > 0 {
		out.RetryAfter = strconv.FormatInt(v.Retry, 10)
	}
	return out, nil
}
