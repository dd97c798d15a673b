package app

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/outcome"
	"github.com/dure-commerce/dure/internal/flow/verify"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/escrow/pass"
	"github.com/dure-commerce/dure/internal/market/escrow/track/inquiry"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/merchant/check/office"
)

// Shares is the way from the start of fulfilment to the release of each member's won.
type Shares struct {
	Deliver *deliver.Deliver
	// Verify has the register of businesses asked about sellers.
	Verify *verify.Verify
}

// wireShares comes after pictures are there.
func (c *Core) wireShares() {
	c.Deliver = deliver.New(deliver.Deps{DB: c.DB, Outcome: outcome.New(c.RefundDue), Passes: pass.Keys{Root: c.Key},
		Tracker: c.Tracker, Maker: c.Maker, Media: c.Media, Log: c.Log})
	c.Verify = verify.New(verify.Deps{DB: c.DB, Register: c.Register, Log: c.Log})
}

// registerShares names the handlers of shares' deadlines.
func (c *Core) registerShares(patient queue.Policy) {
	handle(c, event.JobShareRemind, patient, func(ctx context.Context, j event.ShareJob) error {
		return c.Deliver.RemindSilence(ctx, j)
	})
	handle(c, event.JobDisputeRemind, patient, func(ctx context.Context, j event.ShareJob) error {
		return c.Deliver.RemindTurn(ctx, j)
	})
}

// shareWorkers are the background tasks of shares.
func (c *Core) shareWorkers() []queue.Worker {
	return append(c.Deliver.Workers(), c.Verify.Workers()...)
}

// services opens what is asked about parcels and businesses: the configured ones, or those of the sandbox.
func (o ServerOptions) services(to *CoreOptions, sandbox string) error {
	tracking, register := o.Config.Track, o.Config.Check
	var wire http.RoundTripper
	if o.Config.Sandbox && tracking.URL == "" && register.URL == "" {
		box := ServiceConfig{URL: sandbox, Key: o.Config.Gateway.Key}
		tracking, register, wire = box, box, o.GatewayTransport
	}
	if tracking.URL != "" {
		client, err := inquiry.New(inquiry.Options{URL: tracking.URL, Key: tracking.Key, Transport: wire})
		if err != nil {
			return err
		}
		to.Tracker = client
	}
	if register.URL != "" {
		client, err := office.New(office.Options{URL: register.URL, Key: register.Key, Transport: wire})
		if err != nil {
			return err
		}
		to.Register = client
	}
	return nil
}
