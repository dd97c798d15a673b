package publish

import (
	"context"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
)

// ScheduleCmd picks a submitted deal. Zero times keep the merchant's own window.
type ScheduleCmd struct {
	DealID     market.DealID
	StartsAt   time.Time
	EndsAt     time.Time
	PublicFrom time.Time // zero: from now on, as 예고
}

// Schedule picks a deal from the queue: its terms come into force, the commission is frozen, the page is public.
func (p *Publish) Schedule(ctx context.Context, actor market.Actor, cmd ScheduleCmd) (deal.Deal, error) {
	return p.step(ctx, actor, cmd.DealID, right.DealReview, func(tx *db.Tx, d deal.Deal) error {
		to, err := deal.Next(d.State, deal.ActSchedule, deal.ByOperator)
		if err != nil {
			return err
		}
		if err := p.maySell(ctx, tx, d); err != nil {
			return err
		}
		offer, terms, err := p.load(ctx, tx, d)
		if err != nil {
			return err
		}
		offer = offer.Moved(cmd.StartsAt, cmd.EndsAt)
		limits, policyID := p.Limits(tx.Now())
		if err := offer.Check(limits, tx.Now()); err != nil {
			return err
		}
		terms.CommissionBP, terms.PolicyID = limits.CommissionBP, policyID
		if terms.WonTable, err = p.table(offer, limits, tx.Now()); err != nil {
			return err
		}
		terms.State = deal.TermsInForce
		if ok, err := deal.SaveTerms(ctx, tx, terms); err != nil || !ok {
			return changed(err)
		}
		if p.Index != nil {
			if err := p.Index(ctx, tx, d.ID, terms.Title, terms.Summary); err != nil {
				return err
			}
		}
		window := deal.Publicity(offer.StartsAt, offer.EndsAt, cmd.PublicFrom, tx.Now())
		tx.Enqueue(db.Job{Kind: event.JobDealOpen, Key: string(d.ID), Payload: event.DealJob{DealID: d.ID},
			Due: offer.StartsAt})
		tx.Enqueue(db.Job{Kind: event.JobDealClose, Key: deal.CloseKey(d.ID, offer.EndsAt),
			Payload: event.DealJob{DealID: d.ID}, Due: offer.EndsAt})
		return move(ctx, tx, moving{actor: actor, deal: d, action: "schedule", step: deal.Step{ID: d.ID, From: d.State,
			To: to, StartsAt: offer.StartsAt, EndsAt: offer.EndsAt, PublicFrom: window.From, PublicUntil: window.Until}})
	})
}

// TryPrice is what happens when anybody but the merchant wants another price: refused, and written down.
func (p *Publish) TryPrice(ctx context.Context, actor market.Actor, id market.DealID, wanted int64) error {
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := deal.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := right.Check(actor, right.DealView, right.Of(d.MerchantID)); err != nil {
			return err
		}
		detail := strconv.FormatInt(wanted, 10)
		if err := deal.Log(ctx, tx, deal.LogLine{DealID: id, Actor: actor.Key(), Action: "price_refused",
			Detail: detail}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Act{Action: "deal.price_refused", Resource: string(id), Detail: detail})
	})
	if err != nil {
		return err
	}
	return deal.ErrPriceFixed
}
