package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/flow/tipping"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// registerJobs names the handler of every kind of job.
//
//	kind              emitted by                    deadline            list when stuck
//	deal.open         publish (schedule)            start of the sale   console: stuck work
//	deal.close        publish, tipping (extend)     end of the sale     console: stuck work
//	deal.decide       tipping (close)               15 min              console: stuck work
//	deal.ask_over     tipping (decide)              24 h                console: stuck work
//	deal.activate     checkout (tip), tipping       seconds             console: stuck work
//	deal.refund       tipping (fail, cancel)        seconds             console: stuck money
//	payment.resolve   a gateway's notice            minutes             console: stuck money
//	mail.send         whoever writes a letter       an hour             console: stuck work
//	signup.*          signup                        minutes             console: stuck work
//	enroll.*          enroll                        hours               console: stuck work
//	refund.send       refund, checkout (late)       3 business days     console: stuck money
//	refund.grant      settle (answer)               a day               console: stuck money
//	payout.send       settle (payouts, release)     the business day    console: stuck money
//	interest.send     refund (late), interest       minutes             console: stuck money
//	wish.expire       wanted (post)                 its author's day    console: stuck work
//	auction.close     wanted (point), auction       3 days, and more    console: stuck work
//	auction.award     auction (close)               a day               console: stuck work
//	fund.*            auction (award), fund         2 days, and more    console: stuck work
//	wish.tell         announce (feed)               minutes             console: stuck work
//	wish.bring        merge (agree)                 minutes             console: stuck work
//	merger.lapse      merge (propose)               3 days              console: stuck work
//	share.remind      deliver (delivered, wait)     2 days before       console: stuck work
//	dispute.remind    deliver (a dispute's turns)   2 days before       console: stuck work
//	transfer.look     the bank's notice             minutes             console: stuck money
//	transfer.send     custody (sweep, top-up)       the business day    console: stuck money
func (c *Core) registerJobs() {
	patient := queue.Policy{AttemptsMax: 60, Backoff: queue.Backoff{First: time.Second, Max: 15 * time.Minute}}
	c.dealJob(event.JobDealOpen, func(ctx context.Context, j event.DealJob) error {
		return c.Tipping.Open(ctx, j.DealID)
	})
	c.dealJob(event.JobDealClose, func(ctx context.Context, j event.DealJob) error {
		return c.Tipping.Close(ctx, j.DealID)
	})
	c.dealJob(event.JobDealDecide, func(ctx context.Context, j event.DealJob) error {
		err := c.Tipping.Decide(ctx, j.DealID)
		if errors.Is(err, tipping.ErrWait) {
			return queue.Later(tipping.WaitTime)
		}
		return err
	})
	c.dealJob(event.JobDealAskOver, func(ctx context.Context, j event.DealJob) error {
		return c.Tipping.AskOver(ctx, j.DealID)
	})
	c.dealJob(event.JobDealActivate, func(ctx context.Context, j event.DealJob) error {
		return c.Tipping.Activate(ctx, j.DealID)
	})
	c.dealJob(event.JobDealRefund, func(ctx context.Context, j event.DealJob) error {
		return c.Refunds.Deal(ctx, j.DealID, payment.Cause(j.Cause))
	})
	handle(c, event.JobPaymentCheck, patient, func(ctx context.Context, j event.PaymentJob) error {
		return c.ResolvePayment(ctx, j)
	})
	c.Queue.Handle(letter.Kind, patient, c.Post.Deliver)
	c.Queue.Handle(signup.KindGreet, patient, c.Signup.Greet)
	c.Queue.Handle(signup.KindReset, patient, c.Signup.MailReset)
	c.Queue.Handle(signup.KindWelcome, patient, c.Signup.Welcome)
	c.Queue.Handle(signup.KindAlarm, patient, c.Signup.Alarm)
	c.registerSettlement(patient)
	c.registerShops(patient)
	c.registerWishes(patient)
	c.registerShares(patient)
	c.registerFund(patient)
	handle(c, event.JobRefundSend, patient, func(ctx context.Context, j event.RefundJob) error {
		return c.Refunds.Send(ctx, j.RefundID)
	})
}

func (c *Core) dealJob(kind string, fn func(context.Context, event.DealJob) error) {
	handle(c, kind, queue.Policy{}, fn)
}

// handle decodes a job's payload before its handler runs; a payload that cannot be read will never be.
func handle[P any](c *Core, kind string, policy queue.Policy, fn func(context.Context, P) error) {
	c.Queue.Handle(kind, policy, func(ctx context.Context, job queue.Job) error {
		var payload P
		if err := json.Unmarshal([]byte(job.Payload), &payload); err != nil {
			return queue.Hopeless(fmt.Errorf("payload: %w", err))
		}
		return fn(ctx, payload)
	})
}

// ResolvePayment looks into one attempt that the gateway spoke of. A payer who authorised and never came back is
// captured here; everything else is looked up.
func (c *Core) ResolvePayment(ctx context.Context, j event.PaymentJob) error {
	p, err := payment.Find(ctx, c.DB, j.PaymentID)
	if err != nil || p.Ended() {
		return err
	}
	if p.OfDeposit() {
		err = c.resolveDeposit(ctx, p, j.Key)
	} else if p.OfWish() {
		err = c.resolveShare(ctx, p, j.Key)
	} else if p.State == payment.Intent && j.Key != "" {
		_, err = c.Checkout.Pay(ctx, checkout.PayCmd{PaymentID: p.ID, PaymentKey: j.Key})
	} else {
		_, err = c.Checkout.Resolve(ctx, p)
	}
	if fail.KindOf(err) == fail.Internal || fail.KindOf(err) == fail.Unavailable {
		return err
	}
	return nil
}

// registerSettlement names the handlers of jobs about merchants' money.
func (c *Core) registerSettlement(patient queue.Policy) {
	handle(c, event.JobPayoutSend, patient, func(ctx context.Context, j event.PayoutJob) error {
		return c.Settle.Send(ctx, j.PayoutID)
	})
	handle(c, event.JobTransferSend, patient, func(ctx context.Context, j event.TransferJob) error {
		return c.Custody.SendTransfer(ctx, j.TransferID)
	})
	handle(c, event.JobInterestSend, patient, func(ctx context.Context, j event.InterestJob) error {
		return c.Custody.Interest.Send(ctx, j.InterestID)
	})
	handle(c, event.JobTransferLook, patient, func(ctx context.Context, j event.LookJob) error {
		return c.Custody.Look(ctx, j.Reference)
	})
	handle(c, event.JobRefundGrant, patient, func(ctx context.Context, j event.GrantJob) error {
		_, err := c.Refunds.Grant(ctx, market.System(), refund.GrantCmd{RedemptionID: j.RedemptionID, Won: j.Won,
			Reason: j.Reason, Key: j.Key})
		return err
	})
}
