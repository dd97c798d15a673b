package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/fund/tell"
	"github.com/dure-commerce/dure/internal/flow/outcome"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/payment"
	funding "github.com/dure-commerce/dure/internal/web/fund"
)

// wireFund comes when the gateway is known.
func (c *Core) wireFund() {
	c.Outcome = outcome.New(c.RefundDue)
	c.Fund = fund.New(fund.Deps{DB: c.DB, Lanes: c.Lanes, Gateway: c.Gateway, GatewayName: c.GatewayName,
		Simulator: c.Simulator, RefundDue: c.RefundDue, BaseURL: c.BaseURL, Outcome: c.Outcome, Again: c.Wanted.Again,
		Log: c.Log})
	c.Deposits = deposit.New(deposit.Deps{DB: c.DB, Gateway: c.Gateway, GatewayName: c.GatewayName,
		Simulator: c.Simulator, RefundDue: c.RefundDue, BaseURL: c.BaseURL, Log: c.Log})
}

// fundWait is how soon the end of paying looks again whether the gateway has answered.
const fundWait = 15 * time.Second

// registerFund names the handlers of the time in which a crowd pays.
func (c *Core) registerFund(patient queue.Policy) {
	handle(c, event.JobFundOpen, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Fund.Open(ctx, j.WishID)
	})
	for kind, step := range map[string]func(context.Context, event.FundJob) error{
		event.JobFundClose: c.Fund.Close, event.JobFundAnswer: c.Fund.Silence, event.JobFundConsent: c.Fund.Consent,
		event.JobFundEmpty: c.Fund.Empty, event.JobFundTell: func(ctx context.Context, j event.FundJob) error {
			return tell.Step(ctx, c.DB, j)
		},
	} {
		handle(c, kind, patient, func(ctx context.Context, j event.FundJob) error {
			err := step(ctx, j)
			if errors.Is(err, fund.ErrWait) {
				return queue.Later(fundWait)
			}
			return err
		})
	}
}

// fundWorkers look up payments of wishes that nobody knows the outcome of, and end deposits of bids that are over.
func (c *Core) fundWorkers() []queue.Worker {
	return []queue.Worker{{Name: "resolve_shares", RunOnce: c.Fund.ResolveOpen, Poll: fund.ResolveEvery},
		{Name: "resolve_deposits", RunOnce: c.Deposits.ResolveOpen, Poll: deposit.ResolveEvery},
		{Name: "deposits", RunOnce: c.Deposits.SettleOnce, Poll: deposit.SettleEvery}}
}

// resolveShare is ResolvePayment for a member's share of a wish.
func (c *Core) resolveShare(ctx context.Context, p payment.Payment, key string) error {
	if p.State == payment.Intent && key != "" {
		_, err := c.Fund.Pay(ctx, p.ID, key)
		return err
	}
	_, err := c.Fund.Resolve(ctx, p)
	return err
}

// resolveDeposit is ResolvePayment for a deposit of a bid.
func (c *Core) resolveDeposit(ctx context.Context, p payment.Payment, key string) error {
	if p.State == payment.Intent && key != "" {
		_, err := c.Deposits.Pay(ctx, p.ID, key)
		return err
	}
	_, err := c.Deposits.Resolve(ctx, p)
	return err
}

// fundPages mounts the pages on which members pay.
func (s *Server) fundPages(mux *http.ServeMux, payOrigins []string) {
	funding.Routes(mux, funding.Deps{Frame: s.Frame, DB: s.DB, Fund: s.Fund, PayOrigins: payOrigins})
}
